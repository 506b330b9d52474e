"""What connecting an account writes: its table, its secrets, and a line that git needs.

The files are a person's own. What stands in them stays, byte by byte; each is replaced in one go.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litfass.bridge import keys
from litfass.errors import LitfassError, SettingsError
from litfass.settings import FILE
from litfass_syndication.network import Secret

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_IGNORED = ".gitignore"
_OURS = stat.S_IRUSR | stat.S_IWUSR


@dataclass(frozen=True, slots=True)
class Page:
    """A file as it is, and as it shall be. None: it is not there yet."""

    path: Path
    before: bytes | None = field(repr=False)
    after: bytes = field(repr=False)

    def write(self, mode: int = 0o644) -> None:
        """Put the new one in place of the old. Raises SettingsError when that cannot be.

        A file that is new gets the `mode`; one that a person has changed meanwhile stays.
        """
        if _content(self.path) != self.before:
            hint = "Nothing was written into it. Try again."
            raise SettingsError("was changed at the same time", hint, path=self.path.name)
        try:
            _replace(self.path.resolve(), self.after, mode)
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def take_back(self) -> None:
        """Put the old one back, as far as that can be."""
        with suppress(OSError):
            if self.before is None:
                self.path.unlink()
            else:
                _replace(self.path.resolve(), self.before, _OURS)


def with_table(root: Path, name: str, table: Mapping[str, object], remark: str) -> Page:
    """Return litfass.toml with an account's table at its end. Raises LitfassError."""
    path = root / FILE
    before = _content(path) or b""
    old = _tables(path, before)
    lines = [f"# {remark}", f"[accounts.{_key(name)}]", *map(_line, table, table.values())]
    after = before + _gap(before) + _ended(lines, before)
    page = Page(path, before, after)
    expected = {**old, "accounts": {**old.get("accounts", {}), name: dict(table)}}
    return _sure(page, expected, f"Write it yourself: a line [accounts.{name}], and its settings.")


def with_secrets(root: Path, name: str, secrets: Mapping[str, Secret]) -> Page:
    """Return secrets.toml with an account's secrets, beside those that it has. Raises LitfassError.

    The file must be in order, as `read_keys` wants it.
    """
    path = root / keys.FILE
    before = _content(path)
    content = before or b""
    old = _tables(path, content)
    lines = [_line(key, secret.reveal()) for key, secret in secrets.items()]
    if name in old:
        after = _below(content, name, lines)
    else:
        after = content + _gap(content) + _ended([f"[{_key(name)}]", *lines], content)
    said = {key: secret.reveal() for key, secret in secrets.items()}
    expected = {**old, name: {**old.get(name, {}), **said}}
    places = " ".join(keys.where_to_put(name, key) for key in secrets)
    return _sure(Page(path, before, after), expected, places)


def keep_from_git(root: Path, *names: str) -> None:
    """See to it that git never takes the secrets, nor other files that are nobody's business.

    Raises SettingsError where it has them.
    """
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return
    for name in (keys.FILE, *names):
        if _git(root, "ls-files", "--", name) == (0, True):
            hint = f"Take it out: git rm --cached {name}"
            hint = f"{hint}. Then get new secrets." if name == keys.FILE else hint
            raise SettingsError("is in git, where others can read it", hint, path=name)
        _ignore(root, name)


def _ignore(root: Path, name: str) -> None:
    path = root / _IGNORED
    before = _content(path)
    content = before or b""
    line = f"/{name}"
    has_line = line.encode() in content.splitlines()  # for whoever has no git on this machine
    if _git(root, "check-ignore", "--quiet", name)[0] != 0 and not has_line:
        start = b"\n" if content and not content.endswith(b"\n") else b""
        Page(path, before, content + start + _ended([line], content)).write()


def _git(root: Path, *arguments: str) -> tuple[int, bool]:
    """Return git's exit status, and whether it said something; -1 where there is no git."""
    command = ("git", "-C", str(root), *arguments)
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- no shell
    except OSError:
        return -1, False
    return done.returncode, bool(done.stdout)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", path=path.name) from None


def _tables(path: Path, content: bytes) -> dict[str, Any]:
    """Return what a TOML file says; the parser's own words go no further, they may quote it."""
    with suppress(ValueError):
        return tomllib.loads(content.decode("utf-8-sig"))
    raise SettingsError("is not TOML", path=path.name)


def _replace(path: Path, content: bytes, mode: int) -> None:
    """Write a file beside it that nobody else can read, and move that into its place."""
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(path.stat().st_mode)
    handle, new = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(new).chmod(mode)
        Path(new).replace(path)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise


def _sure(page: Page, expected: object, by_hand: str) -> Page:
    """Return the page if it reads as it shall. Raises SettingsError."""
    with suppress(SettingsError):
        if _tables(page.path, page.after) == expected:
            return page
    raise SettingsError("is written so that nothing can be added", by_hand, path=page.path.name)


def _below(content: bytes, name: str, lines: list[str]) -> bytes:
    """Return the content with lines right below the header of a table that is there."""
    header = rb"^[ \t]*\[[ \t]*[\"']?%s[\"']?[ \t]*\][^\n]*(\n|\Z)" % re.escape(name.encode())
    found = re.search(header, content, re.MULTILINE)
    if not found:
        return content
    start = b"" if found[1] else b"\n"
    return content[: found.end()] + start + _ended(lines, content) + content[found.end() :]


def _gap(content: bytes) -> bytes:
    """Return what parts a new table from what stands above it."""
    end = b"\r\n" if b"\r\n" in content else b"\n"
    if not content.strip():
        return b""
    return end if content.endswith(b"\n") else end + end


def _ended(lines: list[str], like: bytes) -> bytes:
    """Return lines that end as those of a file do."""
    end = "\r\n" if b"\r\n" in like else "\n"
    return "".join(f"{line}{end}" for line in lines).encode()


def _line(key: str, value: object) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: object) -> str:
    """Return a value as TOML has it; JSON has it alike, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _unwritable(path: Path, error: OSError) -> LitfassError:
    return SettingsError(f"cannot be written: {error.strerror}", path=path.name)
