"""The members of a dataset's file in the pane: folders that unfold, sizes, the beginning of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import clean
from gerra_tui.service.contents import PEEK, Peek
from gerra_tui.ui.present.cells import fit, fit_middle
from gerra_tui.ui.present.lines import DetailLine, hanging, heading
from gerra_tui.ui.present.values import byte_size
from gerra_tui.ui.theme import BOLD, DIM, PLAIN, PROBLEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from gerra_tui.service.contents import Entry

    Fold = tuple[str, ...]

# What Enter folds: no key of a metadata has these names.
FOLDER: Final = "\0folder"
MEMBER: Final = "\0member"
OPEN_AT_FIRST: Final = 40  # members of an archive whose folders begin unfolded
MOST_LISTED: Final = 1_000  # of one folder
MOST_LINES: Final = 300  # of a text that is looked into
HEX_ROWS: Final = 16
SIZE: Final = 9  # cells of a size
STEP: Final = 2  # cells that each folder is further in
DEEPEST: Final = 16  # folders in one another; what is deeper is a long name


@dataclass(slots=True)
class Folder:
    """What is directly in it, and how many members and bytes in all."""

    folders: dict[str, Folder] = field(default_factory=dict)
    files: list[Entry] = field(default_factory=list)
    count: int = 0
    size: int = 0

    def add(self, entry: Entry) -> None:
        self.count += 1
        self.size += entry.size


def tree_of(entries: Iterable[Entry]) -> Folder:
    """The folders that the members' names tell of."""
    root = Folder()
    for entry in entries:
        *path, _ = entry.name.split("/", DEEPEST)
        here = root
        here.add(entry)
        for name in path:
            here = here.folders.setdefault(name, Folder())
            here.add(entry)
        here.files.append(entry)
    return root


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What is known of a file's members. `tree` is null while it is awaited; `looked_into` has
    what came of those that Enter opened: a sentence where nothing did, null what is on its way."""

    tree: Folder | None = None
    whole: bool = True
    told: str = "listing ..."
    problem: str = ""
    looked_into: Mapping[str, Peek | str | None] = field(default_factory=dict)


def file_lines(filed: Filed | None, folds: AbstractSet[Fold], width: int) -> Iterator[DetailLine]:
    """`FILES  204 members  2 requests, 80 kB`, then folders and members as far as unfolded."""
    if filed is None:
        return
    yield heading("FILES", clean(filed.told), width=width, anchor="files")
    if filed.problem:
        yield from hanging("? ", clean(filed.problem), width, PROBLEM)
    if filed.tree is not None:
        yield DetailLine(f"Enter opens a folder, or looks into a file: {byte_size(PEEK)}", DIM)
        yield from _folder(filed, filed.tree, (), folds, width)
        if not filed.whole:
            yield DetailLine("there may be more: it was not read to its end", DIM)
    yield DetailLine("")


def opened_members(folds: AbstractSet[Fold]) -> Iterator[str]:
    """The names of those that are looked into."""
    return (fold[1] for fold in folds if fold[0] == MEMBER)


def _folder(
    filed: Filed, folder: Folder, path: tuple[str, ...], folds: AbstractSet[Fold], width: int
) -> Iterator[DetailLine]:
    opened = filed.tree is not None and filed.tree.count <= OPEN_AT_FIRST
    indent = " " * (STEP * len(path))
    for name, inner in folder.folders.items():
        below = (*path, name)
        fold = (FOLDER, *below)
        told = f"{inner.count:,} file{'s' if inner.count != 1 else ''}"
        label = f"{indent}{clean(name) or '(no name)'}/  {told}"
        yield DetailLine(_sized(label, inner.size, width), BOLD, fold=fold)
        if opened != (fold in folds):
            yield from _folder(filed, inner, below, folds, width)
    for entry in folder.files[:MOST_LISTED]:
        fold = (MEMBER, entry.name)
        label = f"{indent}{clean(entry.name.rpartition('/')[2]) or '(no name)'}"
        yield DetailLine(_sized(label, entry.size, width), PLAIN, fold=fold)
        if fold in folds:
            yield from _beginning(filed.looked_into.get(entry.name), width)
    if (left := len(folder.files) - MOST_LISTED) > 0:
        yield DetailLine(f"{indent}{left:,} more, not listed", DIM)


def _sized(label: str, size: int, width: int) -> str:
    return f"{fit_middle(label, width - SIZE - 1)} {fit(byte_size(size), SIZE, right=True)}"


def _beginning(found: Peek | str | None, width: int) -> Iterator[DetailLine]:
    if found is None:
        yield DetailLine("  ...", DIM)
    elif isinstance(found, str):
        yield from hanging("  ? ", clean(found), width, PROBLEM)
    else:
        lines = list(_text(found) or _bytes(found.data))
        for line in lines[:MOST_LINES]:
            yield DetailLine(fit(f"  {line}", width).rstrip(), DIM)
        if len(lines) > MOST_LINES or not found.whole:
            yield DetailLine("  the rest is not shown", DIM)


def _text(found: Peek) -> list[str]:
    """Its lines, none where it is no text."""
    data = found.data
    for cut in range(4 if not found.whole else 1):  # a character may be cut at the end
        try:
            text = data[: len(data) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return [] if "\0" in text else [clean(line) for line in text.splitlines()] or ["(empty)"]
    return []


def _bytes(data: bytes) -> Iterator[str]:
    for at in range(0, min(len(data), 16 * HEX_ROWS), 16):
        row = data[at : at + 16]
        letters = "".join(chr(one) if 32 <= one < 127 else "." for one in row)
        yield f"{at:04x}  {row.hex(' '):<47}  {letters}"
