"""The effective settings as values: made by `settings`, read by whoever shows or decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from gerra_tui.domain.checks.limits import SHIPPED, Limits
from gerra_tui.domain.view import PANE_FIRST, SHIPPED_VIEWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.domain.checks.rules import Rule
    from gerra_tui.domain.view import View

Theme = Literal["dark", "light", "mono"]
MANUAL: Literal["manual"] = "manual"
Auto = Literal["rest", "open", "off"]
Images = Literal["off", "palette", "rgb4", "rgb"]
Express = Literal["off", "accept", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """`hold` in seconds, 0 to 60, or "manual": nothing leaves before the reviewer says so.

    `evidence_auto` is when the console looks at data by itself: where the cursor "rest"s, where a
    detail is "open"ed, or "off". `images`: the colours of pictures. `private_addresses`: storage
    may be in a private network. `express`: what is decided without a dialog, an "accept" or "both"
    verdicts.
    `limits` are those of the checks, `rules` the reviewer's own.
    """

    profile: str = "default"
    base_url: str = "https://api.gerra.com"
    demo: bool = False
    read_only: bool = False
    hold: float | Literal["manual"] = 10.0
    express: Express = "off"
    resend_after: float = 30.0  # seconds
    search: Literal["off", "substring"] = "off"
    views: tuple[View, ...] = SHIPPED_VIEWS
    keymap: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    reject_reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by data type
    require_details: bool = False
    evidence_auto: Auto = "rest"
    private_addresses: bool = False
    limits: Limits = SHIPPED
    rules: tuple[Rule, ...] = ()
    query: str | None = None  # from the command line
    fresh: bool = False
    mouse: bool = False
    images: Images = "palette"
    pane_first: tuple[str, ...] = PANE_FIRST  # keys of the metadata
    theme: Theme | None = None  # null: as the terminal says
    ascii_borders: bool = False  # borders, bars and signs in ASCII; names as they are

    @property
    def api_host(self) -> str:
        """Host, with the port where it is not the scheme's own."""
        return self.base_url.split("://", 1)[-1].split("/", 1)[0]


class ViewStore(Protocol):
    """Where views saved from inside go: config.toml, with its comments kept."""

    def save(self, views: tuple[View, ...]) -> None:
        """Raises `ViewsUnwritable`, a sentence."""
        ...


class ViewsUnwritable(Exception):
    """The config file could not be written; nothing was changed."""


class Access(Protocol):
    """The key, without ever showing it."""

    @property
    def has_key(self) -> bool: ...

    @property
    def source(self) -> str:
        """Where the key comes from, or where it was looked for: a phrase to show."""
        ...

    @property
    def waits_for(self) -> str | None:
        """What is asked for a key and has not answered yet, to show; null for nothing."""
        ...

    def use(self, key: str) -> None:
        """Use this key for the rest of the session."""
