"""From the service's JSON to the domain, tolerantly: what is unknown is kept, what is unfit named.

The shapes are those of the Gerra Datasets API. A model tells whether a body fits; the values are
taken from the body itself, so that `raw` is the object as received.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import pydantic
from pydantic_core import from_json

from gerra_tui.api.models import (
    DATASETS,
    LONGEST_ID,
    MOST_ROWS,
    Body,
    ConfirmationBody,
    DatasetBody,
    IterationsBody,
    PreviewBody,
    StatisticsBody,
)
from gerra_tui.api.wording import in_words, kept_words
from gerra_tui.domain.dataset import Dataset, Row, UnreadableRow, stand_in
from gerra_tui.domain.dataset_id import is_same_dataset
from gerra_tui.domain.iterations import Iteration, Iterations
from gerra_tui.domain.moments import moment_of
from gerra_tui.domain.readable import DEEPEST, LARGEST_NUMBER, is_nested_too_deep
from gerra_tui.domain.statistics import Statistics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.api.models import IterationBody

B = TypeVar("B", bound=Body)
LONGEST_INTEGER = 4300  # digits that Python converts by default (sys.set_int_max_str_digits)


class NotJson(ValueError):
    """The text is not JSON, or nested beyond reason."""


class Unfit(ValueError):
    """The JSON is not what the contract says; the text says where."""


def parse_json(body: bytes) -> Any:
    """Any JSON value. Raises `NotJson`."""
    try:
        return from_json(body)
    except ValueError:
        value = _patiently(body)
    if is_nested_too_deep(value):
        raise NotJson(f"nested deeper than {DEEPEST} levels")
    return value


def _patiently(body: bytes) -> Any:
    """The standard library takes what `from_json` does not: lone surrogates, deep nesting. A byte
    that is no UTF-8 becomes U+FFFD; an integer beyond Python's limit stays a text."""
    try:
        return json.loads(body.decode("utf-8-sig", "replace"), parse_int=_integer)
    except RecursionError:
        raise NotJson(f"nested deeper than {DEEPEST} levels") from None
    except ValueError as problem:
        raise NotJson(_short(str(problem))) from None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_INTEGER else digits


def read_page(body: bytes) -> tuple[tuple[Row, ...], int | None]:
    """Rows and the total as the service said it; a row that does not fit says so in its place.

    Raises `NotJson`, and `Unfit` if there is no list of rows.
    """
    try:
        page, read = from_json(body), _rows
    except ValueError:
        page, read = _patiently(body), _rows_one_by_one
    if not isinstance(page, dict) or not isinstance(rows := page.get("datasets"), list):
        raise Unfit('no list "datasets"')
    return read(rows), _total(page.get("total"))


def _total(said: Any) -> int | None:
    usable = isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= MOST_ROWS
    return said if usable else None


def _rows(rows: list[Any]) -> tuple[Row, ...]:
    try:
        return tuple(map(_dataset, DATASETS.validate_python(rows), rows))
    except pydantic.ValidationError:
        return _rows_one_by_one(rows)


def _rows_one_by_one(rows: list[Any]) -> tuple[Row, ...]:
    return tuple(map(_row, rows))


def read_dataset(body: Any) -> Dataset:
    """A single dataset. Raises `Unfit`."""
    row = _row(body)
    if isinstance(row, UnreadableRow):
        raise Unfit(row.problem)
    return row


def read_iterations(body: Any) -> Iterations:
    """A dataset's history, oldest version first; entries that do not fit stay in `raw` only.

    Raises `Unfit` if there is no list of entries.
    """
    read = _validated(IterationsBody, body)
    versions = sorted(
        (
            _iteration(entry, raw)
            for entry, raw in zip(read.iterations, body["iterations"], strict=True)
            if entry is not None
        ),
        key=lambda iteration: iteration.version,
    )
    return Iterations(
        group_id=read.iteration_group_id,
        total_versions=len(versions) if read.total_versions is None else read.total_versions,
        latest_version=read.latest_version,
        versions=tuple(versions),
        raw=body,
    )


