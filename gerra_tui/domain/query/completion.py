"""What Tab offers in the query line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from gerra_tui.domain.query.fields import (
    CHECK_PREFIX,
    FIELDS,
    LOOKED,
    META_PREFIX,
    OPERATORS,
    ORDERING,
    Field,
    Kind,
    is_looked,
    kind_of,
)
from gerra_tui.domain.query.matching import MARKS
from gerra_tui.domain.query.operands import number
from gerra_tui.domain.query.quoting import as_path, as_value
from gerra_tui.domain.query.reader import Mistake, TermReader, end_of_term, skip_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gerra_tui.domain.query.known import Known

MOST_OFFERED: Final = 50

# A term's beginning up to its operator; a path may have parts in quotes.
_HEAD: Final = re.compile(r'(?:[^\s:=~<>,"]|"(?:[^"\\]|\\.)*"?)*')
_OPERATOR: Final = re.compile(r"<=|>=|[:=~<>]")
_VALUE: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[^\s,"]*')
_QUANTITY: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SIZES: Final = ("MB", "GB", "MiB", "GiB", "kB", "TB")
_AGES: Final = {"h": "hours ago", "d": "days ago", "w": "weeks ago", "min": "minutes ago"}
# What one most often compares with, offered before anything is typed.
_USUAL_SIZES: Final = ("1MB", "100MB", "1GB", "10GB")
_USUAL_AGES: Final = ("1h", "12h", "1d", "7d", "4w")


class Completion(NamedTuple):
    """`text` in place of `start`..`end`; `note` says what it is or how frequent."""

    start: int
    end: int
    text: str
    note: str = ""


def complete(text: str, cursor: int, known: Known) -> list[Completion]:
    """What could stand at `cursor`, likeliest first; nothing that stands there already."""
    start = _start_of_term(text, cursor)
    start += text[start : start + 1] == "-" and cursor > start
    head = _HEAD.match(text, start)
    head_end = head.end() if head else start
    operator = _OPERATOR.match(text, head_end)
    if cursor == start < head_end:
        return []  # before a term: there is nothing to complete, and nothing to overwrite
    if cursor <= head_end:
        offers = _fields(text[start:cursor], known, with_operator=operator is None)
        span = (start, head_end)
    elif operator is not None and cursor >= operator.end():
        place, end, others = _value_at(text, operator.end(), cursor)
        typed = text[place:cursor].lstrip('"')
        beside = f"{text[:start]} {text[end_of_term(text, start) :]}".split()
        offers = _values(text[start:head_end], operator[0], typed, beside, known)
        offers = [(value, note) for value, note in offers if value not in others]
        span = (place, end)
    else:
        return []
    standing = text[span[0] : span[1]]
    return [Completion(*span, offered, note) for offered, note in offers if offered != standing][
        :MOST_OFFERED
    ]


Offer = tuple[str, str]  # a text and its note


def _start_of_term(text: str, cursor: int) -> int:
    start = skip_space(text, 0)
    while start < cursor:
        end = end_of_term(text, start)
        if cursor <= end:
            return start
        start = skip_space(text, end)
    return cursor


def _value_at(text: str, start: int, cursor: int) -> tuple[int, int, set[str]]:
    """Where the value at the cursor stands, and the other values of its term as written."""
    others: set[str] = set()
    place = (cursor, cursor)
    position = start
    while match := _VALUE.match(text, position):
        if match.start() <= cursor <= match.end():
            place = match.span()
        else:
            others.add(match[0])
        if text[match.end() : match.end() + 1] != ",":
            break
        position = match.end() + 1
    return *place, others


def _fields(typed: str, known: Known, *, with_operator: bool) -> list[Offer]:
    if typed.lower().startswith(META_PREFIX):
        sign = ":" if with_operator else ""
        wanted = typed[len(META_PREFIX) :].replace('"', "")
        return [
            (f"{META_PREFIX}{as_path(path)}{sign}", note)
            for path, note in _ranked(known.paths, wanted)
        ]
    name = typed.lower()
    if name.startswith(CHECK_PREFIX):
        sign = ":" if with_operator else ""
        ranked = _ranked(known.checks, name.removeprefix(CHECK_PREFIX))
        return [(f"{CHECK_PREFIX}{check}{sign}", note) for check, note in ranked]
    offers = [
        (f"{field.name}{_usual_operator(field) if with_operator else ''}", field.note)
        for field in FIELDS.values()
        if field.name.startswith(name)
    ]
    offers += [
        (f"{field}{':' if with_operator else ''}", note)
        for field, note in LOOKED.items()
        if field.startswith(name)
    ]
    if CHECK_PREFIX.startswith(name):
        offers.append((CHECK_PREFIX, "one check by its name"))
    if META_PREFIX.startswith(name):
        offers.append((META_PREFIX, "a key of the metadata"))
    if name in FIELDS and with_operator:
        offers += [
            (f"{name}{sign}", _MEANING.get(sign, ""))
            for sign in OPERATORS[FIELDS[name].kind]
            if sign != _usual_operator(FIELDS[name])
        ]
    return offers


_MEANING: Final = {
    ":": "is, ignoring case",
    "=": "is exactly",
    "~": "contains",
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
}


def _usual_operator(field: Field) -> str:
    return {Kind.SIZE: ">", Kind.DATE: "<", Kind.TEXT: "~"}.get(field.kind, ":")


def _values(head: str, sign: str, typed: str, beside: Iterable[str], known: Known) -> list[Offer]:
    """`beside`: the other terms of the query."""
    match _kind(head):
        case Kind.CHOICE:
            names = known.statuses if head.lower() == "status" else known.types
            counts = known.counts_within(beside, head.lower(), names)
            return _written(_ranked(counts, typed))
        case Kind.META:
            seen = known.values(_path(head))
            if sign in ORDERING:
                seen = {text: count for text, count in seen.items() if number(text) is not None}
            return _written(_ranked(seen, typed))
        case Kind.LOOK if head.lower() == "kind":
            return _written(_ranked({"none": None, **known.kinds}, typed))
        case Kind.LOOK:
            return _written(_ranked(dict.fromkeys(MARKS), typed))
        case Kind.SIZE:
            return [
                (size, "")
                for size in (
                    [f"{typed}{unit}" for unit in _SIZES]
                    if _QUANTITY.fullmatch(typed)
                    else _beginning_with(typed, _USUAL_SIZES)
                )
            ]
        case Kind.DATE if sign in ORDERING:
            if _QUANTITY.fullmatch(typed):
                return [(f"{typed}{unit}", note) for unit, note in _AGES.items()]
            return [(age, "") for age in _beginning_with(typed, _USUAL_AGES)]
        case _:
            return []


def _kind(head: str) -> Kind | None:
    if head.lower().startswith(META_PREFIX):
        return Kind.META
    name = head.lower()
    return kind_of(name) if name in FIELDS or is_looked(name) else None


def _path(head: str) -> str:
    try:
        return TermReader(f'{head}:""', 0).read().term.field.removeprefix(META_PREFIX)
    except Mistake:
        return ""


def _beginning_with(typed: str, usual: Iterable[str]) -> list[str]:
    return [text for text in usual if text.startswith(typed)]


def _written(offers: Iterable[Offer]) -> list[Offer]:
    return [(as_value(text), note) for text, note in offers]


def _ranked(counts: Mapping[str, int | None], typed: str) -> list[Offer]:
    """Those that begin with what was typed, then those that contain it; the frequent first."""
    wanted = typed.casefold()
    found = [name for name in counts if wanted in name.casefold()]

    def rank(name: str) -> tuple[bool, int, str]:
        return (not name.casefold().startswith(wanted), -(counts[name] or 0), name)

    return [
        (name, "" if (count := counts[name]) is None else f"{count:,}")
        for name in sorted(found, key=rank)
    ]
