"""What the detail pane says of one dataset: pure lines, to be painted and walked through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.checks.declared import declared
from gerra_tui.domain.checks.rules import ruled
from gerra_tui.domain.dataset import PENDING, UnreadableRow
from gerra_tui.domain.decision import DecisionState
from gerra_tui.domain.text import clean, clean_block
from gerra_tui.domain.urls import SIGNED_FOR
from gerra_tui.domain.urls import shown as shown_address
from gerra_tui.domain.view import PANE_FIRST
from gerra_tui.service.failures import NotFound
from gerra_tui.ui.present.compare import compared_lines
from gerra_tui.ui.present.downloads import download_lines
from gerra_tui.ui.present.evidence import evidence_lines, meter
from gerra_tui.ui.present.files import file_lines
from gerra_tui.ui.present.ground import (
    asked_lines,
    check_lines,
    compact_check_lines,
    facts_line,
    name_line,
    redone_lines,
    rule_line,
    version_before,
    versions_line,
)
from gerra_tui.ui.present.lines import DetailLine, hanging, heading, paragraph
from gerra_tui.ui.present.metadata import compact_metadata_lines, metadata_lines
from gerra_tui.ui.present.pictures import picture_lines
from gerra_tui.ui.present.values import NOTHING, age, local_time, value_text
from gerra_tui.ui.theme import BOLD, DIM, PLAIN, PROBLEM, STATES, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from gerra_tui.domain.checks.rules import Rule
    from gerra_tui.domain.dataset import Dataset, Row
    from gerra_tui.domain.decision import Decision
    from gerra_tui.domain.evidence import Check
    from gerra_tui.domain.iterations import Iteration, Iterations
    from gerra_tui.service.details import Detail
    from gerra_tui.service.downloads import Download
    from gerra_tui.ui.present.evidence import Looked
    from gerra_tui.ui.present.files import Filed
    from gerra_tui.ui.present.pictures import Pictured

LABEL: Final = 9  # cells of a field's name; an id fits beside it at 120 columns
TWO_COLUMNS: Final = 106  # cells of a pane that has room for two
GUTTER: Final = 3  # cells between them
MARGINS: Final = 2  # cells of a pane beside its lines
KNOWN: Final = frozenset(
    {"id", "date_created", "date_updated", "organization_id", "data_type", "name", "description"}
    | {"status", "link", "signed_url", "data_byte_size", "metadata"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is displayed: the row of the list or an older version, and all that is known of it."""

    row: Row
    detail: Detail | None
    decision: Decision | None
    state: str
    now: datetime
    unfolded: frozenset[tuple[str, ...]] = frozenset()
    elsewhere: str | None = None  # the status read, where somebody else decided
    remark: str = ""  # the reviewer's own: flagged, set aside with a note
    first: tuple[str, ...] = PANE_FIRST  # the keys of the metadata that come first
    missing: tuple[str, ...] = ()  # those that its siblings have
    rules: tuple[Rule, ...] = ()  # the reviewer's own
    evidence: Looked | None = None  # what a look at its bytes found, or finds
    download: Download | None = None
    pictures: Pictured | None = None
    files: Filed | None = None
    compared: bool = False  # beside the version before

    @property
    def dataset(self) -> Dataset | None:
        """The newest body known: the detail's own answer, else what the list has."""
        return newest(self.row, self.detail)

    @property
    def checks(self) -> tuple[Check, ...]:
        """Of its bytes, of what is declared, and of the reviewer's own rules."""
        dataset = self.dataset
        if dataset is None:
            return ()
        looked = self.evidence.checks if self.evidence else ()
        own = ruled(dataset, self.rules, self.now)
        return (*looked, *declared(dataset, self.missing), *own)


def newest(row: Row, detail: Detail | None) -> Dataset | None:
    """The detail's own answer, else what the list has; null for a row that cannot be read."""
    if detail is not None and detail.dataset is not None:
        return detail.dataset
    return None if isinstance(row, UnreadableRow) else row


@dataclass(frozen=True, slots=True)
class Laid:
    """`head` stays where the rest is scrolled; `columns` stand side by side, one or two."""

    head: tuple[DetailLine, ...]
    columns: tuple[tuple[DetailLine, ...], ...]


def lay(shown: Shown, width: int, *, below: bool = False, compact: bool = False) -> Laid:
    """All lines, wrapped to the cells that each column has. `below`: under the list, with a rule
    that names the dataset; `compact`: in few lines."""
    dataset = shown.dataset
    if dataset is None:
        return Laid((), (tuple(_unreadable(shown, width)),))
    if compact:
        return _compact(shown, dataset, width)
    head = tuple(_head(shown, dataset, width, below=below))
    if shown.compared and (two := _two_versions(shown, dataset)):
        return Laid(head, (tuple(compared_lines(*two, dataset.metadata or {}, width)),))
    if width < TWO_COLUMNS:
        body = (
            *_part(shown, width),
            *_ground(shown, dataset, width),
            *_metadata(shown, dataset, width),
            *_story(shown, dataset, width),
            *_record(shown, dataset, width),
            *_further(dataset, width),
        )
        return Laid(head, (body,))
    left = body_width(width + MARGINS)
    right = width - GUTTER - left
    if part := tuple(_part(shown, left)):
        beside = (
            *_ground(shown, dataset, right),
            *_metadata(shown, dataset, right),
            *_story(shown, dataset, right),
            *_record(shown, dataset, right),
            *_further(dataset, right),
        )
        return Laid(head, (part, beside))
    return Laid(
        head,
        (
            (*_ground(shown, dataset, left), *_story(shown, dataset, left)),
            (
                *_metadata(shown, dataset, right),
                *_record(shown, dataset, right),
                *_further(dataset, right),
            ),
        ),
    )


