"""Pre-signed storage URLs in the manner of S3: the method, the path and the expiry are signed.

The names of the parameters are those of AWS Signature Version 4 in a query string.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.demo.world.clock import Clock

VALIDITY = timedelta(minutes=60)
_STAMP = "%Y%m%dT%H%M%SZ"


class Refused(Exception):
    """Why storage refuses a URL: S3's error code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Signer:
    def __init__(self, key: bytes, clock: Clock, storage_url: str) -> None:
        self._key = key
        self._clock = clock
        self._storage_url = storage_url

    def url(self, path: str, validity: timedelta = VALIDITY) -> str:
        """An absolute URL to GET `path` (which starts with a slash) until the validity ends."""
        stamp = self._clock.now().astimezone(UTC).strftime(_STAMP)
        seconds = str(int(validity.total_seconds()))
        query = urlencode(
            {
                "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
                "X-Amz-Credential": f"DEMO/{stamp[:8]}/local/s3/aws4_request",
                "X-Amz-Date": stamp,
                "X-Amz-Expires": seconds,
                "X-Amz-SignedHeaders": "host",
                "X-Amz-Signature": self._signature("GET", path, stamp, seconds),
            }
        )
        return f"{self._storage_url}{quote(path)}?{query}"

    def check(self, method: str, path: str, query: Mapping[str, str]) -> None:
        """Raises Refused unless the URL was signed here for this method and is still valid."""
        stamp, seconds = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
        given = query.get("X-Amz-Signature", "")
        if not given:
            raise Refused("AccessDenied", "Access Denied")
        if not hmac.compare_digest(given, self._signature(method, path, stamp, seconds)):
            raise Refused(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided.",
            )
        end = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC) + timedelta(seconds=int(seconds))
        if self._clock.now() >= end:
            raise Refused("AccessDenied", "Request has expired")

    def _signature(self, method: str, path: str, stamp: str, seconds: str) -> str:
        message = f"{method}\n{path}\n{stamp}\n{seconds}".encode()
        return hmac.new(self._key, message, sha256).hexdigest()
