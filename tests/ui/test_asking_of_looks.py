"""Queries that ask what looks found, as the list answers them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gerra_tui.domain.checks.rules import read_rule
from gerra_tui.domain.evidence import Look, fine, odd
from tests.fakes import dataset_of, id_of
from tests.ui.reviewing import Console, Service
from tests.ui.stage import boxed
from tests.virtual_time import NOON

ODD = Look(dataset_id=None, kind="mcap", checks=(odd("frames", "no frames"),))
FINE = Look(dataset_id=None, kind="mcap", checks=(fine("frames", "12"),))


def with_looks(count: int = 6, **preferences: Any) -> Console:
    """At an earlier session the first two were looked at: one is odd."""
    console = Console(Service(count), **preferences)
    for number, look in enumerate((ODD, FINE)):
        of = replace(look, dataset_id=id_of(number))
        console.shelf.keep(dataset_of(console.service.bodies[id_of(number)]), of, now=NOON)
    return console


async def test_the_list_shows_what_the_looks_of_an_earlier_session_found() -> None:
    async with with_looks().opened() as console:
        await console.query("check:odd")
        await console.until(lambda: console.status.startswith(" 1/1 "))
        await console.query("check.frames:ok kind:mcap")
        await console.until(lambda: console.status.startswith(" 1/1 "))
        await console.query("check:none")
        await console.until(lambda: console.status.startswith(" 1/4 "))


async def test_the_first_query_knows_what_was_found_before() -> None:
    async with with_looks(query="-check:none").opened(wait=False) as console:
        await console.until(lambda: console.status.startswith(" 1/2 "))


async def test_marks_that_such_a_query_shows_are_not_hidden_by_it() -> None:
    async with with_looks().opened() as console:
        await console.query("-check:none")
        await console.until(lambda: console.status.startswith(" 1/2 "))
        await console.press("space", "space", "a")
        told = " ".join(boxed(console.app))
        assert "Accept 2 datasets?" in told
        assert "hidden by the filter" not in told
        await console.press("n")


async def test_rules_of_the_config_stand_among_the_checks_and_count() -> None:
    rules = (read_rule("missing meta.calibration"),)
    async with with_looks(rules=rules).opened() as console:
        await console.until(lambda: "! rule" in console.detail)
        await console.query("check.rule:odd")
        await console.until(lambda: console.status.startswith(" 1/2 "))


async def test_tab_offers_the_checks_that_looks_had() -> None:
    async with with_looks().opened() as console:
        await console.press("slash", "ctrl+u")
        await console.type("check.f")
        await console.press("tab")
        await console.until(lambda: "check.frames:" in console.text)
