"""Starts a browser whose processes are bounded by the kernel and, where it permits, have no network at all.

Run as a program: launch.py COMMANDS ANSWERS SECONDS PROGRAM ARGUMENT...; COMMANDS and ANSWERS are numbers of open files
that become 3 and 4, which Chromium's --remote-debugging-pipe reads and writes. It imports nothing of ours, so that it
starts at once.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import sys

# Linux: sched.h
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
FREE = 10
# Bytes of one file that the browser may write.
LARGEST_FILE = 500_000_000


def main(arguments: list[str]) -> None:
    """Become the program that ``arguments`` name, in a network without interfaces if that can be had."""
    commands, answers, seconds = map(int, arguments[:3])
    if permitted():
        apart()
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    # Neither must be overwritten before it is moved.
    moved = [fcntl.fcntl(number, fcntl.F_DUPFD, FREE) for number in (commands, answers)]
    for place, number in zip((3, 4), moved, strict=True):
        os.dup2(number, place)
    os.execvp(arguments[3], arguments[3:])  # noqa: S606 (the browser that the configuration names)


def permitted() -> bool:
    """Whether the kernel lets us leave the machine's network: tried by a child, since half a leave cannot be undone."""
    if not sys.platform.startswith("linux"):
        return False
    child = os.fork()
    if child == 0:
        try:
            apart()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def apart() -> None:
    """Leave the machine's network for one without interfaces.

    Raises:
        OSError: the kernel does not permit it.
    """
    kernel = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if kernel.unshare(NEW_NETWORK if user == 0 else NEW_USER | NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    if user:
        for name, said in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as out:
                out.write(said)


if __name__ == "__main__":
    main(sys.argv[1:])
