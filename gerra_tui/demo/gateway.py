"""What stands in front of the API: the key."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from gerra_tui.demo.answers import detail

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Gateway:
    def __init__(self, app: ASGIApp, api_key: str) -> None:
        self._app = app
        self._api_key = api_key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        given = dict(scope["headers"]).get(b"gerra-api-key")
        if given is None or not hmac.compare_digest(given, self._api_key):
            body = detail("Missing API key" if given is None else "Invalid API key")
            headers = [(b"content-type", b"application/json"),
                       (b"content-length", str(len(body)).encode())]  # fmt: skip
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        scope["state"] = {}
        await self._app(scope, receive, send)
