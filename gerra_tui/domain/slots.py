"""Sentences with `{slots}`: one that nothing fills drops out with the words that connect it.

- Before the first colon stands what is wrong: there only the prepositions and articles right
  before an empty slot go with it. `Sensor fault in {channel}` becomes `Sensor fault`.
- Behind it stand the details, clause by clause: there every word belongs to a slot, those at the
  end of a clause to its last one. `{n} gaps, longest {ms} at {t}` becomes `longest 80 ms`.
- Round brackets with slots in them are details too, and go with their last word.

Braces that enclose nothing are no part of a sentence and go as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SLOT: Final = re.compile(r"\{([^{}]*)\}")
# Round brackets around slots, or anything without white space outside of its slots.
_TOKEN: Final = re.compile(r"\([^(){}]*(?:\{[^{}]*\}[^(){}]*)+\)[,;:]?|(?:\{[^{}]*\}|[^\s{}])+")
_SEPARATORS: Final = (",", ";", ":")
_PREPOSITIONS_AND_ARTICLES: Final = (
    "a about above across after against along among an around as at because before behind below"
    " beneath beside between by due during for from in inside instead into like near next of off"
    " on onto outside over past per since than the through till to towards toward under until up"
    " versus via vs vs. while with within without"
)
_CONNECTING: Final = frozenset(_PREPOSITIONS_AND_ARTICLES.split())
# These tie a detail to the one before: without that, `of 2.1 GB` says nothing.
_TYING: Final = frozenset({"of", "vs", "vs.", "versus"})
# What is left of a clause and starts with these needs no colon: `out of step by 40 ms`.
_ADVERBIAL: Final = frozenset({"at", "by", "from", "in", "near", "on", "until"})

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Clause:
    words: Words
    separator: str  # behind it; "" at the end
    is_detail: bool

    @property
    def has_slots(self) -> bool:
        return any(map(SLOT.search, self.words))


def slots_of(text: str) -> Words:
    """The names of the slots, in order, each once."""
    return tuple(dict.fromkeys(SLOT.findall(text)))


def filled(text: str, details: Mapping[str, str]) -> str:
    """The text with these details by slot, without the slots that have none, line by line."""
    lines = [(line, _filled_line(line, details)) for line in text.strip().split("\n")]
    return "\n".join(now for line, now in lines if now or not line)


def finished(edited: str, template: str) -> str:
    """A line that began as `template`, without the slots of it that were left.

    Words that were typed stay: only a clause that still reads as in the template drops out whole.
    """
    own = slots_of(template)
    if not any(f"{{{slot}}}" in edited for slot in own):
        return edited
    untouched = {clause.words for clause in _clauses(template) if clause.is_detail}
    typed = {name: f"{{{name}}}" for name in slots_of(edited) if name not in own}
    return _joined(_clauses(edited, untouched), typed)


def _filled_line(line: str, details: Mapping[str, str]) -> str:
    return _joined(_clauses(line), details) if {"{", "}"} & set(line) else line


def _clauses(text: str, details: Collection[Words] | None = None) -> list[_Clause]:
    """`details` are the words of the clauses to treat as such; null: those behind a colon."""
    clauses: list[_Clause] = []
    words: list[str] = []
    behind_colon = False

    def close(separator: str) -> None:
        is_detail = behind_colon if details is None else tuple(words) in details
        clauses.append(_Clause(tuple(words), separator, is_detail))
        words.clear()

    for token in _TOKEN.findall(text):
        separator = token[-1] if token.endswith(_SEPARATORS) else ""
        if word := token.removesuffix(separator):
            words.append(word)
        if separator:
            close(separator)
            behind_colon = behind_colon or separator == ":"
    if words:
        close("")
    return clauses


def _joined(clauses: list[_Clause], details: Mapping[str, str]) -> str:
    result = ""
    behind_last = directly_before = ""
    for clause in clauses:
        words = _details(clause, details) if clause.is_detail else _statement(clause, details)
        if words:
            # A clause of its own keeps its comma; one with slots takes the place of those gone.
            separator = behind_last if clause.has_slots else directly_before
            if _goes_on(clause, words):
                separator = ""
            result += f"{separator} {' '.join(words)}" if result else " ".join(words)
            behind_last = clause.separator
        directly_before = clause.separator
    return result


def _goes_on(clause: _Clause, words: list[str]) -> bool:
    """Claims that the clause lost its beginning, and what is left needs no separator."""
    return clause.is_detail and words[0] in _ADVERBIAL and words[0] != clause.words[0]


def _statement(clause: _Clause, details: Mapping[str, str]) -> list[str]:
    kept: list[str] = []
    since_slot = 0  # words of the template that may connect to the next slot
    for word in clause.words:
        if (text := _with_details(word, details)) is None:
            while since_slot and kept[-1].lower() in _CONNECTING:
                kept.pop()
                since_slot -= 1
            continue
        kept.append(text)
        since_slot = 0 if SLOT.search(word) else since_slot + 1
    return kept


def _details(clause: _Clause, details: Mapping[str, str]) -> list[str]:
    kept: list[str] = []
    connecting: list[str] = []
    is_dropped = False
    for word in clause.words:
        if not SLOT.search(word):
            connecting.append(word)
        elif (text := _with_details(word, details)) is not None:
            if not kept and connecting and connecting[0] in _TYING:
                del connecting[0]
            kept += [*connecting, text]
            connecting, is_dropped = [], False
        else:
            connecting, is_dropped = [], True
    return kept if is_dropped else kept + connecting


def _with_details(word: str, details: Mapping[str, str]) -> str | None:
    """The word with its slots filled; null if it is made of slots that have no detail."""
    names = SLOT.findall(word)
    if not names:
        return word
    if word.startswith("(") and word.endswith(")"):
        inner = _joined(_as_details(word[1:-1]), details)
        return f"({inner})" if inner else None
    if not any(name in details for name in names):
        return None
    text = SLOT.sub(lambda slot: details.get(slot[1], ""), word)
    return text if all(name in details for name in names) else text.strip("-/\u2013")


def _as_details(text: str) -> list[_Clause]:
    return [_Clause(clause.words, clause.separator, is_detail=True) for clause in _clauses(text)]
