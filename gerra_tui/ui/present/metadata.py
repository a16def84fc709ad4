"""The metadata, a line for each top-level key: what matters first, what is new marked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len

from gerra_tui.domain.text import clean
from gerra_tui.ui.present.cells import fit, wrapped
from gerra_tui.ui.present.lines import DetailLine, hanging, heading
from gerra_tui.ui.present.values import value_text
from gerra_tui.ui.theme import DIM, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NESTING: Final = 20  # levels that are drawn; deeper ones are a line of JSON
CHILDREN: Final = 200  # members of one level that are drawn
LABEL_LEAST: Final = 10
LABEL_MOST: Final = 11
INLINE_LINES: Final = 3  # of a branch that is not unfolded
WAS: Final = 30  # cells of the value before
METADATA: Final = "metadata"
GONE: Final = "(gone)"
# Written into the rejected version by the service itself, so no change of the producer's.
OF_THE_SERVICE: Final = frozenset({"rejection_reason"})


def metadata_lines(
    metadata: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
    *,
    first: Sequence[str],
    unfolded: frozenset[tuple[str, ...]],
    before_name: str,
    width: int,
) -> Iterator[DetailLine]:
    """`before`: the metadata of the version before, null where there is none or it is not known."""
    told = f"* differs from {before_name}" if before is not None else ""
    yield heading("METADATA", told, width=width, anchor=METADATA)
    entries = list(_entries(metadata or {}, before, first))
    if not entries:
        yield DetailLine("none", DIM)
        return
    longest = max(cell_len(clean(key, 60)) for key, _, _ in entries[:CHILDREN]) + 2
    label = max(LABEL_LEAST, min(longest, LABEL_MOST, width // 3)) + 1
    for key, value, was in entries[:CHILDREN]:
        yield from _entry(key, value, was, label, unfolded, width)
    if len(entries) > CHILDREN:
        yield DetailLine(f"... {len(entries) - CHILDREN:,} more (e shows all)", DIM)


def compact_metadata_lines(
    metadata: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
    *,
    first: Sequence[str],
    width: int,
) -> Iterator[DetailLine]:
    """As many keys on a line as there is room for; a `*` behind what is another than before."""
    line = DetailLine("")
    for key, value, was in list(_entries(metadata or {}, before, first))[:CHILDREN]:
        name = clean(key, 60)
        told = f"{name} {inline(value)}{'*' if was is not SAME else ''}"
        if line.text and cell_len(line.text) + 2 + cell_len(told) > width:
            yield line
            line = DetailLine("")
        if cell_len(told) > width:
            *whole, rest = wrapped(told, width)
            yield from map(DetailLine, whole)
            told = rest
        start = len(line.text) + 2 if line.text else 0
        line = replace(line, text=f"{line.text}  {told}" if line.text else told)
        if told.startswith(name):
            line = line.marked(start, start + len(name), WARNING if was is not SAME else DIM)
    if line.text:
        yield line


class _Same:
    """No change."""


SAME: Final = _Same()


def _entries(
    metadata: Mapping[str, Any], before: Mapping[str, Any] | None, first: Sequence[str]
) -> Iterator[tuple[str, Any, Any]]:
    """Key, value, and what it was (`SAME` where it is no other one)."""
    keys = [key for key in first if key in metadata]
    keys += [key for key in metadata if key not in set(keys)]
    for key in keys:
        changed = before is not None and before.get(key) != metadata[key]
        yield key, metadata[key], (before or {}).get(key) if changed else SAME
    for key in before or ():
        if key not in metadata and key not in OF_THE_SERVICE:
            yield key, GONE, (before or {})[key]


def _entry(
    key: str,
    value: Any,
    was: Any,
    label: int,
    unfolded: frozenset[tuple[str, ...]],
    width: int,
) -> Iterator[DetailLine]:
    name = clean(key, 60)
    changed = was is not SAME
    star = "*" if changed else ""
    head = f"{star}{name}"
    head = head + " " * max(2 if cell_len(head) >= label else 0, label - cell_len(head))
    field = f"meta.{key}"
    branch = isinstance(value, dict | list) and bool(value)
    fold = (key,) if branch else None
    if fold in unfolded:
        yield DetailLine(f"{head.rstrip()}", fold=fold)
        yield from _members(value, (key,), field, width)
        return
    text = inline(value)
    before = f"   was {_was(value, was, width - label - 4)}" if changed and was is not None else ""
    lines = list(wrapped(text, max(8, width - cell_len(head))))
    if branch and len(lines) > INLINE_LINES:
        lines = [*lines[: INLINE_LINES - 1], fit(lines[INLINE_LINES - 1] + " ...", width - label)]
    if before and cell_len(head) + cell_len(lines[-1]) + len(before) <= width:
        lines[-1] += before
        before = ""
    asked: dict[str, Any] = {} if branch else {"field": field, "value": value}
    for number, piece in enumerate(lines):
        start = head if not number else " " * cell_len(head)
        line = DetailLine(f"{start}{piece}", fold=fold, **asked)
        if changed and not number:
            line = line.marked(0, len(head), WARNING)
        if (at := line.text.rfind("   was ")) > 0 and changed:
            line = line.marked(at, len(line.text), DIM)
        yield line
    if before:
        yield from hanging(" " * label, before.strip(), width, DIM)


def _was(value: Any, was: Any, room: int) -> str:
    """What it was; of an object the members alone that are others now."""
    if isinstance(value, dict) and isinstance(was, dict):
        was = {key: item for key, item in was.items() if value.get(key) != item} or "less"
    return fit(inline(was), min(WAS, room)).rstrip()


def inline(value: Any, depth: int = 0) -> str:
    """An object or a list as a person would say it: a text speaks for itself, all else is named."""
    if isinstance(value, dict) and value and depth < 4:
        plain = [
            value_text(item)
            if isinstance(item, str) and item
            else f"{clean(str(key), 60)} {value_text(item)}"
            for key, item in list(value.items())[:CHILDREN]
            if not isinstance(item, dict | list)
        ]
        branches = [
            f"{clean(str(key), 60)}: {inline(item, depth + 1)}"
            for key, item in list(value.items())[:CHILDREN]
            if isinstance(item, dict | list)
        ]
        return "; ".join([", ".join(plain), *branches] if plain else branches)
    if isinstance(value, list) and value and depth < 4:
        return ", ".join(inline(item, depth + 1) for item in value[:CHILDREN])
    if value in ([], {}):
        return "none"
    return value_text(value, 2000)


def _members(value: Any, path: tuple[str, ...], field: str, width: int) -> Iterator[DetailLine]:
    """A tree of what is below; `field` is what a query calls `value`: it goes through the elements
    of a list by itself."""
    is_list = isinstance(value, list)
    members = list(enumerate(value) if is_list else value.items())
    indent = "  " * len(path)
    for name, item in members[:CHILDREN]:
        asked = field if is_list else f"{field}.{name}"
        label = clean(str(name), 60)
        if isinstance(item, dict | list) and item and len(path) < NESTING:
            yield DetailLine(f"{indent}{label}", fold=path[:1])
            yield from _members(item, (*path, str(name)), asked, width)
            continue
        scalar = not isinstance(item, dict | list)
        text = value_text(item, 2000) if scalar else json.dumps(item, ensure_ascii=False)[:2000]
        for line in hanging(indent, f"{label}: {value_text(text, 2000)}", width):
            asking: dict[str, Any] = {"field": asked, "value": item} if scalar else {}
            yield replace(line, fold=path[:1], **asking)
    if len(members) > CHILDREN:
        yield DetailLine(f"{indent}... {len(members) - CHILDREN:,} more (e shows all)", DIM)
