"""Numbers, sizes, ages and dates as a query writes them."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Number = int | float

# RFC 8259, section 6. A text longer than any double's digits is no number worth comparing.
_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LONGEST_NUMBER: Final = 400

_SIZE: Final = re.compile(r"([0-9]{1,25}(?:\.[0-9]{1,25})?) ?([a-zA-Z]*)")
_SIZE_UNITS: Final[Mapping[str, int]] = {
    "": 1,
    "b": 1,
    **{f"{prefix}b": 1000**power for power, prefix in enumerate("kmgtp", 1)},
    **{f"{prefix}ib": 1024**power for power, prefix in enumerate("kmgtp", 1)},
}

_AGE: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(min|h|d|w)")
_AGE_UNITS: Final = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}

_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?P<minute>[T ][0-9]{2}:[0-9]{2}(?P<second>:[0-9]{2}(?P<fraction>\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)


class Malformed(ValueError):
    """A value that its field cannot have; the text is a sentence."""


class Age(NamedTuple):
    """A time before now."""

    length: timedelta


class Span(NamedTuple):
    """What a date names: a UTC day, or the minute or second that was written."""

    start: datetime
    end: datetime  # exclusive


def number(text: str) -> Number | None:
    """The number that a text is in JSON's notation, else null."""
    if len(text) > _LONGEST_NUMBER or not _JSON_NUMBER.fullmatch(text):
        return None
    if text.lstrip("-").isdigit():
        return int(text)
    value = float(text)
    return value if math.isfinite(value) else None


def size(text: str) -> Number:
    """Bytes: `500`, `1.5GB` (10^9), `2 GiB` (2^30). Raises `Malformed`."""
    match = _SIZE.fullmatch(text)
    factor = _SIZE_UNITS.get(match[2].lower()) if match else None
    if match is None or factor is None:
        raise Malformed(f"`{text}` is not a size: write bytes like 500, 20MB, 1.5GB or 2GiB.")
    whole, _, decimals = match[1].partition(".")
    parts = int("1" + "0" * len(decimals))
    scaled, rest = divmod(int(whole + decimals) * factor, parts)
    return scaled if rest == 0 else scaled + rest / parts


def moment(text: str) -> Age | Span:
    """`7d`, `12h`, `2w`, `30min`, `2026-11-20`, `2026-11-20T14:02Z`. Raises `Malformed`."""
    try:
        if match := _AGE.fullmatch(text):
            return Age(float(match[1]) * _AGE_UNITS[match[2]])
        if match := _MOMENT.fullmatch(text):
            return _span(text, match)
    except (ValueError, OverflowError):
        pass
    raise Malformed(
        f"`{text}` is neither an age like 12h, 7d or 2w nor a UTC date like 2026-11-20."
    )


def _span(text: str, match: re.Match[str]) -> Span:
    start = datetime.fromisoformat(text)
    start = start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)
    if match["fraction"]:
        length = timedelta(microseconds=1)
    elif match["second"]:
        length = timedelta(seconds=1)
    elif match["minute"]:
        length = timedelta(minutes=1)
    else:
        length = timedelta(days=1)
    return Span(start, start + length)
