"""One dataset has one id, however it is spelled; what is none is told before it is sent."""

from __future__ import annotations

import pytest

from gerra_tui.domain.dataset_id import is_dataset_id, is_same_dataset, spelled_out

ID = "0b8e1b9e-1111-4000-8000-00000000000a"


@pytest.mark.parametrize("spelled", [ID, ID.upper(), ID.replace("-", ""), spelled_out(ID)])
def test_another_spelling_is_the_same_dataset(spelled: str) -> None:
    assert is_same_dataset(spelled, ID)
    assert is_dataset_id(spelled_out(spelled))
    assert not is_same_dataset(spelled, ID.replace("a", "b"))


@pytest.mark.parametrize(
    "text",
    ["", "17", "../stats", f"{ID}\n", f" {ID}", ID[:-1], f"{ID}0", ID.replace("b", "g"),
     "0b8e1b9e1111-4000-8000-00000000000a", f"{{{ID}}}", "?0b8e", "\u0660" * 8 + ID[8:]],
)  # fmt: skip
def test_what_is_no_uuid_is_no_id(text: str) -> None:
    assert not is_dataset_id(spelled_out(text))
