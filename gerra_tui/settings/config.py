"""config.toml: read with tomllib, checked key by key, every mistake a sentence with its place."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from gerra_tui.domain.columns import UnknownColumn, check_column
from gerra_tui.domain.text import ended
from gerra_tui.domain.view import (
    DEFAULT_COLUMNS,
    LEAST_WIDTH,
    MOST_WIDTH,
    Column,
    Sort,
    View,
)
from gerra_tui.settings import judging
from gerra_tui.settings.tables import (
    WrongConfig,
    check_names,
    flag_of,
    table_of,
    text_of,
    texts_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.checks.rules import Rule
    from gerra_tui.service.preferences import Auto, Express, Theme

HOLD_LIMIT = 60.0  # seconds; a longer undo is what "manual" is for


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One service and the means to its key. Null where the file does not say."""

    name: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    api_key_command: str | None = None
    api_key_env: str | None = None
    read_only: bool = False
    search: Literal["off", "substring"] = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What config.toml says. Null or empty where it says nothing."""

    profiles: Mapping[str, Profile] = field(default_factory=dict)
    hold: float | Literal["manual"] | None = None
    express: Express | None = None
    preset: Literal["fast"] | None = None
    resend_after: float | None = None
    views: tuple[View, ...] = ()
    keymap: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    reject_reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    require_details: bool | None = None
    pane_first: tuple[str, ...] | None = None
    theme: Theme | None = None
    ascii_borders: bool | None = None
    evidence_auto: Auto | None = None
    private_addresses: bool | None = None
    limits: Limits | None = None
    rules: tuple[Rule, ...] = ()


def read_config(path: Path, *, must_exist: bool) -> Config:
    """The file's contents; nothing said if there is none. Raises `WrongConfig`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if must_exist:
            raise WrongConfig(f"There is no config file {path}.") from None
        return Config()
    except (OSError, UnicodeDecodeError) as problem:
        raise WrongConfig(f"The config file {path} cannot be read: {ended(str(problem))}") from None
    try:
        return parse_config(text)
    except WrongConfig as problem:
        raise WrongConfig(f"{path}: {problem}") from None


