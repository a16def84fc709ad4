"""One request as the demo sees it, read whole before anything is decided about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl

from gerra_tui.demo.wire.answers import Answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope

API, STORAGE = "api", "storage"

_VERDICT_PATH = re.compile(r"/datasets/([^/]+)/(accept|reject)")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


@dataclass(slots=True)
class Request:
    """`took_effect` becomes true when a POST has changed a dataset."""

    origin: str
    scope: Scope
    body: bytes
    took_effect: bool = False

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def call(self) -> str:
        """Method and path with `{id}` in the place of ids: what requests are counted by."""
        return f"{self.method} {_UUID.sub('{id}', self.path)}"

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)

    @property
    def verdict(self) -> tuple[str, str] | None:
        """The dataset's id and `accept` or `reject`, where that is what is asked for."""
        match = _VERDICT_PATH.fullmatch(self.path)
        return (match[1], match[2]) if match and self.method == "POST" else None

    def header(self, name: bytes) -> bytes | None:
        """The value of a header, its name given in lower case."""
        return next((value for key, value in self.scope["headers"] if key == name), None)


class Handler(Protocol):
    """What answers requests, the wire's troubles apart."""

    async def __call__(self, request: Request) -> Answer: ...


async def read(origin: str, scope: Scope, receive: Receive) -> Request:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return Request(origin, scope, body)


async def hung_up(receive: Receive) -> None:
    """Comes back when the client has closed its connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


def handled_by(app: ASGIApp) -> Handler:
    """A handler that asks an ASGI application and keeps its answer whole."""

    async def handle(request: Request) -> Answer:
        parts: list[bytes] = []
        start: Message = {}
        messages = iter([{"type": "http.request", "body": request.body}])

        async def receive() -> Message:
            return next(messages, {"type": "http.disconnect"})

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        scope = {**request.scope, "state": {}}
        await app(scope, receive, send)
        request.took_effect = scope["state"].get("took_effect", False)
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in start["headers"]
        }
        headers.pop("content-length", None)
        content = b"".join(parts)
        return Answer(start["status"], headers, len(content), (content,))

    return handle
