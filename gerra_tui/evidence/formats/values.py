"""What a child saw in the values of a small table: NaN, nulls, gaps, a channel standing still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import fine, odd, unchecked
from gerra_tui.evidence.child.host import ChildFailure, NotInstalled, run
from gerra_tui.evidence.listing import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gerra_tui.domain.evidence import Check
    from gerra_tui.evidence.findings import FormatLook
    from gerra_tui.evidence.window import Window

Columns = dict[str, dict[str, Any]]

_NAMED: Final = 3  # columns in one sentence
_MOVING: Final = ("action", "observation.state")
_IDLE: Final = 0.5  # of an episode: curated sets rest long, but not at their ends
_FEW: Final = 10  # distinct values
_OFTEN: Final = 0.02  # of all values
_CLOCK: Final = "timestamp"  # LeRobot's column of seconds since the episode began


async def judge_columns(window: Window, found: FormatLook) -> None:
    """Put `values` into the facts and say what is odd in them. Raises StorageFailure."""
    try:
        told = (await run("columns", window)).facts
    except NotInstalled as missing:
        found.checks.append(unchecked("values", f"NaN, stuck, gaps: {missing}"))
        return
    except ChildFailure as failure:
        found.checks.append(unchecked("values", str(failure)))
        return
    columns: Columns = told.get("columns", {})
    problems: Mapping[str, str] = told.get("problems", {})
    found.facts["values"] = columns
    if problems:
        name, problem = next(iter(problems.items()))
        words = f"{count(len(problems), 'column')} not readable: {name}: {problem}"
        found.checks.append(odd("values", words, measured=len(problems)))
    if told.get("cut"):
        found.checks.append(unchecked("values", f"only {count(len(columns), 'column')} looked at"))
    if columns:
        found.checks += judge(columns)


def judge(columns: Columns) -> Iterator[Check]:
    """The checks that values alone allow."""
    yield _counted(columns, "nan", ("nan", "infinite"), "NaN or infinite")
    if any(column["nulls"] for column in columns.values()):
        yield _counted(columns, "nulls", ("nulls",), "missing")
    if clock := columns.get(_CLOCK):
        yield from _judge_clock(clock)
    vectors = _vectors(columns)
    still = [name for name, parts in vectors.items() if all(map(_stands_still, parts))]
    if still:
        yield odd("stuck", f"stands still half of the time or more: {_some(still)}",
                  measured=len(still))  # fmt: skip
    clipped = [name for name, column in columns.items() if _is_clipped(column)]
    if clipped:
        yield odd("clipped", f"cut off at both ends alike: {_some(clipped)}", measured=len(clipped))
    for name in _MOVING:
        if parts := [part for part in vectors.get(name, []) if part.get("distinct", 0) > 1]:
            yield _judge_idle(name, parts)
            return


def _counted(columns: Columns, name: str, keys: tuple[str, ...], words: str) -> Check:
    counts = {
        label: number
        for label, column in columns.items()
        if (number := sum(column[key] for key in keys))
    }
    total = sum(counts.values())
    if not total:
        return fine(name, f"none in {count(len(columns), 'column')}", measured=0)
    return odd(name, f"{count(total, 'value')} {words}: {_some(list(counts))}", measured=total)


def _judge_clock(clock: Mapping[str, Any]) -> Iterator[Check]:
    if back := clock.get("back", 0):
        yield odd("order", f"{_CLOCK} goes back {count(back, 'time')}", measured=back)
    else:
        yield fine("order", f"{_CLOCK} never goes back", measured=0)
    if gaps := clock.get("gaps", 0):
        longest = 1000 * clock["longest_step"]
        yield odd("gaps", f"{gaps:,} in {_CLOCK}, longest {longest:,.4g} ms", measured=gaps)
    else:
        yield fine("gaps", f"none in {_CLOCK}", measured=0)


def _vectors(columns: Columns) -> dict[str, list[Mapping[str, Any]]]:
    """The elements of each vector together."""
    vectors: dict[str, list[Mapping[str, Any]]] = {}
    for name, column in columns.items():
        vector, dot, index = name.rpartition(".")
        if dot and index.isdigit():
            vectors.setdefault(vector, []).append(column)
    return vectors


def _stands_still(column: Mapping[str, Any]) -> bool:
    return bool(column["count"] > 1 and 2 * column.get("still", 0) >= column["count"])


def _is_clipped(column: Mapping[str, Any]) -> bool:
    """Many values at either end, the ends alike: a sensor or a command at its limit.

    A gripper that is open or shut has few distinct values.
    """
    ends = column.get("at_low", 0), column.get("at_high", 0)
    return bool(
        column.get("distinct", 0) > _FEW
        and min(ends) > 1
        and sum(ends) > _OFTEN * column["count"]
        and column["min"] == -column["max"]
    )


def _judge_idle(name: str, parts: list[Mapping[str, Any]]) -> Check:
    """How long the whole vector keeps still at either end; how much is too much, is the task's."""
    rows = parts[0]["count"]
    start, end = (min(part[key] for part in parts) for key in ("idle_start", "idle_end"))
    share = min(1.0, (start + end) / rows)
    words = f"{name} still for {start:,} rows at the start, {end:,} at the end: {share:.0%}"
    return (odd if share > _IDLE else fine)("idle", words, measured=round(share, 3))


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED:,} more"
