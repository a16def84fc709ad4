"""Answers before they are put on the wire: written by hand from the contract."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Answer:
    """`length` is the number of bytes that all chunks have together."""

    status: int
    headers: Mapping[str, str]
    length: int
    chunks: Iterable[bytes]


def encode(body: Any) -> bytes:
    """Compact UTF-8 JSON, as FastAPI writes it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def whole(status: int, kind: str, content: bytes, **headers: str) -> Answer:
    """An answer in one piece; header names are given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"content-type": kind, **named}, len(content), (content,))


def json_answer(status: int, body: Any, **headers: str) -> Answer:
    return whole(status, "application/json", encode(body), **headers)


def detail(status: int, text: str, **headers: str) -> Answer:
    return json_answer(status, {"detail": text}, **headers)


def cdn_page(status: int, title: str, **headers: str) -> Answer:
    """The HTML page of a CDN that answers in the service's place."""
    page = (
        f"<!DOCTYPE html>\n<html>\n<head><title>gerra.example | {status}: {title}</title></head>\n"
        f"<body>\n<h1>Error {status}</h1>\n<p>{title}</p>\n"
        "<p>Ray ID: 8f2d00c0ffee &bull; The web server reported an error.</p>\n</body>\n</html>\n"
    )
    return whole(status, "text/html; charset=UTF-8", page.encode(), **headers)


def storage_error(status: int, code: str, message: str, **headers: str) -> Answer:
    """S3's XML error document."""
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message>"
        "<RequestId>DEMO00000001</RequestId></Error>"
    )
    return whole(status, "application/xml", document.encode(), **headers)
