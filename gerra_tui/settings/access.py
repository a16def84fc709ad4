"""The key of one start, from its source to the API client, which alone may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.settings.asking import Asking
from gerra_tui.settings.keys import Secret, find_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.settings.effective import Settings


class KeyAccess:
    """The key of one start: looked for when it is first needed, off the event loop."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._environ = environ
        self._key: Secret | None = None
        self._source = "not looked for yet"
        self._looked = False
        self._asking = Asking()

    @property
    def has_key(self) -> bool:
        return self._key is not None

    @property
    def source(self) -> str:
        return self._source

    @property
    def waits_for(self) -> str | None:
        return self._asking.word

    def use(self, key: str) -> None:
        self._key = Secret(key.strip())
        self._source = "typed for this session"
        self._looked = True

    def reveal(self) -> str:
        """The key, for the API client alone."""
        return self._key.reveal() if self._key else ""

    def look(self) -> None:
        """Find the key; may start a command. Does nothing the second time."""
        if self._looked:
            return
        found = find_key(
            self._environ,
            base_url=self._settings.preferences.base_url,
            profile=self._settings.profile,
            config_file=self._settings.config_file,
            asking=self._asking,
        )
        if not self._looked:  # a key may have been typed meanwhile
            self._key = found.key
            self._source = "; ".join((found.source, *found.remarks))
            self._looked = True

    def leave(self) -> None:
        """Whoever waits for a key goes: what is asked for one ends at once."""
        self._asking.leave()

    @property
    def asks_at_the_terminal(self) -> bool:
        """Whether a program may have to ask something, which it cannot on a screen of ours."""
        return bool(self._settings.profile.api_key_command)
