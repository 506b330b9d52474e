"""The commands, a module each: `run` does it, `NOTHING` is what a program reads when it failed."""
