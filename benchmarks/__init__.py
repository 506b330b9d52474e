"""Litfass and its peers side by side, on the same posts, on one machine, in one run."""