def _part(shown: Shown, width: int) -> Iterator[DetailLine]:
    """What of the data the reviewer opened."""
    yield from picture_lines(shown.pictures, width)
    yield from file_lines(shown.files, shown.unfolded, width)


def body_width(width: int) -> int:
    """Cells of a line in a pane that is so wide: of its left column, where it has two."""
    inside = max(8, width - MARGINS)
    return inside if inside < TWO_COLUMNS else (inside - GUTTER) // 2


def _two_versions(shown: Shown, dataset: Dataset) -> tuple[Iteration, Iteration] | None:
    iterations = shown.detail.iterations if shown.detail else None
    before = version_before(iterations, dataset.id)
    version = iterations.version_of(dataset.id) if iterations else None
    return (before, version) if before and version else None


def _compact(shown: Shown, dataset: Dataset, width: int) -> Laid:
    iterations = shown.detail.iterations if shown.detail else None
    before = version_before(iterations, dataset.id)
    return Laid(
        (rule_line(dataset, width), versions_line(iterations, dataset.id, width)),
        (
            (
                *_ground(shown, dataset, width, compact=True),
                *compact_metadata_lines(
                    dataset.metadata,
                    before.metadata if before else None,
                    first=shown.first,
                    width=width,
                ),
                *_story(shown, dataset, width),
                *_record(shown, dataset, width),
                *_further(dataset, width),
            ),
        ),
    )


def _head(shown: Shown, dataset: Dataset, width: int, *, below: bool) -> Iterator[DetailLine]:
    if below:
        yield rule_line(dataset, width)
    else:
        yield name_line(dataset, width)
        yield facts_line(dataset, shown.now, width)
    iterations = shown.detail.iterations if shown.detail else None
    yield versions_line(iterations, dataset.id, width)
    yield DetailLine("")


def _ground(
    shown: Shown, dataset: Dataset, width: int, *, compact: bool = False
) -> Iterator[DetailLine]:
    """What a decision hangs on."""
    if not compact:
        yield from evidence_lines(shown.evidence, shown.now, width)
    yield from download_lines(shown.download, width)
    iterations = shown.detail.iterations if shown.detail else None
    version = iterations.version_of(dataset.id) if iterations else None
    before = version_before(iterations, dataset.id)
    if iterations and version and version.version != iterations.latest_version:
        yield DetailLine("NOT THE LATEST version is displayed", WARNING)
    if shown.remark:
        yield from paragraph(shown.remark, width, WARNING)
    if shown.state == "elsewhere" and shown.elsewhere:
        told = f"elsewhere: {clean(shown.elsewhere, 40)}"
        yield DetailLine(told, STATES.get(shown.state, PLAIN))
        yield DetailLine("")
    elif shown.decision is None and shown.state != PENDING:
        yield DetailLine(clean(shown.state, 40), STATES.get(shown.state, PLAIN))
        yield DetailLine("")
    if shown.detail and shown.detail.dataset_failure:
        problem = shown.detail.dataset_failure.detail
        yield from paragraph(f"Not read again: {clean(problem)}", width, PROBLEM)
    yield from _decision(shown, width)
    yield from redone_lines(before, shown.now, width, compact=compact)
    yield from asked_lines(dataset, version, before, width, compact=compact)
    looked = shown.evidence
    checks = shown.checks
    steps = looked.steps if looked else ()
    if compact:
        yield from compact_check_lines(checks, steps, width)
        return
    told = meter(looked) if looked and looked.look else "of what is declared"
    yield from check_lines(checks, steps, told, width)


def _metadata(shown: Shown, dataset: Dataset, width: int) -> Iterator[DetailLine]:
    iterations = shown.detail.iterations if shown.detail else None
    before = version_before(iterations, dataset.id)
    yield from metadata_lines(
        dataset.metadata,
        before.metadata if before else None,
        first=shown.first,
        unfolded=shown.unfolded,
        before_name=f"v{before.version + 1}" if before else "",
        width=width,
    )
    yield DetailLine("")


def _story(shown: Shown, dataset: Dataset, width: int) -> Iterator[DetailLine]:
    yield from _description(dataset, width)
    yield from _iterations(shown, width)


