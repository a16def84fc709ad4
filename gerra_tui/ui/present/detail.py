"""What the detail pane says of one dataset: pure lines, to be painted and walked through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.domain.text import clean, clean_block
from gerra_tui.domain.urls import SIGNED_FOR
from gerra_tui.domain.urls import shown as shown_address
from gerra_tui.service.failures import NotFound
from gerra_tui.ui.present.cells import fit, wrapped
from gerra_tui.ui.present.values import NOTHING, age, local_time, size, value_text
from gerra_tui.ui.theme import BOLD, DIM, PLAIN, PROBLEM, STATES, TITLE, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.style import Style

    from gerra_tui.domain.dataset import Dataset, Row
    from gerra_tui.domain.decision import Decision
    from gerra_tui.domain.iterations import Iteration, Iterations
    from gerra_tui.service.details import Detail

LABEL: Final = 9  # cells of a field's name; an id fits beside it at 120 columns
NESTING: Final = 20  # levels of metadata that are drawn; deeper ones are a line of JSON
CHILDREN: Final = 200  # members of one level that are drawn
KNOWN: Final = frozenset(
    {"id", "date_created", "date_updated", "organization_id", "data_type", "name", "description"}
    | {"status", "link", "signed_url", "data_byte_size", "metadata"}
)
METADATA: Final = "metadata"


@dataclass(frozen=True, slots=True)
class DetailLine:
    """One painted line. `fold`: the path of the branch that Enter folds here; `field`, `value`:
    what `,` and `;` take; `anchor`: the name by which a key jumps here."""

    text: str
    style: Style = PLAIN
    fold: tuple[str, ...] | None = None
    field: str | None = None
    value: Any = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is displayed: the row of the list or an older version, and all that is known of it."""

    row: Row
    detail: Detail | None
    decision: Decision | None
    state: str
    now: datetime
    folded: frozenset[tuple[str, ...]] = frozenset()
    elsewhere: str | None = None  # the status read, where somebody else decided
    remark: str = ""  # the reviewer's own: flagged, set aside with a note

    @property
    def dataset(self) -> Dataset | None:
        """The newest body known: the detail's own answer, else what the list has."""
        if self.detail is not None and self.detail.dataset is not None:
            return self.detail.dataset
        return None if isinstance(self.row, UnreadableRow) else self.row


def detail_lines(shown: Shown, width: int) -> list[DetailLine]:
    """All lines, wrapped to `width` cells."""
    dataset = shown.dataset
    if dataset is None:
        return list(_unreadable(shown, width))
    return [
        *_head(shown, dataset, width),
        *_decision(shown, width),
        *_fault_before(shown, dataset, width),
        *_description(dataset, width),
        *_metadata(shown, dataset, width),
        *_iterations(shown, width),
        *_record(shown, dataset, width),
        *_further(dataset, width),
    ]


def _head(shown: Shown, dataset: Dataset, width: int) -> Iterator[DetailLine]:
    yield from _paragraph(clean(dataset.name) or "(no name)", width, BOLD)
    iterations = shown.detail.iterations if shown.detail else None
    version = iterations.version_of(dataset.id) if iterations else None
    told = ""
    if iterations and version:
        told = f"version {version.version + 1} of {iterations.total_versions}"
    if iterations and version and version.version != iterations.latest_version:
        yield DetailLine("NOT THE LATEST version is displayed", WARNING)
    state_style = STATES.get(shown.state, PLAIN)
    state = shown.state
    if state == "elsewhere" and shown.elsewhere:
        state = f"{state}: {clean(shown.elsewhere, 40)}"
    yield DetailLine(f"{clean(dataset.data_type)}  {state}  {told}".rstrip(), state_style)
    yield DetailLine(
        f"{size(dataset)}   created {age(dataset.date_created, shown.now)}"
        f"   updated {age(dataset.date_updated, shown.now)}"
    )
    if shown.remark:
        yield from _paragraph(shown.remark, width, WARNING)
    if shown.detail and shown.detail.dataset_failure:
        problem = shown.detail.dataset_failure.detail
        yield from _paragraph(f"Not read again: {clean(problem)}", width, PROBLEM)


def _fault_before(shown: Shown, dataset: Dataset, width: int) -> Iterator[DetailLine]:
    """What the version before was sent back for, on the line that is blank until it is known:
    what stands below does not move."""
    iterations = shown.detail.iterations if shown.detail else None
    version = iterations.version_of(dataset.id) if iterations else None
    said = ""
    if iterations and version:
        at = iterations.versions.index(version)
        before = iterations.versions[at - 1] if at else None
        fault = _fault(before) if before else None
        said = f'v{before.version + 1}: "{clean(fault)}"' if before and fault else ""
    yield DetailLine(fit(said, width).rstrip(), WARNING)


def _fault(version: Iteration) -> str | None:
    rejected = (version.metadata or {}).get("rejection_reason")
    return version.superseded_reason or (str(rejected) if rejected else None)


