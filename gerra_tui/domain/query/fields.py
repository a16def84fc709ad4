"""What a query can ask of each field: its operators, and which field a name may have meant."""

from __future__ import annotations

from typing import Final

from gerra_tui.domain.fields import (
    CHECK_PREFIX,
    FIELDS,
    LOOKED,
    META_PREFIX,
    WORD,
    Field,
    Kind,
    is_looked,
    is_path,
)

__all__ = [
    "CHECK_PREFIX",
    "EQUALITY",
    "FIELDS",
    "LOOKED",
    "META_PREFIX",
    "OPERATORS",
    "ORDERING",
    "WORD",
    "Field",
    "Kind",
    "is_looked",
]

ORDERING: Final = ("<", "<=", ">", ">=")
EQUALITY: Final = (":", "=")

OPERATORS: Final = {
    Kind.CHOICE: (":", "=", "~"),
    Kind.ID: (":", "=", "~"),
    Kind.TEXT: (":", "=", "~"),
    Kind.SIZE: (*ORDERING, *EQUALITY),
    Kind.DATE: (*ORDERING, *EQUALITY),
    Kind.LOOK: EQUALITY,
    Kind.META: (":", "=", "~", *ORDERING),
}

# The names that the service itself uses: suggested, so that one spelling stays in use.
_SERVICE_NAMES: Final = {field.source: field.name for field in FIELDS.values()} | {
    "organization": "org",
    "bytes": "size",
    "metadata": META_PREFIX,
    "state": "status",
}


def kind_of(field: str) -> Kind:
    """The kind of a field's full name (`meta.PATH`, `check.NAME`, or "" for words).

    Raises `KeyError`.
    """
    if field == WORD:
        return Kind.WORD
    if is_path(field):
        return Kind.META
    if is_looked(field):
        return Kind.LOOK
    return FIELDS[field].kind


def suggestion_for(name: str) -> str | None:
    """The field that someone who typed `name` most likely meant."""
    import difflib  # not needed for the first screen

    lowered = name.casefold()
    if lowered in _SERVICE_NAMES:
        return _SERVICE_NAMES[lowered]
    if lowered.startswith("metadata."):
        return META_PREFIX + name[len("metadata.") :]
    candidates = [*FIELDS, *LOOKED, *_SERVICE_NAMES, "meta."]
    near = difflib.get_close_matches(lowered[:40], candidates, n=1, cutoff=0.6)
    return _SERVICE_NAMES.get(near[0], near[0]) if near else None
