"""Deploy by rsync, over ssh or to a path on this machine.

Files are compared by what is in them, so a fresh checkout's new file times change nothing on the
server and its caches stay good. New files wait beside the old ones until all have arrived, then
take their places in one go, and only then is deleted what is no longer there.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from pathlib import Path

from litfass.deploy.programs import SSH, Finished, redact, run
from litfass.deploy.report import Deployment, ordered
from litfass.deploy.safety import MARKER, MARKER_TEXT, refuse_sources, refuse_strangers
from litfass.deploy.settings import RsyncTarget
from litfass.errors import DeployError
from litfass.model import MANIFEST

_HARMLESS = re.compile(
    r"(-[zsv46]|--(compress|secluded-args|protect-args|ipv4|ipv6|mkpath|perms|times|fsync|stats)"
    r"|--(bwlimit|chmod|chown|timeout|contimeout|exclude|compress-choice|compress-level)=[^\n]+)"
)
"""Options that neither run programs nor take back what we promise."""

_HINTS = {
    1: "rsync does not know an option; is it older than ours, or is one of [deploy] options wrong?",
    2: "The two rsyncs do not understand each other; the server's may be too old.",
    3: "Does the destination exist, and may you write there?",
    5: "The rsync server refuses; are its module and your rights right?",
    10: "The server cannot be reached. Is it up, and is the address right?",
    11: "Writing failed. Is the server's disk full, or a file where a folder should be?",
    12: "The connection broke off. Is rsync installed on the server, and is its disk full?",
    23: "Not every file could be written. May you write in the destination? Is its disk full?",
    30: "The server did not answer in time. Try again.",
    35: "The server did not answer in time. Try again.",
    127: "rsync is not installed on the server.",
    255: "ssh could not connect. Try `ssh` by hand: the host, the port, its host key, your key?",
}

_WAITING = ".~tmp~"
"""Where rsync lets new files wait; a broken run leaves it, and the next may delete it."""

_NO_SSH = re.compile(r"Connection refused|Host key verification|Permission denied \(|resolve host")

_MISSING = re.compile(r"No such file or directory|failed: does not exist")


def deploy_by_rsync(
    public: Path, settings: RsyncTarget, *, blog: Path, dry_run: bool
) -> Deployment:
    """Make the destination equal to the public folder.

    Where deleting is on, the destination must be empty, new, or marked as ours. Raises
    DeployError: before anything was moved into place, what was live is as it was; when the server
    fails in just that moment, it may be between the two, and the next deployment mends it.
    """
    _refuse(settings)
    destination = _destination(settings, blog, public)
    if settings.delete:
        _refuse_strangers(settings, destination, blog)
    with tempfile.TemporaryDirectory() as scratch:
        marker = Path(scratch, MARKER)
        marker.write_text(MARKER_TEXT, encoding="utf-8")
        marker.chmod(0o644)
        places = ("--", f"{public.resolve()}/", str(marker), destination)
        done = run((*_command(settings, blog, dry_run=dry_run), *places), cwd=blog)
    _check(done, destination)
    return _report(done.output, destination)


def _command(settings: RsyncTarget, blog: Path, *, dry_run: bool) -> tuple[str, ...]:
    """Return rsync's command line up to the places.

    Without --times a file that is the same keeps the time that it has on the server.
    """
    return (
        *("rsync", "--recursive", "--copy-links", "--checksum", "--delay-updates"),
        *("--chmod=Du=rwx,Dgo=rx,Fu=rw,Fgo=r", "--8-bit-output", "--out-format=%i %n"),
        f"--exclude=/{MANIFEST}",
        *(("--delete-after", f"--filter=R {_WAITING}/") if settings.delete else ()),
        *(("--dry-run",) if dry_run else ()),
        *_shell(settings, blog),
        *settings.options,
    )


def _shell(settings: RsyncTarget, blog: Path) -> tuple[str, str]:
    """Return the option that says how to call ssh."""
    port = ("-p", str(settings.port)) if settings.port else ()
    key = ("-i", _path(blog, settings.identity)) if settings.identity else ()
    hosts = _path(blog, settings.known_hosts) if settings.known_hosts else ""
    known = ("-o", f"UserKnownHostsFile={hosts}") if hosts else ()
    return ("-e", shlex.join((*SSH, *port, *key, *known)))


def _path(blog: Path, path: str) -> str:
    return str(blog.absolute() / Path(path).expanduser())


def _refuse(settings: RsyncTarget) -> None:
    """Raise DeployError for what would be read as an option or would empty a home folder."""
    host, _, path = settings.destination.rpartition(":")
    if settings.destination.startswith("-") or host.rpartition("@")[2].startswith("-"):
        raise DeployError(
            f'[deploy] destination cannot be "{settings.destination}"', "Write user@host:/path."
        )
    if path.strip("/") in {"", ".", "~", ".."}:
        raise DeployError(
            f'[deploy] destination "{redact(settings.destination)}" is not a folder for a blog',
            "All in the destination is replaced; name a folder of its own: user@host:/srv/blog.",
        )
    for option in settings.options:
        if not _HARMLESS.fullmatch(option):
            raise DeployError(
                f'[deploy] options: Litfass does not pass "{option}" on to rsync',
                "--bwlimit=…, --exclude=…, --chmod=…, --timeout=… and --compress are fine.",
            )


def _destination(settings: RsyncTarget, blog: Path, public: Path) -> str:
    """Return the destination as rsync wants it: with a slash; a path as seen from the blog."""
    if ":" in settings.destination:
        return f"{settings.destination.rstrip('/')}/"
    live = (blog / Path(settings.destination).expanduser()).resolve()
    refuse_sources(live, blog, public)
    return f"{live}/"


def _refuse_strangers(settings: RsyncTarget, destination: str, blog: Path) -> None:
    """Raise DeployError where deleting would hit files that we did not put there."""
    command = ("rsync", "--list-only", "--8-bit-output", *_shell(settings, blog))
    done = run((*command, "--", destination), cwd=blog)
    if done.status == 23 and _MISSING.search(done.errors):  # noqa: PLR2004 -- partial transfer
        return
    _check(done, destination)
    names = {line.split(maxsplit=4)[4] for line in done.output.splitlines() if line} - {"."}
    refuse_strangers(redact(destination), names)


def _check(done: Finished, destination: str) -> None:
    if done.status:
        # rsync itself only sees that the connection broke off.
        status = 255 if _NO_SSH.search(done.errors) else done.status
        what = f"rsync to {redact(destination)} failed ({done.status})"
        # Its own words may be lost with the connection that breaks off.
        raise DeployError(": ".join(filter(None, (what, done.errors))), _HINTS.get(status, ""))


def _report(output: str, destination: str) -> Deployment:
    """Read what rsync itemised: "<f+++++++++ new", "<fc........ other", "*deleting   old"."""
    added, changed, removed = [], [], []
    for line in output.splitlines():
        what, _, path = line.partition(" ")
        path = path.lstrip() if what == "*deleting" else path
        if what == "*deleting" and not path.endswith("/") and _WAITING not in path:
            removed.append(path)
        elif re.match(r"[<>]f\+", what):
            added.append(path)
        elif re.match(r"[<>]f", what):
            changed.append(path)
    return Deployment(
        "rsync", redact(destination), ordered(added), ordered(changed), ordered(removed)
    )