def _record(shown: Shown, dataset: Dataset, width: int) -> Iterator[DetailLine]:
    yield heading("RECORD", "y copies", width=width, anchor="record")
    for name, field, value in (
        ("id", "id", dataset.id),
        ("status", "status", dataset.status),
        ("type", "type", dataset.data_type),
        ("org", "org", dataset.organization_id),
        ("path", "link", dataset.link),
    ):
        for line in hanging(f"{name:<{LABEL}}", value_text(value or NOTHING), width):
            yield replace(line, field=field, value=value)
    for name, field, moment in (
        ("created", "created", dataset.date_created),
        ("updated", "updated", dataset.date_updated),
    ):
        text = f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else NOTHING
        yield DetailLine(f"{name:<{LABEL}}{text}", field=field, value=moment)
    count = dataset.data_byte_size
    exact = NOTHING if count is None else f"{count:,} bytes"
    yield DetailLine(f"{'size':<{LABEL}}{exact}", field="size", value=count)
    yield from _download(shown, dataset, width)


def _download(shown: Shown, dataset: Dataset, width: int) -> Iterator[DetailLine]:
    """Host and path; the query is the secret."""
    if not dataset.signed_url:
        return
    till = ""
    if shown.detail is not None and shown.detail.read_at is not None:
        till = f"  valid till {local_time(shown.detail.read_at + SIGNED_FOR, seconds=False)}"
    address = shown_address(dataset.signed_url)
    where = f"{clean(address.partition('://')[2] or address)}{till}"
    yield from hanging(f"{'download':<{LABEL}}", where, width)


def _decision(shown: Shown, width: int) -> Iterator[DetailLine]:
    decision = shown.decision
    if decision is None:
        return
    yield heading("DECISION")
    given_up = decision.state in (DecisionState.TAKEN_BACK, DecisionState.DROPPED)
    state = decision.state.replace("_", " ") if given_up else shown.state
    said = f"{decision.verdict} at {local_time(decision.decided_at)}: {state}"
    yield from paragraph(said, width, STATES.get(state, PLAIN))
    if decision.reason:
        yield from paragraph(f"reason: {clean_block(decision.reason)}", width)
    trouble = decision.settled_detail or (decision.last_error and decision.last_error.detail)
    if trouble:
        yield from paragraph(clean(trouble), width, WARNING)
    yield DetailLine("")


def _description(dataset: Dataset, width: int) -> Iterator[DetailLine]:
    yield heading("DESCRIPTION", anchor="description")
    text = clean_block(dataset.description or "")
    yield from paragraph(text or "none", width, PLAIN if text else DIM)
    yield DetailLine("")


def _iterations(shown: Shown, width: int) -> Iterator[DetailLine]:
    detail = shown.detail
    iterations = detail.iterations if detail else None
    if iterations is None:
        yield heading("BEFORE", anchor="iterations")
        failure = detail.iterations_failure if detail else None
        if failure is None:
            yield DetailLine("...", DIM)
        elif isinstance(failure, NotFound):
            yield DetailLine("no history is available", DIM)
        else:
            yield from paragraph(f"Not read: {clean(failure.detail)}", width, PROBLEM)
        yield DetailLine("")
        return
    count = iterations.total_versions
    told = f"{count} version{'s' if count != 1 else ''}"
    hint = "   = compares two" if count > 1 else ""
    yield heading("BEFORE", f"{told}{hint}", width=width, anchor="iterations")
    for version in reversed(iterations.versions):
        yield from _version(version, iterations, shown, width)
    yield DetailLine("")


def _version(
    version: Iteration, iterations: Iterations, shown: Shown, width: int
) -> Iterator[DetailLine]:
    dataset = shown.dataset
    here = dataset is not None and version.dataset_id == dataset.id
    latest = " latest" if version.version == iterations.latest_version else ""
    told = (
        f"v{version.version + 1} {clean(version.status, 24)}  {age(version.created_at, shown.now)}"
    )
    marker = ">" if here else " "
    yield DetailLine(
        f"{marker} {told}{latest}  {version.dataset_id[:8]}",
        BOLD if here else PLAIN,
        field="id",
        value=version.dataset_id,
    )
    for label, text in (
        ("prompt", version.prompt),
        ("regenerated", version.regeneration_reason),
        ("superseded", version.superseded_reason),
        ("rejected", (version.metadata or {}).get("rejection_reason")),
    ):
        if text:
            yield from hanging(f"    {label}: ", clean_block(str(text)), width)
    if version.preview_gif or version.preview_pose_frame:
        yield DetailLine("    preview available", DIM)


def _further(dataset: Dataset, width: int) -> Iterator[DetailLine]:
    """Fields that this console does not know: shown, never an error."""
    unknown = {name: value for name, value in dataset.raw.items() if name not in KNOWN}
    if not unknown:
        return
    yield DetailLine("")
    yield heading("FURTHER FIELDS")
    for name, value in unknown.items():
        yield from paragraph(f"{clean(name, 60)}: {value_text(value, 2000)}", width)


def _unreadable(shown: Shown, width: int) -> Iterator[DetailLine]:
    row = shown.row
    if not isinstance(row, UnreadableRow):
        return
    yield DetailLine("This row cannot be read", PROBLEM)
    yield from paragraph(clean(row.problem), width)
    if row.raw is not None:
        yield DetailLine("")
        yield from paragraph(value_text(row.raw, 4000), width, DIM)
