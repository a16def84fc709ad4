"""How fast the reviewer goes, and how long the rest takes at that pace."""

from __future__ import annotations

from typing import Final

BEYOND: Final = 1000  # hours


def pace_words(decided: int, seconds_each: float | None, left: int | None) -> tuple[str, ...]:
    """`37 today`, `14 s each`, `~7.5 h left`, as far as they are known; nothing before the first.

    `left`: how many are still to be decided, null where that is not known.
    """
    if not decided:
        return ()
    words = [f"{decided:,} today"]
    if seconds_each is not None:
        words.append(f"{seconds_each:.0f} s each")
        if left:
            words.append(f"~{duration(left * seconds_each)} left")
    return tuple(words)


def duration(seconds: float) -> str:
    """`40 s`, `12 min`, `7.5 h`, `31 h`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3_600:
        return f"{seconds / 60:.0f} min"
    hours = seconds / 3_600
    if hours >= BEYOND:
        return f"{BEYOND}+ h"
    return f"{hours:.1f} h" if hours < 10 else f"{hours:.0f} h"
