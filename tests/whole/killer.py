"""A program that runs `litfass` and kills it at a system call of one's choice, again and again.

It reads orders from standard input, one JSON object to a line, and answers each with one. All of
Litfass is imported once and each run is a fork of that, traced by ptrace(2): a run takes a tenth of
a second, and SIGKILL comes exactly where it was ordered. Linux only.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import platform
import signal
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

# Whatever leaves a trace outside of the process, and the waiting for an answer.
CALLS = {
    "x86_64": {
        1: "write", 18: "pwrite64", 20: "writev", 42: "connect", 44: "sendto", 45: "recvfrom",
        46: "sendmsg", 73: "flock", 74: "fsync", 75: "fdatasync", 76: "truncate",
        77: "ftruncate", 82: "rename", 83: "mkdir", 87: "unlink", 257: "openat", 258: "mkdirat",
        263: "unlinkat", 264: "renameat", 316: "renameat2",
    },
    "aarch64": {
        64: "write", 68: "pwrite64", 66: "writev", 203: "connect", 206: "sendto", 207: "recvfrom",
        211: "sendmsg", 32: "flock", 82: "fsync", 83: "fdatasync", 45: "truncate",
        46: "ftruncate", 34: "mkdirat", 35: "unlinkat", 38: "renameat", 56: "openat",
        276: "renameat2",
    },
}.get(platform.machine(), {})  # fmt: skip
TEARABLE = {"write", "sendto"}
# Imported before the forks, which are the quicker for it.
WARM = (
    "concurrent.futures.thread", "email.parser", "filelock", "http.cookiejar", "httpcore", "httpx",
    "idna", "jinja2.sandbox", "litfass.build", "litfass.cli.commands.settle",
    "litfass.cli.commands.status", "litfass.cli.commands.syndicate",
    "litfass.cli.commands.withdraw", "litfass.theme",
    "litfass_syndication.networks.bluesky", "litfass_syndication.networks.mastodon",
    "litfass_syndication.networks.pleroma", "regex",
    "tests.whole.wall",
)  # fmt: skip
CAN_TEAR = platform.machine() == "x86_64"
_THIRD_ARGUMENT = 12 * 8  # of x86_64: rdx in struct user

_TRACEME, _POKEUSER, _SYSCALL, _SETOPTIONS, _GET_SYSCALL_INFO = 0, 6, 24, 0x4200, 0x420E
_OPTIONS = 0x100000 | 0x1 | 0x8  # EXITKILL, TRACESYSGOOD, TRACECLONE
_WALL = 0x40000000
_ENTRY = 1
_CREATES = os.O_CREAT | os.O_TRUNC

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


class _Info(ctypes.Structure):
    _fields_ = (
        ("op", ctypes.c_uint8),
        ("arch", ctypes.c_uint32),
        ("pointers", ctypes.c_uint64 * 2),
        ("number", ctypes.c_uint64),
        ("arguments", ctypes.c_uint64 * 6),
        ("more", ctypes.c_uint64 * 2),
    )


def _ptrace(request, pid, address=0, data=0):
    if _libc.ptrace(request, pid, address, data) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _point(thread):
    """Return the name of the call that a thread is about to make, if it is a place to die at."""
    info = _Info()
    size = ctypes.sizeof(info)
    _libc.ptrace(_GET_SYSCALL_INFO, thread, size, ctypes.addressof(info))
    name = CALLS.get(info.number) if info.op == _ENTRY else None
    if name == "write" and info.arguments[0] in (1, 2):
        return None, 0
    if name == "openat" and not info.arguments[2] & _CREATES:
        return None, 0
    return name, info.arguments[2]


class Tracer:
    """Follows a child through its calls, and kills it at one: `kill` is its name and number.

    `when` is "before", "halfway" through what it has to write, or "after", at the next of `CALLS`.
    """

    def __init__(self, child, kill=None, when="before"):
        self.points = []
        self._child = child
        self._kill = kill
        self._when = when
        self._torn = None
        self._next = False

    def follow(self):
        """Return the exit status, or the negative number of the signal that ended it."""
        os.waitpid(self._child, _WALL)
        _ptrace(_SETOPTIONS, self._child, 0, _OPTIONS)
        _ptrace(_SYSCALL, self._child)
        while True:
            thread, status = os.waitpid(-1, _WALL)
            if os.WIFSTOPPED(status):
                self._go_on(thread, os.WSTOPSIG(status))
            elif thread == self._child:
                return os.waitstatus_to_exitcode(status)

    def _go_on(self, thread, stop):
        at_call = stop == signal.SIGTRAP | 0x80
        if at_call and self._dies(thread):
            os.kill(self._child, signal.SIGKILL)
            return
        passed_on = 0 if at_call or stop in (signal.SIGTRAP, signal.SIGSTOP) else stop
        with contextlib.suppress(ProcessLookupError):  # killed meanwhile
            _ptrace(_SYSCALL, thread, 0, passed_on)

    def _dies(self, thread):
        if self._torn is not None:
            return thread == self._torn
        name, size = _point(thread)
        if name is None:
            return False
        self.points.append(name)
        if self._next:
            return True
        if [name, self.points.count(name)] != self._kill:
            return False
        self._next = self._when == "after"
        if self._when != "halfway":
            return not self._next
        _ptrace(_POKEUSER, thread, _THIRD_ARGUMENT, max(1, size // 2))
        self._torn = thread
        return False


def run(order):
    """Run the program as ordered; return how it ended and what it said.

    Where it is to be killed, or its calls are to be counted, with the calls on its way.
    """
    traced = order.get("count") or order.get("kill")
    child = os.fork()
    if not child:
        _obey(order, traced=traced)
    if traced:
        tracer = Tracer(child, order.get("kill"), order.get("when"))
        status, points = tracer.follow(), tracer.points
    else:
        status, points = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), []
    return {"status": status, "said": Path(order["said"]).read_text("utf-8"), "points": points}


def _obey(order, *, traced):
    status = 70
    try:
        if traced:
            _libc.ptrace(_TRACEME, 0, None, None)
            os.kill(os.getpid(), signal.SIGSTOP)
        os.chdir(order["folder"])
        os.environ.update(order["environ"])
        said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        later = timedelta(seconds=order.get("later", 0))
        import_module("litfass.cli.opening").now = lambda: datetime.now(UTC) + later
        status = import_module("litfass.cli").main(order["argv"])
    finally:
        sys.stdout.flush()
        os._exit(status)


def main():
    """Obey orders until there are no more."""
    sys.dont_write_bytecode = True
    networks = import_module("litfass_syndication.networks")
    networks._NETWORKS["wall"] = "tests.whole.wall:Wall"
    for name in WARM:
        import_module(name)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
