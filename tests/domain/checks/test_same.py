"""Is a dataset the same as another one that was looked at."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.checks.limits import Limits
from gerra_tui.domain.checks.same import Remembered, of_members, same
from gerra_tui.domain.evidence import Check, Look, Mark

Members = Sequence[tuple[int, int]]
MD5 = '"d41d8cd98f00b204e9800998ecf8427e"'


def look(dataset_id: str, members: Members, **more: str) -> Look:
    return Look(dataset_id=dataset_id, kind="zip", facts=of_members(members), **more)  # type: ignore[arg-type]


def found(one: Look, *others: Look) -> list[Check]:
    seen = Remembered()
    for other in others:
        seen.add(other)
    return list(same(one, seen, Limits()))


def members(number: int, start: int = 0) -> Members:
    return [(start + at, 1_000 + at) for at in range(number)]


def test_the_same_contents_under_another_id_are_odd_whatever_their_names_and_order() -> None:
    (check,) = found(look("new", members(5)), look("old", members(5)[::-1]))

    assert (check.id, check.mark, check.text) == ("same", Mark.ODD, "the same contents as old")


def test_a_version_that_changed_two_of_214_members_is_odd() -> None:
    changed = [*members(212), (9_001, 7), (9_002, 7)]
    seen = Remembered()
    seen.add(look("old", members(214)))

    (check,) = same(look("new", changed), seen, Limits(), named=lambda _: "v2")

    assert check.text == "212 of 214 contents are those of v2"
    assert (check.measured, check.declared, check.scope) == (212, 214, None)


def test_of_large_archives_a_sample_tells_what_they_share() -> None:
    one, other = members(10_000), [*members(9_900), *members(100, start=50_000)]

    (check,) = found(look("new", one), look("old", other))

    assert check.scope is not None
    assert check.measured >= 0.9 * check.declared


def test_a_file_in_common_makes_no_two_datasets_the_same() -> None:
    shared = members(1)

    assert found(look("a", [*shared, (7, 7)]), look("b", [*shared, (8, 8)])) == []
    assert found(look("a", shared), look("b", [*shared, (8, 8)])) == []
    assert found(look("a", members(10)), look("b", members(10, start=500))) == []


def test_a_dataset_is_never_the_same_as_itself_or_as_an_empty_one() -> None:
    assert found(look("a", members(5)), look("a", members(5))) == []
    assert found(look("a", [(0, 0)]), look("b", [(0, 0)])) == []


def test_storages_hash_of_a_file_tells_it_again_and_a_date_does_not() -> None:
    def video(dataset_id: str, etag: str) -> Look:
        return Look(dataset_id=dataset_id, kind="mp4", facts={"size": 5}, etag=etag)

    assert [check.id for check in found(video("a", MD5), video("b", MD5))] == ["same"]
    assert found(video("a", '"67a1-5"'), video("b", '"67a1-5"')) == []


def test_a_look_that_failed_is_not_remembered() -> None:
    assert found(look("a", members(5)), look("b", members(5), error="silent")) == []


def test_the_oldest_is_forgotten_and_a_later_look_takes_the_place_of_an_earlier_one() -> None:
    seen = Remembered(most=2)
    for name, start in (("a", 0), ("b", 100), ("b", 200), ("c", 300), ("d", 400)):
        seen.add(look(name, members(5, start)))

    def told(start: int) -> list[str]:
        return [check.text for check in same(look("z", members(5, start)), seen, Limits())]

    assert [told(start) for start in (0, 100, 200)] == [[], [], []]
    assert told(300) == ["the same contents as c"]


CONTENTS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), max_size=30)


@given(CONTENTS, CONTENTS)
def test_whatever_two_archives_hold_they_are_the_same_both_ways(
    one: Members, other: Members
) -> None:
    ours, theirs = set(one), set(other)
    ours, theirs = ({each for each in all_ if each[1]} for all_ in (ours, theirs))
    whole = bool(ours) and ours == theirs

    for first, second in ((one, other), (other, one)):
        texts = [check.text for check in found(look("a", first), look("b", second))]
        assert ("the same contents as b" in texts) is whole
