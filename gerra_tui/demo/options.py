"""The options of `gerra-tui demo-server`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`fail` is a fraction of requests; `others` and `arrivals` are datasets a second."""

    port: int = 0
    seed: int = 1
    datasets: int = 7_000
    record: Path | None = None
    record_faults: Path | None = None
    latency: float = 0.0
    fail: float = 0.0
    others: float = 0.0
    arrivals: float = 0.0
    overwrite: bool = False
    clock: datetime | None = None
    stop_on_eof: bool = False


def parse(argv: Sequence[str] | None) -> Options:
    """Reads the arguments; wrong ones end the program with 2, as argparse does."""
    given = _parser().parse_args(argv)
    return Options(
        port=given.port,
        seed=given.seed,
        datasets=given.datasets,
        record=given.record,
        record_faults=given.record_faults,
        latency=given.latency_ms / 1000,
        fail=given.fail,
        others=given.others,
        arrivals=given.arrivals,
        overwrite=given.overwrite,
        clock=given.clock,
        stop_on_eof=given.stop_on_eof,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gerra-tui demo-server",
        description="A demo of the datasets service on loopback. Once it listens it prints one "
        "JSON line with base_url, api_key, storage_url and pid.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    api_port = "port of the API, storage takes the next one if it is free (default: any free)"
    add("--port", type=port, default=0, metavar="N", help=api_port)
    add("--seed", type=count, default=1, metavar="N", help="which catalogue (default: 1)")
    add("--datasets", type=count, default=7_000, metavar="N", help="its size (default: 7000)")
    add("--record", type=Path, metavar="FILE", help="append one JSON line per verdict posted")
    planted = "append one JSON line per dataset whose data has a fault"
    add("--record-faults", type=Path, metavar="FILE", help=planted)
    add("--latency-ms", type=rate, default=0.0, metavar="N", help="delay of each answer")
    fail = "fraction of requests that fail, in ways that the seed decides"
    add("--fail", type=fraction, default=0.0, metavar="RATE", help=fail)
    others = "datasets that other reviewers decide, a second"
    add("--others", type=rate, default=0.0, metavar="RATE", help=others)
    arrivals = "new pending datasets a second"
    add("--arrivals", type=rate, default=0.0, metavar="RATE", help=arrivals)
    overwrite = "a second verdict overwrites the first, instead of 422"
    add("--overwrite", action="store_true", help=overwrite)
    add("--clock", type=instant, metavar="ISO", help="time stands still at this instant")
    add("--stop-on-eof", action="store_true", help=argparse.SUPPRESS)
    return parser


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return number


def count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError("a number from 0 to 10000000 is needed")
    return number


def rate(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError("a number not below 0 is needed")
    return number


def fraction(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("a fraction from 0 to 1 is needed")
    return number


def instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            "an ISO 8601 time is needed, as 2026-11-23T12:00:00Z"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
