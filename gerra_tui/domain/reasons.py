"""Reasons for a rejection: sentences with optional details, by type of data.

A reason becomes the next version's `regeneration_reason`, so it names what, where and when.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.slots import filled, finished, slots_of
from gerra_tui.domain.text import clean, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gerra_tui.domain.iterations import Iterations

MAX_REASON: Final = 2000  # characters
MOST_KEYED: Final = 9  # a digit each; `0` starts free text

_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPED_LINE_END: Final = re.compile(r"\\[nrt]")

EARLIER_FAULT: Final = "last superseded_reason"  # the slot that the history fills


@dataclass(frozen=True, slots=True)
class Template:
    """A reason with its slots; `id` is the shipped name, or the text of one from the config.

    `needs_earlier_version` claims that it says nothing of a dataset's first version: the dialog
    leaves it in its place, so that the digits stay the same, but does not offer it there.
    `required` are the slots without which it says nothing at all.
    """

    id: str
    text: str
    needs_earlier_version: bool = False
    required: frozenset[str] = frozenset()

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of its details, in order, each once."""
        return slots_of(self.text)

    def missing(self, details: Mapping[str, str]) -> tuple[str, ...]:
        """The slots that are blank in `details`: what `require_details` asks for."""
        return tuple(slot for slot in self.slots if is_blank(details.get(slot, "")))

    def fill(self, details: Mapping[str, str]) -> str:
        """The sentence with these details by slot; blank ones drop out (see `slots`)."""
        missing = self.missing(details)
        return filled(
            self.text,
            {name: " ".join(details[name].split()) for name in self.slots if name not in missing},
        )

    def finish(self, edited: str) -> str:
        """A text that began as this template's and was edited, without the slots left in it."""
        return "\n".join(finished(line, self.text) for line in edited.split("\n"))


_SHIPPED: Final = {
    template.id: template
    for template in (
        Template(
            "damaged",
            "File damaged or incomplete: {size served} of {declared}, {member} unreadable",
        ),
        Template("missing", "Required part missing: {file / stream / field}"),
        Template("metadata", "Metadata contradicts the data: {field} says {x}, file has {y}"),
        Template("duplicate", "Same content as {dataset id}", required=frozenset({"dataset id"})),
        Template("timing", "Frames or samples lost or irregular: {n} gaps, longest {ms} at {t}"),
        Template("idle", "Too little happens: {pct} idle, from {t0} to {t1}"),
        Template("task", "Task not completed, cut short or not the stated one: {what}"),
        Template(
            "view",
            "Camera view unusable: {blur / dark / occluded / hand or gripper out of frame} at {t}",
        ),
        Template("sensor", "Sensor fault in {channel}: {NaN / stuck / clipped / spikes}"),
        Template("sync", "Streams out of step: {a} vs {b} by {ms}"),
        Template("prompt", "Does not show what the prompt asked: {part}"),
        Template("viewpoint", "Wrong viewpoint: {which}"),
        Template("physics", "Physically impossible: {what} at {t}"),
        Template("body", "Hands or robot wrong: {what} at {t}"),
        Template(
            "same_fault",
            f'Earlier fault not fixed: "{{{EARLIER_FAULT}}}"',
            needs_earlier_version=True,
        ),
        Template("privacy", "Shows a person, screen or private data at {t}"),
    )
}

_SYNTHETIC: Final = (
    "prompt viewpoint physics body same_fault metadata damaged duplicate privacy missing"
)
# The first nine have a digit each.
_ORDER: Final[Mapping[str, str]] = {
    "episode": (
        "damaged missing metadata timing idle task view sensor sync duplicate same_fault privacy"
    ),
    "synthetic_pov": _SYNTHETIC,
    "synthetic_third_person": _SYNTHETIC,
    "telemetry": "timing sensor missing sync metadata damaged idle duplicate same_fault",
}
_ANY_OTHER: Final = "damaged missing metadata duplicate same_fault privacy"


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a reject dialog offers, in an order that use never changes."""

    templates: tuple[Template, ...]

    @property
    def keyed(self) -> tuple[Template, ...]:
        """Those on the digits 1 to 9."""
        return self.templates[:MOST_KEYED]

    @property
    def further(self) -> tuple[Template, ...]:
        """Those that only the arrows reach."""
        return self.templates[MOST_KEYED:]

    def __iter__(self) -> Iterator[Template]:
        return iter(self.templates)


def reasons_for(data_type: str, overrides: Mapping[str, Sequence[str]] | None = None) -> Reasons:
    """The reasons for a type of data, in order.

    `overrides` has, by type, the texts of the config's `[reject.TYPE] reasons`, which take the
    place of the shipped ones; the id of a shipped one stands for it.
    """
    own = (overrides or {}).get(data_type)
    if own is None:
        return Reasons(tuple(_SHIPPED[name] for name in _ORDER.get(data_type, _ANY_OTHER).split()))
    return Reasons(tuple(_SHIPPED.get(text, Template(text, text)) for text in own))


def known_details(iterations: Iterations | None, dataset_id: str) -> dict[str, str]:
    """Details that the history knows: the newest reason why an earlier version was superseded."""
    current = iterations.version_of(dataset_id) if iterations else None
    if iterations is None or current is None:
        return {}
    earlier = (it.superseded_reason for it in iterations.versions if it.version < current.version)
    given = [reason for reason in earlier if reason and not is_blank(reason)]
    return {EARLIER_FAULT: clean(given[-1])} if given else {}


def is_same_reason(shown: str, sent: str) -> bool:
    """Claims that a service shows the reason that was sent to it: it may have been escaped for a
    web page or for JSON, normalized, or given other white space."""
    return _as_meant(shown) == _as_meant(sent)


def _as_meant(reason: str) -> str:
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), html.unescape(html.unescape(reason)))
    text = _ESCAPED_LINE_END.sub(" ", text).replace("\\", "")
    return " ".join(unicodedata.normalize("NFKC", text).split())


def problem_with(reason: str) -> str | None:
    """Why a reason cannot be sent, a sentence; null if it can."""
    if is_blank(reason):
        return "A rejection needs a reason: write what is wrong, where and when."
    if len(reason) > MAX_REASON:
        return (
            f"The reason has {len(reason):,} characters: shorten it to {MAX_REASON:,},"
            " it is kept as it is here."
        )
    if any("\ud800" <= char <= "\udfff" for char in reason):
        return "The reason has a broken character that cannot be sent: delete or retype it."
    return None
