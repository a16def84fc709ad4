"""`[evidence]`: when to look, by how much numbers may differ, and the reviewer's own rules."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.checks.limits import SHIPPED, Limits
from gerra_tui.domain.checks.numbers import number
from gerra_tui.domain.text import ended
from gerra_tui.settings.tables import WrongConfig, check_names, table_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.domain.checks.rules import Rule
    from gerra_tui.service.preferences import Auto

NAMES: Final = ("auto", "private_addresses", "limits", "rules")
_LIMITS: Final = tuple(asdict(SHIPPED))
_AUTOS: Final[tuple[Auto, ...]] = ("rest", "open", "off")
_MOST_RULES: Final = 100


def auto_of(evidence: Mapping[str, Any]) -> Auto | None:
    """When the console looks by itself. Raises `WrongConfig`."""
    found = evidence.get("auto")
    for auto in _AUTOS:
        if found == auto:
            return auto
    if found is not None:
        raise WrongConfig(f'evidence.auto is {found!r}: it takes "rest", "open" or "off".')
    return None


def limits_of(evidence: Mapping[str, Any]) -> Limits | None:
    """Those that `[evidence.limits]` sets, the others as shipped. Raises `WrongConfig`."""
    table = table_of(evidence, "limits", "evidence.")
    check_names(table, _LIMITS, "evidence.limits.")
    limits: dict[str, Any] = asdict(SHIPPED)
    for name, value in table.items():
        given, whole = number(value), isinstance(limits[name], int)
        if given is None or given < 0 or (whole and given != int(given)):
            kind = "a whole number, 0 or more" if whole else "a number, 0 or more"
            raise WrongConfig(f"evidence.limits.{name} is {value!r}: it takes {kind}.")
        limits[name] = int(given) if whole else given
    return Limits(**limits) if table else None


def rules_of(evidence: Mapping[str, Any], text: str) -> tuple[Rule, ...]:
    """The rules in order; `text` is the whole file's, to say in which line a wrong one stands.

    Raises `WrongConfig`.
    """
    if "rules" not in evidence:
        return ()
    from gerra_tui.domain.checks.rules import WrongRule, read_rule

    written = texts_of(evidence, "rules", "evidence.")
    if len(written) > _MOST_RULES:
        raise WrongConfig(f"evidence.rules are {len(written):,}: it takes up to {_MOST_RULES}.")
    rules = []
    for place, rule in enumerate(written, 1):
        try:
            rules.append(read_rule(rule))
        except WrongRule as problem:
            where = f"{_line(rule, text)}evidence.rules[{place}]"
            raise WrongConfig(f"{where} is {rule!r}: {ended(str(problem))}") from None
    return tuple(rules)


def _line(rule: str, text: str) -> str:
    """`line 7: `, where the file has the rule as it is meant, without escapes."""
    lines = text.splitlines()
    found = next((at for at, line in enumerate(lines, 1) if rule and rule in line), None)
    return f"line {found}: " if found else ""
