"""What the program's exit status says."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The program's last word to whoever called it."""

    DONE = 0
    FAILED = 1  # content, settings, theme or deployment
    USAGE = 2
    DUE = 3  # something was not announced, and is due again
    IN_DOUBT = 4  # a person must look
    INTERRUPTED = 130  # 128 + SIGINT
    TERMINATED = 143  # 128 + SIGTERM
    UNREAD = 141  # 128 + SIGPIPE: nobody reads what we say
