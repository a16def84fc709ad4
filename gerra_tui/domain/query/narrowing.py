"""What a query lets the service leave out, without ever losing a row that the query wants.

Every term is checked on this side whatever the service did, so a narrowing may send too much and
never too little. Backends differ in what a parameter means, therefore a term narrows only where
all plausible readings keep the rows that it fits:

- `status`, `type`: one positive value, in either equality, that is a known one. These are the
  service's own lower-case words (docs/api.md), so the spelling sent is the known one. Unknown ones
  could be answered with a validation error.
- `meta.KEY=VALUE`: only `=`, because `:` ignores case and looks into lists where a comparison at
  the service does not. Only a plain top-level key and a plain text, ASCII without the signs that
  `key:value`, patterns or quoting could read as more. Nothing that could be read as a number,
  boolean or null: a backend that compares text does not find the number 5.0 by "5", and one that
  converts the text does not find "5" by 5.
- words: only if the profile claims that the service's `search` is a substring search over the
  same fields; then one word of those there are, the longest. A word that the text of a number or
  boolean could contain is left out, since a backend may write those in another way.

Alternatives (`a,b`) and negated terms never narrow: the parameters have no such form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from gerra_tui.domain.dataset import KNOWN_STATUSES, KNOWN_TYPES
from gerra_tui.domain.query.fields import META_PREFIX, WORD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gerra_tui.domain.query.term import Term

Search = Literal["off", "substring"]

_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_ ./-]*[A-Za-z0-9_./-])?")
# What the converters of Python, YAML, SQL and pydantic take for a boolean, null or odd number.
_CONVERTED: Final = frozenset(
    (
        "true",
        "false",
        "t",
        "f",
        "yes",
        "no",
        "y",
        "n",
        "on",
        "off",
        "null",
        "none",
        "nil",
        "undefined",
        "nan",
        "inf",
        "infinity",
    )
)
_NUMERIC_SIGNS: Final = re.compile(r"[0-9eE+.,_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """The filter parameters of `GET /datasets`; null or empty where there is nothing to say."""

    status: str | None = None
    data_type: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    search: str | None = None


class Plan(NamedTuple):
    """Which terms narrow at the service, and which are checked only here.

    `is_whole` claims that the service's listing is exactly what the query asks for, so that its
    total is the query's.
    """

    narrowing: Narrowing
    served: tuple[Term, ...]
    local: tuple[Term, ...]

    @property
    def is_whole(self) -> bool:
        # Of metadata and search nobody states how a backend compares, so only these are exact.
        return not self.local and all(term.field in ("status", "type") for term in self.served)


def plan(
    terms: Iterable[Term],
    search: Search = "off",
    *,
    statuses: Collection[str] = KNOWN_STATUSES,
    types: Collection[str] = KNOWN_TYPES,
) -> Plan:
    """What of `terms` narrows. `statuses` and `types` are those the service is known to have."""
    terms = tuple(dict.fromkeys(terms))
    status = _first_choice(terms, "status", statuses)
    data_type = _first_choice(terms, "type", types)
    metadata = dict[str, str]()
    for term in terms:
        if pair := _metadata_pair(term):
            metadata.setdefault(*pair)
    sought = _search_text(terms) if search == "substring" else None

    def is_served(term: Term) -> bool:
        return (
            (status is not None and _choice(term, "status", statuses) == status)
            or (data_type is not None and _choice(term, "type", types) == data_type)
            or ((pair := _metadata_pair(term)) is not None and metadata.get(pair[0]) == pair[1])
            or (sought is not None and _search_text([term]) == sought)
        )

    return Plan(
        narrowing=Narrowing(
            status=status, data_type=data_type, metadata=tuple(metadata.items()), search=sought
        ),
        served=tuple(term for term in terms if is_served(term)),
        local=tuple(term for term in terms if not is_served(term)),
    )


def _first_choice(terms: Iterable[Term], field: str, known: Collection[str]) -> str | None:
    return next((found for term in terms if (found := _choice(term, field, known))), None)


def _choice(term: Term, field: str, known: Collection[str]) -> str | None:
    """The one known value that the term asks for, in the service's spelling."""
    if term.field != field or term.negated or not term.is_equality:
        return None
    exact = term.operator == "="
    wanted = {value if exact else value.casefold() for value in term.values}
    fitting = {value for value in known if (value if exact else value.casefold()) in wanted}
    return fitting.pop() if len(wanted) == 1 and len(fitting) == 1 else None


def _metadata_pair(term: Term) -> tuple[str, str] | None:
    if not term.field.startswith(META_PREFIX) or term.negated or term.operator != "=":
        return None
    if len(set(term.values)) != 1:
        return None
    key, value = term.field.removeprefix(META_PREFIX), term.values[0]
    if not _PLAIN_KEY.fullmatch(key) or not _PLAIN_VALUE.fullmatch(value) or _converts(value):
        return None
    return key, value


def _search_text(terms: Iterable[Term]) -> str | None:
    words = [
        term.values[0]
        for term in terms
        if term.field == WORD and not term.negated and len(set(term.values)) == 1
    ]
    usable = [word for word in words if _PLAIN_VALUE.fullmatch(word) and not _in_a_scalar(word)]
    return max(usable, key=len, default=None)


def _converts(value: str) -> bool:
    """Claims that a backend could read `value` as something other than a text."""
    if value.casefold() in _CONVERTED:
        return True
    for convert in (float, lambda text: int(text, 0)):
        try:
            convert(value)
        except ValueError:
            continue
        return True
    return False


def _in_a_scalar(word: str) -> bool:
    """Claims that the text of a number or boolean could contain `word`."""
    folded = word.casefold()
    return bool(_NUMERIC_SIGNS.fullmatch(word)) or any(folded in text for text in _CONVERTED)