def _record(shown: Shown, dataset: Dataset, width: int) -> Iterator[DetailLine]:
    yield DetailLine("")
    yield DetailLine("RECORD", TITLE, anchor="record")
    for name, field, value in (
        ("id", "id", dataset.id),
        ("status", "status", dataset.status),
        ("type", "type", dataset.data_type),
        ("org", "org", dataset.organization_id),
        ("path", "link", dataset.link),
    ):
        for line in _hanging(f"{name:<{LABEL}}", value_text(value or NOTHING), width):
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
    yield from _hanging(f"{'download':<{LABEL}}", where, width)


def _decision(shown: Shown, width: int) -> Iterator[DetailLine]:
    decision = shown.decision
    if decision is None:
        return
    yield DetailLine("")
    yield DetailLine("DECISION", TITLE)
    said = f"{decision.verdict} at {local_time(decision.decided_at)}: {shown.state}"
    yield from _paragraph(said, width, STATES.get(shown.state, PLAIN))
    if decision.reason:
        yield from _paragraph(f"reason: {clean_block(decision.reason)}", width)
    trouble = decision.settled_detail or (decision.last_error and decision.last_error.detail)
    if trouble:
        yield from _paragraph(clean(trouble), width, WARNING)


def _description(dataset: Dataset, width: int) -> Iterator[DetailLine]:
    yield DetailLine("DESCRIPTION", TITLE, anchor="description")
    text = clean_block(dataset.description or "")
    yield from _paragraph(text or "none", width, PLAIN if text else DIM)


def _metadata(shown: Shown, dataset: Dataset, width: int) -> Iterator[DetailLine]:
    yield DetailLine("")
    count = len(dataset.metadata or ())
    yield DetailLine(f"METADATA {count}", TITLE, anchor=METADATA)
    if not dataset.metadata:
        yield DetailLine("none", DIM)
        return
    yield from _members(dict(dataset.metadata), (), "meta", shown.folded, width)


def _members(
    value: Any,
    path: tuple[str, ...],
    field: str,
    folded: frozenset[tuple[str, ...]],
    width: int,
) -> Iterator[DetailLine]:
    """`field` is what a query calls `value`: it goes through the elements of a list by itself."""
    is_list = isinstance(value, list)
    members = list(enumerate(value) if is_list else value.items())
    indent = "  " * len(path)
    for name, item in members[:CHILDREN]:
        here = (*path, str(name))
        asked = field if is_list else f"{field}.{name}"
        label = clean(str(name), 60)
        if isinstance(item, dict | list) and item and len(here) < NESTING:
            closed = here in folded
            count = f"  {len(item)} item{'s' if len(item) != 1 else ''}" if closed else ""
            yield DetailLine(f"{indent}{'+' if closed else '-'} {label}{count}", fold=here)
            if not closed:
                yield from _members(item, here, asked, folded, width)
            continue
        scalar = not isinstance(item, dict | list)
        for line in _hanging(f"{indent}  ", f"{label}: {value_text(item, 2000)}", width):
            yield replace(line, field=asked, value=item) if scalar else line
    if len(members) > CHILDREN:
        yield DetailLine(f"{indent}  ... {len(members) - CHILDREN:,} more (e shows all)", DIM)


def _iterations(shown: Shown, width: int) -> Iterator[DetailLine]:
    yield DetailLine("")
    detail = shown.detail
    iterations = detail.iterations if detail else None
    if iterations is None:
        yield DetailLine("ITERATIONS", TITLE, anchor="iterations")
        failure = detail.iterations_failure if detail else None
        if failure is None:
            yield DetailLine("...", DIM)
        elif isinstance(failure, NotFound):
            yield DetailLine("no history is available", DIM)
        else:
            yield from _paragraph(f"Not read: {clean(failure.detail)}", width, PROBLEM)
        return
    yield DetailLine(f"ITERATIONS {iterations.total_versions}", TITLE, anchor="iterations")
    for version in reversed(iterations.versions):
        yield from _version(version, iterations, shown, width)


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
            yield from _hanging(f"    {label}: ", clean_block(str(text)), width)
    if version.preview_gif or version.preview_pose_frame:
        yield DetailLine("    preview available", DIM)


def _further(dataset: Dataset, width: int) -> Iterator[DetailLine]:
    """Fields that this console does not know: shown, never an error."""
    unknown = {name: value for name, value in dataset.raw.items() if name not in KNOWN}
    if not unknown:
        return
    yield DetailLine("")
    yield DetailLine("FURTHER FIELDS", TITLE)
    for name, value in unknown.items():
        yield from _paragraph(f"{clean(name, 60)}: {value_text(value, 2000)}", width)


def _unreadable(shown: Shown, width: int) -> Iterator[DetailLine]:
    row = shown.row
    if not isinstance(row, UnreadableRow):
        return
    yield DetailLine("This row cannot be read", PROBLEM)
    yield from _paragraph(clean(row.problem), width)
    if row.raw is not None:
        yield DetailLine("")
        yield from _paragraph(value_text(row.raw, 4000), width, DIM)


def _paragraph(text: str, width: int, style: Style = PLAIN) -> Iterator[DetailLine]:
    for piece in wrapped(text, width):
        yield DetailLine(piece, style)


def _hanging(label: str, text: str, width: int) -> Iterator[DetailLine]:
    for number, piece in enumerate(wrapped(text, width - len(label))):
        yield DetailLine(f"{label if not number else ' ' * len(label)}{piece}")