def read_statistics(body: Any) -> Statistics:
    """The organization's counts; what does not fit is left out. Raises `Unfit` for no object."""
    read = _validated(StatisticsBody, body)
    days = (day for day in read.daily_volume_last_7_days or () if day is not None)
    return Statistics(
        total_datasets=read.total_datasets,
        total_size_bytes=read.total_size_bytes,
        by_status=_counts(read.by_status),
        by_data_type=_counts(read.by_data_type),
        daily_volume=tuple(sorted((day.date, day.count) for day in days)),
        further=read.model_extra or {},
        raw=body,
    )


def read_confirmation(body: Any, *, dataset_id: str, status: str) -> str:
    """The message of an answer that confirms this verdict. Raises `Unfit` if it is about another.

    A confirmation of something else than what was asked for confirms nothing.
    """
    read = _validated(ConfirmationBody, body)
    if not is_same_dataset(read.id, dataset_id):
        raise Unfit(f"it confirms another dataset, {_short(read.id)}")
    if read.status != status:
        raise Unfit(f'it says "{_short(read.status)}", not "{status}"')
    return kept_words(read.message or "")


def _validated(shape: type[B], body: Any) -> B:
    try:
        return shape.model_validate(body)
    except pydantic.ValidationError as problem:
        raise Unfit(_problem(problem)) from None


def _row(raw: Any) -> Row:
    if is_nested_too_deep(raw):
        named = _id_of(raw) or stand_in(sorted(raw) if isinstance(raw, dict) else None)
        return UnreadableRow(id=named, problem=f"nested deeper than {DEEPEST} levels")
    try:
        return _dataset(DatasetBody.model_validate(raw), raw)
    except pydantic.ValidationError as problem:
        named = _id_of(raw) or stand_in(raw)
        return UnreadableRow(id=named, problem=_problem(problem), raw=raw)


def _dataset(body: DatasetBody, raw: Mapping[str, Any]) -> Dataset:
    return Dataset(
        id=body.id,
        status=body.status,
        data_type=body.data_type,
        name=body.name,
        description=body.description,
        organization_id=body.organization_id,
        link=body.link,
        signed_url=body.signed_url,
        data_byte_size=_whole(body.data_byte_size),
        date_created=moment_of(body.date_created),
        date_updated=moment_of(body.date_updated),
        metadata=raw.get("metadata"),
        raw=raw,
    )


def _iteration(body: IterationBody, raw: Mapping[str, Any]) -> Iteration:
    previews = body.preview_urls or PreviewBody()
    return Iteration(
        dataset_id=body.dataset_id,
        version=body.version,
        status=body.status,
        created_at=moment_of(body.created_at),
        prompt=body.prompt,
        parent_dataset_id=body.parent_dataset_id,
        regeneration_reason=body.regeneration_reason,
        superseded_reason=body.superseded_reason,
        preview_gif=previews.gif,
        preview_pose_frame=previews.pose_frame,
        download_url=body.download_url,
        metadata=body.metadata,
        raw=raw,
    )


def _whole(size: int | float | None) -> int | None:  # noqa: PYI041 (they are told apart here)
    """A database's decimal column can arrive as 5.0. Null for what is no size of anything."""
    if size is None or not 0 <= size <= LARGEST_NUMBER:  # no number that is not finite is
        return None
    return int(size)


def _counts(counts: Mapping[str, int | None] | None) -> dict[str, int]:
    return {name: count for name, count in (counts or {}).items() if count is not None}


def _id_of(raw: Any) -> str | None:
    named = raw.get("id") if isinstance(raw, dict) else None
    return named if isinstance(named, str) and 0 < len(named) <= LONGEST_ID else None


def _problem(problem: pydantic.ValidationError) -> str:
    first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
    # Behind the field's name stands which of its types was tried, if it has several.
    place = str(first["loc"][0]) if first["loc"] else "it"
    return _short(in_words(place, first["type"]) or f"{place} is not valid")


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"
