"""The session's decisions, found by what the screen asks."""

from __future__ import annotations

from dataclasses import replace

from gerra_tui.domain.decision import Decision, DecisionState, Verdict
from gerra_tui.service.decisions.book import Book
from gerra_tui.service.decisions.target import new_decision
from tests.fakes import ORIGIN, FakeService, id_of
from tests.virtual_time import NOON

WAITING = DecisionState.WAITING
FAILED = DecisionState.FAILED


def decision(number: int, state: DecisionState = WAITING, batch: str | None = None) -> Decision:
    made = new_decision(Verdict.ACCEPT, FakeService().target(number), origin=ORIGIN, now=NOON)
    return replace(made, state=state, batch_id=batch)


def test_the_latest_decision_on_a_dataset_is_found_whatever_the_case_of_its_id() -> None:
    book = Book()
    first, second = decision(10, FAILED), decision(10)
    book.put(first)
    book.put(second)
    assert book.of(id_of(10).upper()) is second
    book.remove(first)
    assert book.of(id_of(10)) is second
    book.remove(second)
    book.remove(second)
    assert book.of(id_of(10)) is None
    assert book.all() == ()


def test_counts_are_of_what_is_open_and_of_what_failed_unseen() -> None:
    book = Book()
    open_one, failed, old = decision(1), decision(2, FAILED), decision(3, FAILED)
    for one in (open_one, failed):
        book.put(one)
    book.put(old, seen=True)
    book.put(replace(decision(4), state=DecisionState.DONE))
    assert book.counts() == {WAITING: 1, FAILED: 1}
    assert book.unseen == 1
    book.seen([failed.id])
    assert book.counts() == {WAITING: 1}
    book.put(replace(open_one, state=FAILED))
    book.seen()
    assert book.counts() == {}


def test_a_batch_forgets_what_was_removed() -> None:
    book = Book()
    ones = [decision(number, batch="b") for number in range(3)]
    for one in ones:
        book.put(one)
    book.put(replace(ones[0], state=FAILED))
    book.remove(ones[0])
    batch = book.batch("b")
    assert batch is not None
    progress = batch.progress()
    assert (progress.total, progress.failed, progress.remaining) == (2, 0, 2)
    assert batch.waits
    assert book.batch(None) is None


def test_failures_of_an_earlier_session_do_not_stop_what_is_left_of_a_batch() -> None:
    book = Book()
    for number in range(4):
        book.put(decision(number, FAILED, batch="b"), seen=True)
    book.put(decision(9, batch="b"))
    batch = book.batch("b")
    assert batch is not None
    assert not batch.stopped


def test_being_told_twice_of_a_failure_counts_it_once() -> None:
    book = Book()
    failed = decision(1, FAILED, batch="b")
    for _ in range(5):
        book.put(failed)
    batch = book.batch("b")
    assert batch is not None
    assert not batch.stopped
    assert batch.progress().failed == 1
