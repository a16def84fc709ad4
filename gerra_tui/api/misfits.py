"""What does not fit, in words of ours, by the kinds that pydantic names.

The service tells of its own validation with the same kinds, as FastAPI does. A kind that is not
here has only the library's own message (docs.pydantic.dev/latest/errors/validation_errors).
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "missing": "is missing",
    "string_type": "is not a text",
    "string_too_short": "is empty",
    "string_unicode": "is not valid Unicode",
    "int_type": "is not a number",
    "int_parsing": "is not a number",
    "int_from_float": "is not a whole number",
    "float_type": "is not a number",
    "float_parsing": "is not a number",
    "dict_type": "is not an object",
    "model_type": "is not an object",
    "model_attributes_type": "is not an object",
    "list_type": "is not a list",
    "uuid_type": "is not a UUID",
    "uuid_parsing": "is not a UUID",
}


def in_words(place: str, kind: object) -> str | None:
    """Like "data_byte_size is not a number"; null for a kind that has no words here."""
    words = _WORDS.get(kind) if isinstance(kind, str) else None
    return None if words is None else f"{place} {words}"
