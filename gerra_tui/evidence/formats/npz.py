"""NumPy's files: shapes and types, from each array's header alone.

After numpy.lib.format (NEP 1): a magic, a version, a length, and a dict literal, which is read by
pattern and never evaluated.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import MORE, Check, Mark, Step, fine, odd, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.formats.binary import Cursor, Damaged
from gerra_tui.evidence.listing import count
from gerra_tui.evidence.members import DEFLATED, STORED
from gerra_tui.evidence.window import OverBudget
from gerra_tui.evidence.zip_archive import NotAZip, open_zip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.evidence.members import Member
    from gerra_tui.evidence.window import Window
    from gerra_tui.evidence.zip_archive import ZipArchive
    from gerra_tui.evidence.zip_directory import Entry

FACTS: Final = ("arrays",)
MAGIC: Final = b"\x93NUMPY"

_LONGEST: Final = 10_000  # characters of header that numpy itself reads
_HEADER: Final = 16 + _LONGEST
_USUAL: Final = 1_024  # bytes that hold nearly every header
_MOST_ARRAYS: Final = 1_000
_LOCAL: Final = 30  # bytes of a member's header in the archive, without its name
_SHOWN: Final = 3  # arrays of a wrong length

_DESCRIPTION: Final = re.compile(
    r"['\"]descr['\"]\s*:\s*(?:['\"]([^'\"]{1,40})['\"]|(\[.*\]))", re.DOTALL
)
_SHAPE: Final = re.compile(r"['\"]shape['\"]\s*:\s*\(([\d,\sL]*)\)")
_MOST_DIMENSIONS: Final = 64
_LONGEST_TYPE: Final = 200
_NUMBERS: Final = {
    "f2": "float16", "f4": "float32", "f8": "float64", "f16": "float128", "c8": "complex64",
    "c16": "complex128", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64",
    "u1": "uint8", "u2": "uint16", "u4": "uint32", "u8": "uint64", "b1": "bool", "O": "object",
}  # fmt: skip
_ITEM: Final = re.compile(r"[<>|=]?([a-zA-Z])(\d{0,9})")


@dataclass(frozen=True, slots=True)
class Array:
    """What a header says; `length` is how many bytes header and data take, where that follows."""

    shape: list[int]
    dtype: str
    length: int | None

    @property
    def fact(self) -> dict[str, object]:
        """As the facts have it."""
        return {"shape": self.shape, "dtype": self.dtype}


async def look(window: Window) -> FormatLook:
    """One array's header, or an NPZ's as far as the budget reaches. Raises StorageFailure."""
    found = FormatLook(kind="npz", facts=dict.fromkeys(FACTS))
    try:
        head = await window.read(0, _HEADER)
        if head.startswith(MAGIC):
            found.kind = "npy"
            _tell_one(found, head, window.size)
        else:
            await _look_into(window, found)
    except OverBudget as over:
        found.checks.append(unchecked("arrays", "its headers were not reached"))
        found.more.append(
            Step(key=MORE, words="the headers", requests=over.requests, bytes=over.bytes)
        )
    except NotAZip as problem:
        found.checks.append(odd("arrays", str(problem)))
    return found


def _tell_one(found: FormatLook, head: bytes, size: int) -> None:
    try:
        array = read_header(head)
    except Damaged as damage:
        found.checks.append(odd("arrays", f"the header is damaged: {damage}"))
        return
    found.facts["arrays"] = {"": array.fact}
    found.checks.append(_judge_length("", array, size))


async def _look_into(window: Window, found: FormatLook) -> None:
    archive = await open_zip(window)
    entries = [each for each in archive.entries if each.member.name.endswith(".npy")]
    entries = entries[:_MOST_ARRAYS]
    begun = await _beginnings(window, archive, entries)
    arrays: dict[str, object] = {}
    problems: list[str] = []
    wrong: list[Check] = []
    for entry in entries:
        name = entry.member.name.removesuffix(".npy")
        arrays[name] = {"shape": None, "dtype": None}
        if (part := begun.get(entry.member.name)) is None:
            continue
        try:
            array = read_header(_unpacked(part, entry.member))
        except Damaged as damage:
            problems.append(f"{name}: {damage}")
            continue
        arrays[name] = array.fact
        check = _judge_length(name, array, entry.member.size)
        wrong += [check] if check.mark is Mark.ODD else []
    found.facts["arrays"] = arrays
    left = len(entries) - len(begun)
    found.checks += wrong[:_SHOWN]
    if problems:
        words = f"{count(len(problems), 'array')} not readable: {problems[0]}"
        found.checks.append(odd("arrays", words, measured=len(problems)))
    if left:
        words = f"shapes of {left:,} of {count(len(entries), 'array')} were not read"
        found.checks.append(unchecked("arrays", words))
        found.more.append(
            Step(key=MORE, words="the other shapes", requests=left, bytes=left * _USUAL)
        )
    elif not problems and not wrong:
        words = f"{count(len(entries), 'array')}, as long as their headers say"
        found.checks.append(fine("arrays", words, measured=len(entries)))


async def _beginnings(
    window: Window, archive: ZipArchive, entries: Sequence[Entry]
) -> dict[str, bytes]:
    """The first bytes of as many members as the budget holds, from their local headers on."""
    wanted = [(entry.member.name, *_beginning(archive, entry)) for entry in entries]
    while wanted:
        try:
            parts = await window.read_all([(start, stop) for _, start, stop in wanted])
        except OverBudget:
            del wanted[len(wanted) // 2 :]
        else:
            return {name: part for (name, *_), part in zip(wanted, parts, strict=True)}
    return {}


def _beginning(archive: ZipArchive, entry: Entry) -> tuple[int, int]:
    start, stop = archive.span(entry.member)
    return start, min(stop, start + _LOCAL + len(entry.raw_name) + _USUAL)


def _unpacked(part: bytes, member: Member) -> bytes:
    """What a member begins with. Raises Damaged."""
    local = Cursor(part, 26, order="<")
    local.skip(local.u16() + local.u16())
    packed = local.take(local.left)
    if member.encrypted or member.method not in (STORED, DEFLATED):
        raise Damaged("encrypted, or packed in a way that cannot be read here")
    if member.method == STORED:
        return packed
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, _HEADER)
    except zlib.error:
        raise Damaged("its packed data is damaged") from None


def read_header(data: bytes) -> Array:
    """What the header at the beginning of an .npy file says. Raises Damaged."""
    if not data.startswith(MAGIC):
        raise Damaged("it does not begin as an .npy file does")
    cursor = Cursor(data, len(MAGIC), order="<")
    major, _ = cursor.u8(), cursor.u8()
    length = cursor.u16() if major == 1 else cursor.u32()
    if length > _LONGEST:
        raise Damaged(f"{length:,} characters long")
    text = cursor.take(length).decode("utf-8" if major >= 3 else "latin-1", "replace")
    description, shape = _DESCRIPTION.search(text), _SHAPE.search(text)
    if description is None or shape is None:
        raise Damaged("it names no type or no shape")
    sizes = [size.strip().rstrip("L") for size in shape[1].split(",") if size.strip()]
    if len(sizes) > _MOST_DIMENSIONS or any(len(size) > 20 or not size for size in sizes):
        raise Damaged("it names no shape that could be")
    numbers = [int(size) for size in sizes if size.isdigit()]
    dtype, width = _type(description[1] or description[2])
    size = None if width is None else cursor.at + width * prod(numbers)
    return Array(numbers, dtype, size)


def _type(description: str) -> tuple[str, int | None]:
    """The name that numpy prints, and the bytes of one value (None for objects and records)."""
    item = _ITEM.match(description)
    if description.startswith("[") or item is None:
        return description[:_LONGEST_TYPE], None
    kind, width = item[1], int(item[2] or 0)
    if kind == "O":
        return "object", None
    bytes_each = 4 * width if kind == "U" else width
    if description.startswith(">") and width > 1:
        return description, bytes_each
    if kind in "mM":
        unit = description[description.find("[") :] if "[" in description else ""
        return f"{'datetime' if kind == 'M' else 'timedelta'}64{unit}", bytes_each
    return _NUMBERS.get(f"{kind}{width}", description), bytes_each


def _judge_length(name: str, array: Array, size: int) -> Check:
    label = f"{name}: " if name else ""
    if array.length is None:
        return fine("arrays", f"{label}of objects or records: its length was not compared")
    if array.length > size:
        words = f"{label}cut off: {array.length - size:,} bytes missing"
        return odd("arrays", words, measured=size, declared=array.length)
    return fine("arrays", f"{label}as long as its header says", measured=size,
                declared=array.length)  # fmt: skip
