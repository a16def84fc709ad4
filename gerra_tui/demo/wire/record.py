"""The record of verdicts posted: one JSON line per POST, for checks from outside.

`{"time","dataset_id","verdict","reason","http_status","took_effect"}`. `time` is the real time,
UTC, also under `--clock`: the instant at which the verdict took effect or was turned away.
`http_status` is what the client was answered, null where the demo sent no whole answer on purpose
(cut, hung, truncated, late). A late POST gets its line when it is handled. Other reviewers'
decisions are no POSTs and are not in it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.demo.wire.requests import Request


class Record:
    """Appends to `path`, each line flushed before its answer leaves; None keeps no record."""

    def __init__(self, path: Path | None) -> None:
        self._file: IO[str] | None = path.open("a", encoding="utf-8") if path else None

    def settle(self, request: Request, http_status: int | None) -> None:
        verdict = request.verdict
        if self._file is None or verdict is None:
            return
        line = {
            "time": datetime.now(UTC).isoformat(),
            "dataset_id": verdict[0],
            "verdict": verdict[1],
            "reason": _reason(request.body) if verdict[1] == "reject" else None,
            "http_status": http_status,
            "took_effect": request.took_effect,
        }
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _reason(body: bytes) -> str | None:
    try:
        reason = json.loads(body)["reason"]
    except (ValueError, TypeError, KeyError):
        return None
    return reason if isinstance(reason, str) else None
