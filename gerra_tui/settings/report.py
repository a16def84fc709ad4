"""`gerra-tui config`: the effective settings, and where each comes from. Never a key."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING

from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.settings.effective import Settings


def example() -> str:
    """A commented config.toml with every setting."""
    return files("gerra_tui.settings").joinpath("example.toml").read_text(encoding="utf-8")


def lines(settings: Settings) -> Iterator[str]:
    """`name = value   (source)`, one setting a line, without a sign that a terminal would obey."""
    return map(clean, _lines(settings))


def _lines(settings: Settings) -> Iterator[str]:
    preferences = settings.preferences
    values = {
        "profile": preferences.profile,
        "base_url": preferences.base_url,
        "read_only": _print(preferences.read_only),
        "search": preferences.search,
        "decide.hold": _print(preferences.hold),
        "decide.express": preferences.express,
        "decide.resend_after": _print(preferences.resend_after),
        "reject.require_details": _print(preferences.require_details),
        "theme": preferences.theme or "the terminal's",
        "ascii_borders": _print(preferences.ascii_borders),
        "pane.first": ", ".join(preferences.pane_first),
        "evidence.auto": preferences.evidence_auto,
        "evidence.private_addresses": _print(preferences.private_addresses),
        "evidence.limits": ", ".join(
            f"{name} {value:g}" for name, value in asdict(preferences.limits).items()
        ),
        "evidence.rules": "; ".join(rule.text for rule in preferences.rules) or "none",
        "views": ", ".join(view.name for view in preferences.views),
    }
    yield f"config file: {settings.config_file}{_absent(settings)}"
    for name, value in values.items():
        yield f"{name} = {value}   ({settings.sources.get(name, _of_profile(settings))})"
    for context, commands in preferences.keymap.items():
        for command, keys in commands.items():
            yield f"keys.{context}.{command} = {', '.join(keys) or 'none'}"
    for data_type, reasons in preferences.reject_reasons.items():
        yield f"reject.{data_type}.reasons = {len(reasons)} of your own"


def _of_profile(settings: Settings) -> str:
    return f"profile {settings.profile.name}"


def _absent(settings: Settings) -> str:
    return "" if settings.config_file.exists() else " (there is none)"


def _print(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g} s"
    return str(value)
