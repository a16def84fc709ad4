"""What the reviewer saw when a key was typed, and so which dataset it can be about.

A slow link shows late. Keys typed ahead lead from what it still shows to what they mean, unless the
cursor came to another dataset than they would have led to from there: it has *jumped*. What was
typed before the terminal showed where it is now decides nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gerra_tui.ui.widgets.dataset_list import Picture

JUMPED_TOLD: Final = "Nothing {}: typed before the screen showed where the cursor had gone."
REACTION: Final = 0.5  # seconds; what changed since has not led the fingers yet
TEXT_OVER: Final = 1.0  # seconds without a key, after which a reason is no longer being typed
PICTURES_KEPT: Final = 256  # of those that no key has come behind


@dataclass(slots=True)
class _Shown:
    """A picture, the frame that first had it, and since when another one is known to be shown."""

    frame: int
    picture: Picture
    until: float | None = None


class Sight:
    """Frames are numbered as they are drawn; with each key comes the last that was shown then.

    Times are seconds of a monotonic clock.
    """

    def __init__(self) -> None:
        self._pictures: deque[_Shown] = deque(maxlen=PICTURES_KEPT)
        self._seen = 0
        self._jumped = False  # and no frame shows yet where to
        self._landed_in = 0
        self._dropping = False
        self._text_follows = False
        self._last = 0.0  # when the character before was typed

    def draw(self, frame: int, picture: Picture | None, under_cursor: str | None) -> None:
        """A frame was drawn. `picture` is null where the list is not in it as it is now."""
        if picture is None:
            return
        if not self._pictures or self._pictures[-1].picture != picture:
            self._pictures.append(_Shown(frame, picture))
        if self._jumped and picture.under_cursor == under_cursor:
            self._jumped = False
            self._landed_in = frame

    def jump(self, to: str | None) -> None:
        """No key has brought the cursor to this dataset, or one from something not shown yet."""
        self._jumped = to is not None  # where there is none, nothing is decided

    def take(self, seen: int, time: float, *, is_text: bool = True) -> None:
        """The next key was typed at this time, when this frame was shown. `is_text`: it may be a
        letter of a text."""
        self._seen = seen
        quiet = time - self._last
        if is_text:
            self._last = time
        self._text_follows = self._text_follows and quiet < TEXT_OVER
        if not self._text_follows and (self._is_shown or quiet >= TEXT_OVER):
            self._dropping = False
        for one, following in pairwise(self._pictures):
            if one.until is None and following.frame <= seen:
                one.until = time
        while self._pictures and self._is_over(self._pictures[0], time):
            self._pictures.popleft()

    def _is_over(self, one: _Shown, time: float) -> bool:
        return one.until is not None and time - one.until >= REACTION

    @property
    def knows(self) -> bool:
        """Claims that whoever typed the key now taken could know what is under the cursor, and is
        not typing the reason for another one."""
        return self._is_shown and not self._text_follows

    @property
    def drops(self) -> bool:
        """Claims that the key now taken goes with one that was refused."""
        return self._dropping

    @property
    def _is_shown(self) -> bool:
        return not self._jumped and self._seen >= self._landed_in

    @property
    def rows(self) -> dict[str, bool]:
        """The datasets that led the fingers when the key now taken was typed: which of them were
        undecided, as far as was shown."""
        rows: dict[str, bool] = {}
        for one in self._pictures:
            if one.frame <= self._seen:
                for dataset_id, undecided in one.picture.rows.items():
                    rows[dataset_id] = undecided or rows.get(dataset_id, False)
        return rows

    def refuse(self, *, text_follows: bool) -> None:
        """A key was not taken: what was typed behind it was meant for its dialog."""
        self._dropping = True
        self._text_follows |= text_follows

    def give_up(self) -> None:
        """Esc was typed behind it: the dialog would be gone by now."""
        self._dropping = self._text_follows = False
