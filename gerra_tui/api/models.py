"""The shapes of the service's answers, as the Gerra Datasets API has them, for pydantic to check.

What is unknown is let through; a field that only informs is null where it does not fit.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import pydantic
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, WrapValidator

from gerra_tui.domain.readable import LARGEST_NUMBER

T = TypeVar("T")


def _null_if_unfit(value: Any, fits: pydantic.ValidatorFunctionWrapHandler) -> Any:
    try:
        return fits(value)
    except pydantic.ValidationError:
        return None


OrNull = Annotated[T | None, WrapValidator(_null_if_unfit)]
# Far beyond what is meant: nothing behind them need fear a value. SQLite has 64 bits.
MOST_ROWS = 10**12
LONGEST_ID = 128  # characters; a UUID has 36
Id = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID)]
Word = Annotated[str, StringConstraints(max_length=1000)]
Count = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]


class Body(BaseModel):
    """Built when it is first used: building costs milliseconds, and a start needs one of them."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", defer_build=True)


class DatasetBody(Body):
    id: Id
    status: Word
    data_type: Word
    name: str
    description: str | None = None
    organization_id: Word | None = None
    link: str | None = None
    signed_url: str | None = None
    data_byte_size: int | float | None = None
    date_created: Any = None
    date_updated: Any = None
    metadata: dict[str, Any] | None = None


class PreviewBody(Body):
    gif: OrNull[str] = None
    pose_frame: OrNull[str] = None


class IterationBody(Body):
    dataset_id: Id
    version: Count
    status: Word
    created_at: Any = None
    prompt: OrNull[str] = None
    parent_dataset_id: OrNull[Id] = None
    regeneration_reason: OrNull[str] = None
    superseded_reason: OrNull[str] = None
    preview_urls: OrNull[PreviewBody] = None
    download_url: OrNull[str] = None
    metadata: OrNull[dict[str, Any]] = None


class IterationsBody(Body):
    iteration_group_id: OrNull[str] = None
    total_versions: OrNull[Count] = None
    latest_version: OrNull[Count] = None
    iterations: list[OrNull[IterationBody]]


class DayBody(Body):
    date: Word
    count: Count


class StatisticsBody(Body):
    model_config = ConfigDict(extra="allow")

    total_datasets: OrNull[Count] = None
    total_size_bytes: OrNull[Count] = None
    by_status: OrNull[dict[str, OrNull[Count]]] = None
    by_data_type: OrNull[dict[str, OrNull[Count]]] = None
    daily_volume_last_7_days: OrNull[list[OrNull[DayBody]]] = None


class ConfirmationBody(Body):
    id: Id
    status: str
    message: OrNull[str] = None


DATASETS = TypeAdapter(list[DatasetBody], config=ConfigDict(defer_build=True))
