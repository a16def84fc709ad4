"""`make bench`: measure the console beside its peers, print the table, keep the figures.

Times are told, never judged: the exit code is 0 whatever they are. Byte goals are tests. Only what
was measured on a quiet machine, whole, is put into the docs.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.bench import compare, far, holding, lists, quiet, report, screens, starts, terminals
from tests.bench.programs import missing
from tests.bench.reasons import reasons
from tests.bench.world import QUICK, Length, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.figures import Figure

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).parents[2]
MEASUREMENTS: Final[dict[str, tuple[Callable[[World], Iterator[Figure]], ...]]] = {
    "keys": (screens.full_width, screens.beside_the_pane),
    "idle": (holding.idle,),
    "repeat": (holding.repeat,),
    "slow": (holding.slow,),
    "million": (lists.jump,),
    "memory": (lists.sizes,),
    "start": (starts.start,),
    "service": (lists.requests, lists.scan),
    "far": (far.far, far.opening),
}


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    if options.terminals:
        return _terminals(into_docs=options.docs)
    at = datetime.now(UTC)
    figures: list[Figure] = []
    failed: list[str] = []
    with World(QUICK if options.quick else Length()) as world:
        before = quiet.reference(world)
        for name in options.only:
            for measure in MEASUREMENTS[name]:
                sys.stderr.write(f"measuring {name}: {(measure.__doc__ or '').splitlines()[0]}\n")
                failed += _measured(measure, world, figures)
        after = quiet.reference(world)
    restless = quiet.disquiet(before, after)
    remarks = [*report.LEGEND, *reasons(figures), *missing(), *failed]
    remarks += [report.where_and_when(at), quiet.told(before, after)]
    write = report.markdown if options.markdown else report.plain
    sys.stdout.write(write(figures, remarks))
    folder = ROOT / "bench-results"
    folder.mkdir(exist_ok=True)
    length = "quick" if options.quick else "whole"
    earlier = compare.latest(folder, length)
    kept = folder / f"{at:%Y-%m-%dT%H%M%SZ}.json"
    document = report.document(figures, remarks, at) | {"length": length, "quiet": restless is None}
    kept.write_text(json.dumps(document, indent=1) + "\n")
    sys.stdout.writelines(f"{line}\n" for line in compare.lines(earlier, figures))
    sys.stderr.write(f"kept in {kept.relative_to(ROOT)}\n")
    if not options.docs:
        return 0
    if failed or restless:
        sys.stderr.write("Not put into the page: a row failed, or the machine was not quiet.\n")
        return 1
    _into_page("performance", report.markdown(figures, remarks), "bench")
    return 0


def _measured(
    measure: Callable[[World], Iterator[Figure]], world: World, figures: list[Figure]
) -> list[str]:
    """Add what it measures; one that fails says so, and takes nothing with it."""
    try:
        for one in measure(world):
            figures.append(one)  # noqa: PERF402 - what came before a failure counts
    except Exception as problem:  # whatever it is, the other rows are still to be had
        first, *_ = str(problem).splitlines() or [""]
        name = f"{measure.__module__.rpartition('.')[2]}.{measure.__name__}"
        log.exception("%s failed", name)
        return [f"FAILED: {name}: {type(problem).__name__}: {first}"]
    return []


def _terminals(*, into_docs: bool) -> int:
    with World(QUICK) as world:
        table = terminals.table(world)
    sys.stdout.write(table)
    if into_docs:
        _into_page("terminals", table, "terminals")
    return 0


def _into_page(topic: str, block: str, name: str) -> None:
    page = ROOT / "gerra_tui" / "docs" / f"{topic}.md"
    page.write_text(report.into_page(page.read_text(encoding="utf-8"), block, name))


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", allow_abbrev=False)
    add = parser.add_argument
    add("--quick", action="store_true", help="fewer repetitions, shorter lists: two minutes")
    add("--only", type=_names, default=list(MEASUREMENTS), metavar="NAME,...",
        help=f"of {', '.join(MEASUREMENTS)}")  # fmt: skip
    add("--terminals", action="store_true", help="what each kind of terminal is sent: a minute")
    add("--markdown", action="store_true", help="print the table as Markdown")
    add("--docs", action="store_true", help="and put it into its page of gerra_tui/docs")
    options = parser.parse_args(argv)
    if options.docs and (options.quick or options.only != list(MEASUREMENTS)):
        parser.error("the page has the whole table: --docs goes with neither --quick nor --only")
    return options


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - MEASUREMENTS.keys():
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    sys.exit(main())
