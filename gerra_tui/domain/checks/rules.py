"""Rules of the reviewer's own: what makes a dataset odd, in the words of a query.

    missing meta.calibration
    meta.fps < 10
    type:episode missing meta.task

`missing FIELD` is fulfilled where the field has no value. Spaces may stand around a comparison.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.columns import UnknownColumn, value_of
from gerra_tui.domain.evidence import fine, odd
from gerra_tui.domain.fields import WORD, Kind
from gerra_tui.domain.query import Query, parse
from gerra_tui.domain.text import clean, compact_json, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Check

SCOPE: Final = "declared"
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_COMPARISON: Final = re.compile(rf"({_QUOTED})|\s*([<>]=?|[:=~])\s*")
_MISSING: Final = re.compile(rf"(?<!\S)missing\s+((?:{_QUOTED}|[^\s\"])+)", re.IGNORECASE)
_LONGEST: Final = 60  # characters of a value that is shown


class WrongRule(ValueError):
    """The rule cannot be read; the text says why, a sentence."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`text` as it was written."""

    text: str
    query: Query
    missing: tuple[str, ...] = ()


def read_rule(text: str) -> Rule:
    """Raises `WrongRule`."""
    missing = tuple(match[1] for match in _MISSING.finditer(text))
    for name in missing:
        try:
            value_of(name)
        except UnknownColumn as problem:
            raise WrongRule(str(problem)) from None
    rest = _MISSING.sub("", text)
    parsed = parse(_COMPARISON.sub(lambda found: found[1] or found[2], rest).strip())
    if parsed.query is None:
        raise WrongRule(parsed.errors[0].message)
    if parsed.query.asks_of_looks:
        raise WrongRule("A rule speaks of what is declared, not of what a look found.")
    if not parsed.query.terms and not missing:
        raise WrongRule("It says nothing: write a query, or `missing FIELD`.")
    return Rule(text.strip(), parsed.query, missing)


def ruled(dataset: Dataset | None, rules: Iterable[Rule], now: datetime) -> Iterator[Check]:
    """A check for each rule that speaks of such a dataset. `now` is aware."""
    for rule in rules:
        if dataset is not None and (check := _check(dataset, rule, now)) is not None:
            yield check


def _check(dataset: Dataset, rule: Rule, now: datetime) -> Check | None:
    """None where a status or type of the rule is another one, or a value that it asks for is not
    there."""
    choices = [term for term in rule.query.terms if term.kind is Kind.CHOICE]
    if not Query(tuple(choices)).matches(dataset, now):
        return None
    asked = [term.field for term in rule.query.terms if term not in choices and term.field != WORD]
    values = {name: value_of(name)(dataset) for name in asked}
    told = ", ".join(
        f"{name} {_written(value)}" for name, value in values.items() if value is not None
    )
    text = f"{rule.text}{f' ({told})' if told else ''}"
    absent = all(_is_absent(value_of(name)(dataset)) for name in rule.missing)
    if absent and rule.query.matches(dataset, now):
        return odd("rule", text, declared=rule.text, scope=SCOPE)
    if any(value is None for value in values.values()):
        return None
    return fine("rule", f"not {text}", declared=rule.text, scope=SCOPE)


def _is_absent(value: Any) -> bool:
    return value is None or (isinstance(value, str) and is_blank(value))


def _written(value: Any) -> str:
    shown = value if isinstance(value, str) else compact_json(value)
    return clean(shown, _LONGEST)
