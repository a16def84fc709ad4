"""What a decision hangs on, in the order in which it is asked: which dataset and which version,
what the one before was sent back for, what was asked for, and what its facts say of themselves."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len

from gerra_tui.domain.checks.numbers import number
from gerra_tui.domain.evidence import Mark
from gerra_tui.domain.text import clean, clean_block
from gerra_tui.ui.present.cells import fit_middle, wrapped
from gerra_tui.ui.present.evidence import price, step_line
from gerra_tui.ui.present.lines import DetailLine, hanging, heading
from gerra_tui.ui.present.values import short_age, short_size, type_letters
from gerra_tui.ui.theme import ACCEPTED, BOLD, DIM, PLAIN, TITLE, TYPES, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from rich.style import Style

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Check, Step
    from gerra_tui.domain.iterations import Iteration, Iterations

GAP: Final = "  "
RULE: Final = "\u2500"
SIGNS: Final[Mapping[Mark, tuple[str, Style]]] = {
    Mark.OK: ("\u2713", ACCEPTED),
    Mark.ODD: ("!", WARNING),
    Mark.UNCHECKED: ("?", PLAIN),
}
MOST_COMPARED: Final = 800  # words: what that costs grows with the square
CHECK_LABEL: Final = 9  # cells of a check's name


def version_before(iterations: Iterations | None, dataset_id: str) -> Iteration | None:
    version = iterations.version_of(dataset_id) if iterations else None
    if iterations is None or version is None:
        return None
    at = iterations.versions.index(version)
    return iterations.versions[at - 1] if at else None


def fault_of(version: Iteration | None) -> str | None:
    """Why that version was sent back."""
    if version is None:
        return None
    rejected = (version.metadata or {}).get("rejection_reason")
    return version.superseded_reason or (str(rejected) if rejected else None)


# The head, which stays when the rest is scrolled


def name_line(dataset: Dataset, width: int) -> DetailLine:
    return DetailLine(fit_middle(clean(dataset.name) or "(no name)", width).rstrip(), BOLD)


def facts_line(dataset: Dataset, now: datetime, width: int) -> DetailLine:
    """`3RD  3.2 MB  16.0 s  30 fps  1280x720   1d old`, as far as there is room."""
    letters = type_letters(dataset.data_type)
    facts = list(facts_of(dataset))
    old = short_age(dataset.date_created or dataset.date_updated, now)
    parts = [letters, short_size(dataset), *facts, f"{old} old"]
    while len(parts) > 3 and cell_len(GAP.join(parts)) > width:
        parts.pop(-2)
    line = DetailLine(GAP.join(parts))
    style = TYPES.get(letters, PLAIN)
    return line.marked(0, len(letters), style)


def facts_of(dataset: Dataset) -> Iterator[str]:
    """Length, rate and shape, as the metadata declares them."""
    metadata = dataset.metadata or {}
    fps, rate = number(metadata.get("fps")), number(metadata.get("sample_rate_hz"))
    seconds = number(metadata.get("duration_s"))
    frames = number(metadata.get("total_frames"))
    if seconds is None and frames is not None and fps:
        seconds = frames / fps
    if seconds is not None and abs(seconds) < 10**9:
        yield f"{seconds:.1f} s" if abs(seconds) < 120 else f"{seconds / 60:.0f} min"
    if shape := _shape(metadata):
        yield shape
    if fps is not None and abs(fps) < 10**6:
        yield f"{fps:g} fps"
    if rate is not None and abs(rate) < 10**9:
        yield f"{rate:g} Hz"
    for key, one, many in (("total_episodes", "episode", "episodes"),):
        count = number(metadata.get(key))
        if count is not None and abs(count) < 10**6:
            yield f"{count:g} {one if count == 1 else many}"
    channels = metadata.get("channels")
    if isinstance(channels, list):
        yield f"{len(channels)} channel{'s' if len(channels) != 1 else ''}"


def _shape(metadata: Mapping[str, Any]) -> str:
    size = metadata.get("resolution")
    if not (isinstance(size, list) and len(size) == 2):
        cameras = metadata.get("cameras")
        first = next(iter(cameras.values()), None) if isinstance(cameras, dict) else None
        size = [first.get("width"), first.get("height")] if isinstance(first, dict) else []
    numbers = [number(one) for one in size]
    known = [one for one in numbers if one is not None and 0 < one < 10**6]
    return f"{known[0]:g}x{known[1]:g}" if len(known) == 2 else ""


def versions_line(iterations: Iterations | None, dataset_id: str, width: int) -> DetailLine:
    """`v1 superseded > v2 rejected > [v3]`; blank until it is known. The one displayed is in
    brackets; where there is no room the oldest go."""
    if iterations is None or not iterations.versions:
        return DetailLine("")
    here = next((n for n, it in enumerate(iterations.versions) if it.dataset_id == dataset_id), 0)
    names = [
        f"v{it.version + 1}" + (f" {clean(it.status, 20)}" if it.status != "pending" else "")
        for it in iterations.versions
    ]
    names[here] = f"[{names[here]}]"
    first = 0
    while first < here and cell_len(_strip(names, first)) > width:
        first += 1
    strip = fit_middle(_strip(names, first), width).rstrip()
    line = DetailLine(strip, DIM)
    at = strip.find(names[here])
    return line.marked(at, at + len(names[here]), BOLD) if at >= 0 else line


def _strip(names: Sequence[str], first: int) -> str:
    return ("... > " if first else "") + " > ".join(names[first:])


def rule_line(dataset: Dataset, width: int) -> DetailLine:
    """`── NAME ───── 3RD 3.2 MB 16.0 s 1280x720 ──`: where the pane lies below the list."""
    letters = type_letters(dataset.data_type)
    facts = [letters, short_size(dataset), *facts_of(dataset)]
    room = width - cell_len(clean(dataset.name)) - 10
    while len(facts) > 3 and cell_len(" ".join(facts)) > max(room, width // 3):
        facts.pop()
    told = f" {' '.join(facts)} {RULE * 2}"
    room = width - 3 - len(told)
    name = fit_middle(clean(dataset.name) or "(no name)", max(1, room - 1)).rstrip()
    name = f"{RULE * 2} {name} "
    line = DetailLine(f"{name}{RULE * max(0, width - cell_len(name) - cell_len(told))}{told}", DIM)
    at = len(line.text) - len(told) + 1
    line = line.marked(3, len(name) - 1, BOLD).marked(at, len(line.text) - 3, PLAIN)
    return line.marked(at, at + len(letters), TYPES.get(letters, PLAIN))


# Below it


def redone_lines(
    before: Iteration | None, now: datetime, width: int, *, compact: bool = False
) -> Iterator[DetailLine]:
    """The reason for which the version before was sent back: all of it."""
    fault = fault_of(before)
    if before is None or not fault:
        return
    told = clean_block(fault)
    if not compact:
        told += f"  v{before.version + 1}, {short_age(before.created_at, now)} ago"
    label = "REDONE " if compact else "REDONE  "
    for line in hanging(label, told, width, WARNING):
        yield line.marked(0, len(label), TITLE) if line.text.startswith(label) else line
    if not compact:
        yield DetailLine("")


def asked_lines(
    dataset: Dataset,
    version: Iteration | None,
    before: Iteration | None,
    width: int,
    *,
    compact: bool = False,
) -> Iterator[DetailLine]:
    """The prompt, or the task, with the words that the version before did not have."""
    metadata = dataset.metadata or {}
    title, asked, old = "PROMPT", version.prompt if version else None, before and before.prompt
    if not asked:
        title = "TASK"
        key = next((key for key in ("task", "instruction", "prompt") if metadata.get(key)), None)
        asked = str(metadata[key]) if key else None
        earlier = (before.metadata or {}).get(key) if before and key else None
        old = str(earlier) if earlier else None
    if not asked:
        return
    words, new = _compared(clean_block(asked), clean_block(old) if old else None)
    since = f"since v{before.version + 1}: " if before else ""
    if compact:
        first, *rest = _with_new_words([title, *words], frozenset(n + 1 for n in new), width)
        yield from (first.marked(0, len(title), TITLE), *rest)
        return
    told = ""
    if old and since:
        count = len(new)
        told = since + (f"{count} word{'s' if count != 1 else ''} new" if count else "the same")
    if title == "TASK" and cell_len(" ".join(words)) < width - 8:
        line = DetailLine(f"TASK    {' '.join(words)}{GAP if told else ''}{told}"[: width + 8])
        yield line.marked(0, 4, TITLE)
    else:
        yield heading(title, told, width=width)
        yield from _with_new_words(words, new, width)
    yield DetailLine("")


def _compared(text: str, old: str | None) -> tuple[list[str], frozenset[int]]:
    """The words, the first of each new run with a `+`, and which of them are new."""
    words = text.split()
    if old is None or max(len(words), len(old.split())) > MOST_COMPARED:
        return words, frozenset()
    new: set[int] = set()
    matcher = SequenceMatcher(None, old.split(), words, autojunk=False)
    for operation, _, _, start, end in matcher.get_opcodes():
        if operation in ("insert", "replace"):
            new.update(range(start, end))
    begun = new - {number + 1 for number in new}
    return [f"+{w}" if n in begun else w for n, w in enumerate(words)], frozenset(new)


def _with_new_words(words: Sequence[str], new: frozenset[int], width: int) -> Iterator[DetailLine]:
    number = 0
    for piece in wrapped(" ".join(words), width):
        line = DetailLine(piece)
        at = 0
        for part in piece.split(" "):
            if number in new:
                line = line.marked(at, at + len(part), ACCEPTED)
            at += len(part) + 1
            # a word longer than the line stands on several
            number += number < len(words) and words[number].endswith(part)
        yield line


def compact_check_lines(
    checks: Sequence[Check], steps: Sequence[Step], width: int
) -> Iterator[DetailLine]:
    """All of them in as few lines as they need; what is fine by its name alone."""
    if not checks and not steps:
        return
    words = ["CHECKS"]
    for check in checks:
        told = "" if check.mark is Mark.OK else f": {clean(check.text)}"
        words.append(f"{SIGNS[check.mark][0]} {clean(check.id, 20)}{told}")
    words += [f"? {clean(one.words)}: {one.key} {price(one.requests, one.bytes)}" for one in steps]
    for number_of, piece in enumerate(wrapped(" ".join(words), width)):
        line = DetailLine(piece)
        for mark, (sign, style) in SIGNS.items():
            for at in (n for n, letter in enumerate(piece) if letter == sign):
                if mark is not Mark.UNCHECKED:
                    line = line.marked(at, at + 1, style)
        yield line if number_of else line.marked(0, len(words[0]), TITLE)


def check_lines(
    checks: Sequence[Check], steps: Sequence[Step], told: str, width: int
) -> Iterator[DetailLine]:
    """A line or more for each, then what further keys would look at and their price."""
    if not checks and not steps:
        return
    yield heading("CHECKS", told, width=width, anchor="checks")
    for check in checks:
        sign, style = SIGNS[check.mark]
        label = f"{sign} {clean(check.id, 20):<{CHECK_LABEL}} "
        for number_of, line in enumerate(hanging(label, clean(check.text), width)):
            if number_of:
                yield line
            else:
                end = len(label.rstrip()) if check.mark is Mark.ODD else 1
                yield line.marked(0, end, style)
    for step in steps:
        yield from step_line(step, CHECK_LABEL, width)
    yield DetailLine("")
