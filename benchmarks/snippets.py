"""Code for the posts to show: Python, Bash and JSON, all of it valid."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from benchmarks.vocabulary import ENGLISH, GERMAN, NAMES

__all__ = ["LANGUAGES", "snippet"]


def snippet(random: Random) -> str:
    """Return a fenced block of code in one of our languages; half of them are Python."""
    language = random.choice(("python", "python", "bash", "json"))
    return f"```{language}\n{LANGUAGES[language](random)}\n```"


def _python(random: Random) -> str:
    functions = (_function(random) for _ in range(random.randint(1, 3)))
    return "\n\n\n".join(("from collections import Counter\nfrom pathlib import Path", *functions))


def _function(random: Random) -> str:
    one, many, other = random.sample(NAMES, 3)
    return f'''\
def {one}_of_{many}({many}, path="{other}.txt", limit={random.randrange(2, 500)}):
    """Count every {one} up to the limit."""
    seen = Counter()
    for number, {one} in enumerate({many}, start=1):
        if not {one} or number > limit:
            break  # enough
        seen[{one}.strip().lower()] += {random.randrange(1, 9)}
    lines = [f"{{name}} {{times:>6}}" for name, times in seen.most_common()]
    Path(path).write_text("\\n".join(lines), "utf-8")
    return sum(seen.values()) / {random.uniform(1, 60):.3f}'''


def _bash(random: Random) -> str:
    steps = (_step(random) for _ in range(random.randint(2, 5)))
    return "\n".join(("#!/bin/bash", "set -eu", "", *steps))


def _step(random: Random) -> str:
    one, other = random.sample(NAMES, 2)
    return random.choice(_STEPS).format(
        one=one, other=other, ONE=one.upper(), OTHER=other.upper(), number=random.randrange(2, 40)
    )


_STEPS = (
    """\
{ONE}="${{{OTHER}:-/srv/{one}}}"
install -d -m 750 "${ONE}"  # {other}""",
    """\
find {one} -name "*.{other}" -mtime +{number} -print0 |
  xargs -0 --no-run-if-empty rm""",
    """\
for {one} in {other}/*.md; do
  wc -w < "${one}" >> "{one}.{number}"
done""",
    """\
if ! grep -q '^{one}=' /etc/{other}.conf; then
  echo "{one}={number}" | tee -a /etc/{other}.conf
fi""",
)


def _json(random: Random) -> str:
    names = random.sample(NAMES, random.randint(3, 8))
    table = {name: _value(random) for name in names}
    return json.dumps(table, indent=2, ensure_ascii=False)


def _value(random: Random) -> object:
    return random.choice(
        (
            random.randrange(10_000),
            round(random.random(), 4),
            random.choice((True, False, None)),
            random.choice(ENGLISH),
            random.choice(GERMAN),
            [random.randrange(100) for _ in range(4)],
            {random.choice(NAMES): random.choice(ENGLISH), "at": random.randrange(10_000)},
        )
    )


LANGUAGES: dict[str, Callable[[Random], str]] = {"python": _python, "bash": _bash, "json": _json}