def parse_config(text: str) -> Config:
    """The same from a text. Raises `WrongConfig`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise WrongConfig(f"this is not TOML: {ended(str(problem))}") from None
    check_names(
        table,
        (
            "profiles",
            "decide",
            "views",
            "keys",
            "reject",
            "pane",
            "evidence",
            "theme",
            "ascii_borders",
        ),
        "",
    )
    decide = table_of(table, "decide")
    check_names(decide, ("hold", "express", "preset", "resend_after"), "decide.")
    reject = table_of(table, "reject")
    pane = table_of(table, "pane")
    check_names(pane, ("first",), "pane.")
    evidence = table_of(table, "evidence")
    check_names(evidence, judging.NAMES, "evidence.")
    return Config(
        profiles={
            name: _profile(name, table_of(table_of(table, "profiles"), name, "profiles."))
            for name in table_of(table, "profiles")
        },
        hold=parse_hold(decide["hold"]) if "hold" in decide else None,
        express=_express(decide.get("express")),
        preset=_preset(decide.get("preset")),
        resend_after=_seconds(decide, "resend_after"),
        views=_views(table.get("views", [])),
        keymap=_keymap(table_of(table, "keys")),
        reject_reasons=_reasons(reject),
        require_details=flag_of(reject, "require_details", "reject."),
        pane_first=texts_of(pane, "first", "pane.") if "first" in pane else None,
        theme=_theme(table),
        ascii_borders=flag_of(table, "ascii_borders", ""),
        evidence_auto=judging.auto_of(evidence),
        private_addresses=flag_of(evidence, "private_addresses", "evidence."),
        limits=judging.limits_of(evidence),
        rules=judging.rules_of(evidence, text),
    )


def _theme(table: Mapping[str, Any]) -> Theme | None:
    match text_of(table, "theme", ""):
        case None:
            return None
        case "dark":
            return "dark"
        case "light":
            return "light"
        case "mono":
            return "mono"
        case other:
            raise WrongConfig(f'theme is {other!r}: it takes "dark", "light" or "mono".')


def _express(found: object) -> Express | None:
    match found:
        case None:
            return None
        case False:
            return "off"
        case True | "accept":
            return "accept"
        case "both":
            return "both"
    raise WrongConfig(f'decide.express is {found!r}: it takes false, "accept" or "both".')


def _preset(found: object) -> Literal["fast"] | None:
    match found:
        case None:
            return None
        case "fast":
            return "fast"
    raise WrongConfig(f'decide.preset is {found!r}: there is "fast" alone.')


def parse_hold(value: object) -> float | Literal["manual"]:
    """Seconds from 0 to 60, or "manual". Raises `WrongConfig`."""
    if value == "manual":
        return "manual"
    try:
        seconds = float(value) if isinstance(value, str | int | float) else -1.0
    except ValueError:
        seconds = -1.0
    if isinstance(value, bool) or not 0 <= seconds <= HOLD_LIMIT:
        raise WrongConfig(f'hold is {value!r}: it takes seconds from 0 to 60, or "manual".')
    return seconds


def _profile(name: str, table: Mapping[str, Any]) -> Profile:
    place = f"profiles.{name}."
    check_names(
        table,
        ("base_url", "api_key", "api_key_command", "api_key_env", "read_only", "search"),
        place,
    )
    search = text_of(table, "search", place) or "off"
    if search not in ("off", "substring"):
        raise WrongConfig(f'{place}search is {search!r}: it takes "off" or "substring".')
    return Profile(
        name=name,
        base_url=text_of(table, "base_url", place),
        api_key=text_of(table, "api_key", place, secret=True),
        api_key_command=text_of(table, "api_key_command", place),
        api_key_env=text_of(table, "api_key_env", place),
        read_only=flag_of(table, "read_only", place) or False,
        search="substring" if search == "substring" else "off",
    )


def _views(value: object) -> tuple[View, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise WrongConfig("views must be written as [[views]] tables.")
    return tuple(_view(item, f"views[{number}].") for number, item in enumerate(value, 1))


def _view(table: Mapping[str, Any], place: str) -> View:
    check_names(table, ("name", "query", "columns", "sort"), place)
    name = text_of(table, "name", place)
    if not name:
        raise WrongConfig(f"{place}name is missing: a view needs a name for its tab.")
    columns = texts_of(table, "columns", place) if "columns" in table else DEFAULT_COLUMNS
    for column in columns:
        if re.search(r":[0-9]+$", column) and Column.of(column).width is None:
            limits = f"{LEAST_WIDTH} to {MOST_WIDTH}"
            raise WrongConfig(f"{place}columns has {column!r}: a width is {limits} cells.")
        _check_column(Column.of(column).name, f"{place}columns")
    sort = text_of(table, "sort", place)
    if sort:
        _check_column(parse_sort(sort).column, f"{place}sort")
    return View(
        name=name,
        query=text_of(table, "query", place) or "",
        columns=columns,
        sort=parse_sort(sort) if sort else None,
    )


def _check_column(name: str, place: str) -> None:
    try:
        check_column(name)
    except UnknownColumn as problem:
        raise WrongConfig(f"{place}: {problem}") from None


def parse_sort(text: str) -> Sort:
    """`size` ascending, `-size` descending."""
    return Sort(column=text.removeprefix("-"), descending=text.startswith("-"))


def print_sort(sort: Sort) -> str:
    return f"{'-' if sort.descending else ''}{sort.column}"


def _keymap(table: Mapping[str, Any]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        context: {
            command: texts_of(table_of(table, context, "keys."), command, f"keys.{context}.")
            for command in table_of(table, context, "keys.")
        }
        for context in table
    }


def _reasons(reject: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    reasons = {}
    for name in reject:
        if name == "require_details":
            continue
        table = table_of(reject, name, "reject.")
        check_names(table, ("reasons",), f"reject.{name}.")
        if "reasons" in table:
            reasons[name] = texts_of(table, "reasons", f"reject.{name}.")
    return reasons


def _seconds(table: Mapping[str, Any], name: str) -> float | None:
    value = table.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise WrongConfig(f"decide.{name} must be seconds, 0 or more, not {value!r}.")
    return float(value)
