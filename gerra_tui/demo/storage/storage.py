"""The storage origin: objects behind signed URLs, in parts, as S3 serves them."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from uuid import UUID

from gerra_tui.demo.storage.signing import Refused, Signer
from gerra_tui.demo.wire.answers import Answer, storage_error
from gerra_tui.demo.world.catalogue import Catalogue, Forbidden, NotFound

if TYPE_CHECKING:
    from gerra_tui.demo.storage.objects import Objects, Stored
    from gerra_tui.demo.wire.requests import Request

_PATH = re.compile(r"/gerra-demo/([0-9a-f-]{36})/([0-9a-f-]{36})[./]([a-z0-9._]{1,20})")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Storage:
    """Only a signed GET is served: a HEAD of the same URL has another signature, and is 403."""

    def __init__(self, catalogue: Catalogue, objects: Objects, signer: Signer) -> None:
        self._catalogue = catalogue
        self._objects = objects
        self._signer = signer

    async def __call__(self, request: Request) -> Answer:
        try:
            self._signer.check(request.method, request.path, dict(request.query))
        except Refused as refusal:
            return storage_error(403, refusal.code, refusal.message)
        stored = await asyncio.to_thread(self._stored, request.path)
        if stored is None:
            return storage_error(404, "NoSuchKey", "The specified key does not exist.")
        if _header(request, b"if-none-match") == stored.etag:
            return Answer(304, {"etag": stored.etag}, 0, ())
        if (wanted := _header(request, b"if-match")) and wanted not in {"*", stored.etag}:
            return storage_error(
                412, "PreconditionFailed", "At least one of the pre-conditions did not hold."
            )
        return _served(request, stored)

    def _stored(self, path: str) -> Stored | None:
        match = _PATH.fullmatch(path)
        if match is None or match[1] != self._catalogue.organization_id:
            return None
        try:
            row = self._catalogue.row_of(UUID(match[2]))
        except (NotFound, Forbidden, ValueError):
            return None
        return self._objects.get(row, match[3])


def _served(request: Request, stored: Stored) -> Answer:
    """RFC 9110, section 14: one range, by first and last byte or as a suffix; else the whole."""
    length = stored.content.length
    headers = {"content-type": stored.kind, "etag": stored.etag, "accept-ranges": "bytes"}
    span = _span(_header(request, b"range"), length)
    condition = _header(request, b"if-range")
    if span is None or (condition and condition != stored.etag):
        return Answer(200, headers, length, stored.content.chunks(0, length))
    start, stop = span
    if start >= stop:
        return storage_error(
            416,
            "InvalidRange",
            "The requested range is not satisfiable",
            content_range=f"bytes */{length}",
        )
    headers["content-range"] = f"bytes {start}-{stop - 1}/{length}"
    return Answer(206, headers, stop - start, stored.content.chunks(start, stop))


def _span(header: str, length: int) -> tuple[int, int] | None:
    """Start and end of the bytes asked for, None for a header that is to be ignored."""
    match = _RANGE.fullmatch(header)
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        return max(0, length - int(match[2])) if int(match[2]) else length, length
    start = int(match[1])
    if match[2] and int(match[2]) < start:
        return None
    return start, min(length, int(match[2]) + 1) if match[2] else length


def _header(request: Request, name: bytes) -> str:
    return (request.header(name) or b"").decode("latin-1")
