"""No network and no other program for the child, where the kernel can deny them.

A filter of system calls (Linux, seccomp(2)): what it names fails with EPERM from then on, for this
process and all it starts. Elsewhere the child has no more than its limits.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from typing import Final

# By machine: its audit number, and its calls: socket, connect, execve, execveat, kill, ptrace,
# process_vm_writev, pidfd_send_signal, io_uring_setup (which opens sockets by itself).
_DENIED: Final = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 62, 101, 311, 424, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 129, 117, 271, 424, 425)),
}
_X32: Final = 0x40000000  # the calls of another ABI begin here: x86_64's by other numbers

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2  # prctl(2)
_LOAD, _EQUAL, _NOT_BELOW, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
_NUMBER, _MACHINE = 0, 4  # offsets in struct seccomp_data
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000


def confine() -> bool:
    """Deny this process those calls for good; whether the kernel took it."""
    if sys.platform != "linux" or os.uname().machine not in _DENIED:
        return False
    machine, denied = _DENIED[os.uname().machine]
    rules = _rules(machine, denied)
    program = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    held = ctypes.create_string_buffer(program)
    header = struct.pack("HP", len(rules), ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    taken: int = libc.prctl(_SECCOMP, _FILTER, header, 0, 0)
    return taken == 0


def _rules(machine: int, denied: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """(code, jump if true, jump if false, value) of each instruction, jumps from the next one."""
    rules = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_NOT_BELOW, len(denied) + 1, 0, _X32),
    ]
    rules += [(_EQUAL, len(denied) - place, 0, call) for place, call in enumerate(denied)]
    return [*rules, (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
