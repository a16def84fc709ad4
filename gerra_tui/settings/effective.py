"""The effective settings: command line, environment and config.toml put together, with sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

from gerra_tui.domain.checks.limits import SHIPPED
from gerra_tui.domain.view import PANE_FIRST, SHIPPED_VIEWS
from gerra_tui.service.preferences import Preferences
from gerra_tui.settings.config import Config, Profile, parse_hold, read_config
from gerra_tui.settings.origins import DEFAULT_BASE_URL, URL_VARIABLE, checked
from gerra_tui.settings.tables import WrongConfig

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gerra_tui.service.preferences import Auto, Express, Images
    from gerra_tui.settings.paths import Paths

DEFAULT_PROFILE = "default"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says; null where it says nothing."""

    base_url: str | None = None
    profile: str | None = None
    config: Path | None = None
    read_only: bool = False
    hold: str | None = None
    query: str | None = None
    fresh: bool = False
    mouse: Literal["auto", "on", "off"] = "auto"
    images: Images | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`sources` says where each value comes from, by the name that `gerra-tui config` shows."""

    preferences: Preferences
    profile: Profile
    paths: Paths
    config_file: Path
    sources: Mapping[str, str] = field(default_factory=dict)


def effective(options: Options, environ: Mapping[str, str], paths: Paths) -> Settings:
    """All settings for one start. Raises `WrongConfig`."""
    config_file = options.config or paths.config_file
    config = read_config(config_file, must_exist=options.config is not None)
    resolved = _Resolution(options, environ, config, config_file)
    profile = resolved.profile()
    base_url = resolved.base_url(profile)
    preferences = Preferences(
        profile=profile.name,
        base_url=base_url,
        demo=options.demo,
        read_only=resolved.read_only(profile),
        hold=resolved.hold(),
        express=resolved.express(),
        resend_after=resolved.of_config("decide.resend_after", config.resend_after, default=30.0),
        search=profile.search,
        views=resolved.of_config("views", config.views or None, default=SHIPPED_VIEWS),
        keymap=config.keymap,
        reject_reasons=config.reject_reasons,
        require_details=resolved.of_config(
            "reject.require_details", config.require_details, default=False
        ),
        pane_first=resolved.of_config("pane.first", config.pane_first, default=PANE_FIRST),
        theme=resolved.of_config("theme", config.theme, default=None),
        ascii_borders=resolved.of_config("ascii_borders", config.ascii_borders, default=False),
        evidence_auto=resolved.evidence_auto(),
        private_addresses=resolved.of_config(
            "evidence.private_addresses", config.private_addresses, default=False
        ),
        limits=resolved.of_config("evidence.limits", config.limits, default=SHIPPED),
        rules=resolved.of_config("evidence.rules", config.rules or None, default=()),
        query=options.query,
        fresh=options.fresh,
        mouse=_mouse(options.mouse, environ),
        images=options.images or ("palette" if _is_ssh(environ) else "rgb4"),
    )
    return Settings(
        preferences=preferences,
        profile=profile,
        paths=paths,
        config_file=config_file,
        sources=resolved.sources,
    )


class _Resolution:
    """One value after the other, and a note of where each was found."""

    def __init__(
        self, options: Options, environ: Mapping[str, str], config: Config, config_file: Path
    ) -> None:
        self.options = options
        self.environ = environ
        self.config = config
        self.file = str(config_file)
        self.sources: dict[str, str] = {}

    def profile(self) -> Profile:
        if self.options.profile:
            name, source = self.options.profile, "--profile"
        elif named := self.environ.get("GERRA_PROFILE", "").strip():
            name, source = named, "environment variable GERRA_PROFILE"
        else:
            name, source = DEFAULT_PROFILE, "default"
        self.sources["profile"] = source
        profile = self.config.profiles.get(name)
        if profile is None and name != DEFAULT_PROFILE:
            known = ", ".join(self.config.profiles) or "none"
            raise WrongConfig(f"There is no profile {name!r} in {self.file} (profiles: {known}).")
        return profile or Profile(name=name)

    def base_url(self, profile: Profile) -> str:
        """Named on the command line first (--base-url, then --profile), then the environment."""
        place = f"profiles.{profile.name}.base_url"
        candidates = (
            (self.options.base_url, "--base-url"),
            (profile.base_url if self.options.profile else None, place),
            (self.environ.get(URL_VARIABLE), f"environment variable {URL_VARIABLE}"),
            (profile.base_url, place),
            (DEFAULT_BASE_URL, "default"),
        )
        url, source = next((url, source) for url, source in candidates if url and url.strip())
        self.sources["base_url"] = f"{self.file}: {source}" if source == place else source
        return checked(url, source)

    def read_only(self, profile: Profile) -> bool:
        if self.options.read_only:
            self.sources["read_only"] = "--read-only"
            return True
        return self.of_config(
            "read_only", profile.read_only or None, default=False, place=profile.name
        )

    def hold(self) -> float | Literal["manual"]:
        if self.options.hold is not None:
            self.sources["decide.hold"] = "--hold"
            return parse_hold(self.options.hold)
        hold: float | Literal["manual"] = 10.0
        if self.config.preset is not None and self.config.hold is None:
            return self.of_preset("decide.hold", "manual")
        return self.of_config("decide.hold", self.config.hold, default=hold)

    def express(self) -> Express:
        off: Express = "off"
        if self.config.preset is not None and self.config.express is None:
            return self.of_preset("decide.express", "both")
        return self.of_config("decide.express", self.config.express, default=off)

    def evidence_auto(self) -> Auto:
        auto: Auto = "rest"
        return self.of_config("evidence.auto", self.config.evidence_auto, default=auto)

    def of_preset(self, name: str, value: T) -> T:
        """The preset "fast" decides freely, and sends nothing before all was looked through."""
        self.sources[name] = f'{self.file}: decide.preset = "{self.config.preset}"'
        return value

    def of_config(self, name: str, value: T | None, *, default: T, place: str = "") -> T:
        prefix = f"profiles.{place}." if place else ""
        self.sources[name] = "default" if value is None else f"{self.file}: {prefix}{name}"
        return default if value is None else value


def _mouse(wish: Literal["auto", "on", "off"], environ: Mapping[str, str]) -> bool:
    if wish == "auto":
        return not _is_ssh(environ)
    return wish == "on"


def _is_ssh(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
