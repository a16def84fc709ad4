"""The id of a dataset: a UUID, which may be spelled in several ways."""

from __future__ import annotations

import re
from typing import Final

_UUID: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WITHOUT_DASHES: Final = re.compile(
    "([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})", re.IGNORECASE
)
NO_ID: Final = "This is no id of a dataset, which looks like 0b8e1b9e-1111-4000-8000-00000000000a."


def is_dataset_id(text: str) -> bool:
    """Whether it is a UUID in 36 characters, in any case."""
    return _UUID.fullmatch(text) is not None


def spelled_out(text: str) -> str:
    """A UUID with its dashes; any other text as it is."""
    found = _WITHOUT_DASHES.fullmatch(text)
    return "-".join(found.groups()) if found else text


def is_same_dataset(one: str, other: str) -> bool:
    """Whether two spellings name one dataset."""
    return spelled_out(one).casefold() == spelled_out(other).casefold()
