"""Starts a command in the walls of a systemd unit, as far as they can be put up without systemd as process 1.

`python sandbox.py UNIT COMMAND…`: system calls by libseccomp (which systemd uses, too), the file system by a mount namespace,
capabilities by their bounding set. Ends with 77 where the machine allows none of this.
"""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ALLOW, ERRNO = 0x7FFF0000, 0x00050000
NOT_EQUAL, EQUAL, MASKED_EQUAL = 1, 4, 7
PROT_WRITE, PROT_EXEC, SHM_EXEC = 2, 4, 0o100000
NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
MS_BIND, MS_REMOUNT, MS_RDONLY, MS_REC, MS_PRIVATE, CLONE_NEWNS = 4096, 32, 1, 16384, 1 << 18, 0x20000
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
CANNOT = 77

libc = ctypes.CDLL(None, use_errno=True)


class Argument(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class Filter:
    """One seccomp filter."""

    def __init__(self, default: int) -> None:
        self.lib = ctypes.CDLL("libseccomp.so.2")
        self.lib.seccomp_init.restype = ctypes.c_void_p
        self.context = ctypes.c_void_p(self.lib.seccomp_init(ctypes.c_uint32(default)))

    def rule(self, action: int, call: str, *arguments: Argument) -> None:
        number = self.lib.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return  # not a call of this architecture
        array = (Argument * len(arguments))(*arguments)
        code = self.lib.seccomp_rule_add_array(self.context, ctypes.c_uint32(action), number, len(arguments), array)
        if code not in (0, -errno.EACCES):  # the same as the default
            raise OSError(-code, f"{call}: {os.strerror(-code)}")

    def load(self) -> None:
        code = self.lib.seccomp_load(self.context)
        if code:
            raise OSError(-code, os.strerror(-code))


def calls_of(group: str) -> set[str]:
    """The names of a group's system calls, by systemd-analyze."""
    said = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True).stdout
    found: set[str] = set()
    for line in said.splitlines()[1:]:
        word = line.strip()
        if word and not word.startswith("#"):
            found |= calls_of(word) if word.startswith("@") else {word}
    return found


def allowed_calls(values: list[str]) -> set[str]:
    """systemd.exec(5): the first line begins a list of what is allowed, `~` takes away, later lines add again."""
    found = calls_of("@default")
    for value in values:
        without = value.startswith("~")
        for word in value.lstrip("~").split():
            several = calls_of(word) if word.startswith("@") else {word}
            found = found - several if without else found | several
    return found | calls_of("@default")


def read_unit(path: str) -> dict[str, list[str]]:
    settings: dict[str, list[str]] = {}
    for line in Path(path).read_text("utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith(("#", "[")):
            settings.setdefault(name, []).append(value)
    return settings


REFUSE = ERRNO | errno.EPERM


def filters(unit: dict[str, list[str]]) -> Iterator[Filter]:
    """The filters that systemd would load for these settings, the list of system calls last."""
    if unit.get("MemoryDenyWriteExecute") == ["yes"]:
        yield memory_filter()
    if "RestrictAddressFamilies" in unit:
        families = Filter(ALLOW)
        wanted = {FAMILIES[word] for word in unit["RestrictAddressFamilies"][0].split()}
        for family in set(range(64)) - wanted:
            families.rule(ERRNO | errno.EAFNOSUPPORT, "socket", Argument(0, EQUAL, family, 0))
        yield families
    if unit.get("RestrictNamespaces") == ["yes"]:
        yield namespace_filter()
    if unit.get("RestrictSUIDSGID") == ["yes"]:
        yield mode_filter()
    calls = Filter(REFUSE)
    for call in sorted(allowed_calls(unit["SystemCallFilter"])):
        calls.rule(ALLOW, call)
    yield calls


def memory_filter() -> Filter:
    """No memory that is both written and executed."""
    memory, both = Filter(ALLOW), PROT_WRITE | PROT_EXEC
    memory.rule(REFUSE, "mmap", Argument(2, MASKED_EQUAL, both, both))
    for call in ("mprotect", "pkey_mprotect"):
        memory.rule(REFUSE, call, Argument(2, MASKED_EQUAL, PROT_EXEC, PROT_EXEC))
    memory.rule(REFUSE, "shmat", Argument(2, MASKED_EQUAL, SHM_EXEC, SHM_EXEC))
    return memory


def namespace_filter() -> Filter:
    """No new namespaces; clone3 is not there, for a filter cannot see its flags."""
    spaces = Filter(ALLOW)
    spaces.rule(ERRNO | errno.ENOSYS, "clone3")
    spaces.rule(REFUSE, "setns")
    for flag in NAMESPACES:
        for call in ("unshare", "clone"):
            spaces.rule(REFUSE, call, Argument(0, MASKED_EQUAL, flag, flag))
    return spaces


def mode_filter() -> Filter:
    """No set-user-id and set-group-id bits."""
    modes = Filter(ALLOW)
    modes.rule(ERRNO | errno.ENOSYS, "openat2")
    for bit in (0o4000, 0o2000):
        for call, place in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1), ("mkdirat", 2)):
            modes.rule(REFUSE, call, Argument(place, MASKED_EQUAL, bit, bit))
        for call, place in (("open", 1), ("openat", 2)):
            created = Argument(place, MASKED_EQUAL, os.O_CREAT, os.O_CREAT)
            modes.rule(REFUSE, call, created, Argument(place + 1, MASKED_EQUAL, bit, bit))
    return modes


def mount(source: str | None, target: str, flags: int) -> None:
    if libc.mount(source and source.encode(), target.encode(), None, ctypes.c_ulong(flags), None):
        number = ctypes.get_errno()
        raise OSError(number, f"mount {target}: {os.strerror(number)}")


def close_file_system(writable: list[str]) -> None:
    """ProtectSystem=strict: read-only but for some folders."""
    if libc.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    mount(None, "/", MS_REC | MS_PRIVATE)
    for path in writable:
        mount(path, path, MS_BIND)
    mount(None, "/", MS_BIND | MS_REMOUNT | MS_RDONLY)


def main(unit_file: str, command: list[str]) -> None:
    try:
        unit = read_unit(unit_file)
        prepared = list(filters(unit))
        if unit.get("ProtectSystem") == ["strict"]:
            close_file_system(unit.get("ReadWritePaths", []))
        if unit.get("CapabilityBoundingSet") == [""]:
            for capability in range(64):
                libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
        for each in prepared:
            each.load()
    except OSError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        sys.exit(CANNOT)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
