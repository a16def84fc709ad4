"""JSON answers, written by hand from the contract."""

from __future__ import annotations

import json
from typing import Any


def encode(body: Any) -> bytes:
    """Compact UTF-8 JSON, as FastAPI writes it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def detail(text: str) -> bytes:
    return encode({"detail": text})
