"""A body as it comes, unpacked piece by piece: one layer of gzip, and never much at once.

httpx takes off as many layers as the answer names, each whole: 252 bytes become gigabytes.
"""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ACCEPTED: Final = "gzip"
PIECE: Final = 2**20  # bytes unpacked at once: a few milliseconds
_GZIP: Final = 16 + zlib.MAX_WBITS  # with the header and the sum of RFC 1952


async def unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """Raises `httpx.DecodingError` for what is packed otherwise, or is cut off."""
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        async for piece in response.aiter_raw():
            yield piece
    elif packing in ("gzip", "x-gzip"):
        async for piece in _gunzipped(response):
            yield piece
    else:
        raise httpx.DecodingError("packed in a way that was not asked for")


async def _gunzipped(response: httpx.Response) -> AsyncIterator[bytes]:
    gunzip = zlib.decompressobj(_GZIP)
    async for packed in response.aiter_raw():
        rest = packed
        while rest and not gunzip.eof:
            try:
                yield gunzip.decompress(rest, PIECE)
            except zlib.error as problem:
                raise httpx.DecodingError(str(problem)) from None
            rest = gunzip.unconsumed_tail
            await asyncio.sleep(0)
    if not gunzip.eof:
        raise httpx.DecodingError("cut off")
