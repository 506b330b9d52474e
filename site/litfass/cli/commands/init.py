"""`litfass init`: a blog, begun."""

from __future__ import annotations

import os
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from litfass.cli.commands.new import new_id
from litfass.cli.exits import Exit
from litfass.cli.opening import now
from litfass.cli.screen import Screen
from litfass.starter import Beginning, begin, timezone_here

NOTHING: dict[str, object] = {"directory": None, "files": []}


def run(args: Namespace, screen: Screen) -> Exit:
    """Begin a blog. Raises LitfassError when the folder is in use or an option is wrong."""
    timezone, moment = _time(args.language)
    beginning = Beginning(
        language=args.language,
        moment=moment,
        timezone=timezone,
        post=new_id(),
        title=args.title,
        url=args.url,
        author=args.author,
    )
    folder = Path(args.folder, args.directory)
    files = begin(folder, beginning)
    screen.say(f"{folder}{os.sep} is a blog now. Go there and look at it:\n")
    screen.say(f"  cd {folder}\n  litfass serve\n")
    screen.say(f"Its settings are in {folder / 'litfass.toml'}.")
    screen.result({"directory": str(folder), "files": list(files)})
    return Exit.DONE


def _time(language: str) -> tuple[str, datetime]:
    """Return the blog's time zone, and the time there."""
    here = timezone_here()
    unknown = here not in available_timezones() or here.upper() in {"UTC", "ETC/UTC"}
    zone = ("Europe/Berlin" if language == "de" else "UTC") if unknown else here
    return zone, now().astimezone(ZoneInfo(zone)).replace(microsecond=0)
