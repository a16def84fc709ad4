"""One term read from a text.

    query  = [term *(space term)]
    term   = ["-"] (field operator values / values)
    field  = name / "check." name / "meta." path
    path   = 1*(bare characters / quoted)
    values = value *("," value)
    value  = bare / quoted

Bare text ends at white space or a comma, a field's name also at an operator.
"""

from __future__ import annotations

from typing import Final, NoReturn

from gerra_tui.domain.query import quoting
from gerra_tui.domain.query.fields import (
    FIELDS,
    META_PREFIX,
    OPERATORS,
    WORD,
    is_looked,
    kind_of,
    suggestion_for,
)
from gerra_tui.domain.query.matching import predicate_of
from gerra_tui.domain.query.operands import Malformed
from gerra_tui.domain.query.parsed import Located, Problem
from gerra_tui.domain.query.term import Term

_SIGNS: Final = frozenset(quoting.OPERATOR_SIGNS)
_MOST_DOTS: Final = 31  # in a metadata path: the ways to read it grow with the square


class Mistake(Exception):
    """The term cannot be read; reading goes on at `resume`, behind it."""

    def __init__(self, problem: Problem, resume: int) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.resume = resume


def skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def end_of_term(text: str, position: int) -> int:
    """Where the term that `position` lies in ends, readable or not: at space outside of quotes."""
    is_quoted = False
    while position < len(text) and (is_quoted or not text[position].isspace()):
        if text[position] == '"':
            is_quoted = not is_quoted
        position += 2 if is_quoted and text[position] == "\\" else 1
    return min(position, len(text))


class TermReader:
    """Reads the term that starts at `start`, which is no white space."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start
        self._at = start

    def read(self) -> Located:
        """Raises `Mistake`."""
        negated = self._here == "-"
        self._at += negated
        if self._at_end:
            self._fail(self._start, "A term is missing behind the `-`.")
        head = self._at
        field = self._read_field()
        if field is None:
            self._at = head
            field, operator = WORD, ""
        else:
            operator = self._read_operator(field, head)
        values, places = self._read_values(is_word=field == WORD)
        term = Term(field, operator, values, negated)
        try:
            predicate_of(term)
        except Malformed as malformed:
            self._fail(places[0][0], str(malformed))
        return Located(term, self._start, self._at, places)

    def _read_field(self) -> str | None:
        """The field's full name, leaving off at its operator; null if this is a word."""
        start = self._at
        self._skip_bare(_SIGNS | {'"'})
        name = self._text[start : self._at].lower()
        if name.startswith(META_PREFIX):
            self._at = start + len(META_PREFIX)
            path = self._read_path()
            if self._here not in _SIGNS:
                return None
            if not path or path.count(".") > _MOST_DOTS:
                self._fail(start, _wrong_path(path))
            return META_PREFIX + path
        if self._here not in _SIGNS:
            return None
        if name not in FIELDS and not is_looked(name):
            self._fail_on_field(start, name)
        return name

    def _read_path(self) -> str:
        parts: list[str] = []
        while not self._at_end and self._here not in _SIGNS | {","}:
            if self._here == '"':
                parts.append(self._read_quoted())
            else:
                start = self._at
                self._skip_bare(_SIGNS | {'"'})
                parts.append(self._text[start : self._at])
        return "".join(parts)

    def _read_operator(self, field: str, head: int) -> str:
        start = self._at
        self._at += 2 if self._text[start : start + 2] in ("<=", ">=") else 1
        operator = self._text[start : self._at]
        offered = OPERATORS[kind_of(field)]
        if operator not in offered:
            listed = ", ".join(f"`{sign}`" for sign in offered)
            self._fail(head, f"`{field}` has no `{operator}`: it takes {listed}.", self._at)
        return operator

    def _read_values(self, *, is_word: bool) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
        values: list[str] = []
        places: list[tuple[int, int]] = []
        while True:
            start = self._at
            values.append(self._read_value(is_word=is_word))
            places.append((start, self._at))
            if self._here != ",":
                return tuple(values), tuple(places)
            self._at += 1

    def _read_value(self, *, is_word: bool) -> str:
        start = self._at
        if self._here == '"':
            value = self._read_quoted()
            if not self._at_end and self._here != ",":
                self._fail(start, "A space or a comma is missing behind the closing quote.")
            return value
        self._skip_bare(frozenset())
        value = self._text[start : self._at]
        if not value:
            message = 'A value is missing here; an empty text is written `""`.'
            self._fail(max(start - 1, self._start), message, start + (self._here == ","))
        if '"' in value:
            self._fail(start, "A quote stands within a value: put the whole value in quotes.")
        if is_word and _SIGNS & set(value):
            self._fail(start, "An operator stands within a word: put the word in quotes.")
        return value

    def _read_quoted(self) -> str:
        start = self._at
        try:
            value, self._at = quoting.read_quoted(self._text, start)
        except quoting.UnclosedQuote:
            self._at = len(self._text)
            self._fail(start, "This quote is not closed.", self._at)
        except quoting.UnknownEscape as escape:
            message = (
                'A backslash in quotes stands before one of `"`, `\\`, `n`, `r`, `t`, `u{...}`.'
            )
            self._at = escape.end
            self._fail(escape.start, message, escape.end)
        return value

    def _fail_on_field(self, start: int, name: str) -> NoReturn:
        if not name:
            self._fail(start, f"A field is missing before the `{self._here}`.", self._at + 1)
        if name == "meta":
            self._fail(start, "`meta` needs a path: write `meta.KEY`.", self._at, "meta.")
        if name.endswith("!"):
            positive = name.rstrip("!")
            message = f"There is no `!=`: write `-{positive}:VALUE` for all but VALUE."
            self._fail(start, message, self._at, f"-{positive}")
        meant = suggestion_for(self._text[start : self._at])
        hint = f"did you mean `{meant}`?" if meant else "in quotes it is looked for as a word."
        self._fail(start, f"There is no field `{name}`: {hint}", self._at, meant)

    def _fail(
        self, start: int, message: str, end: int | None = None, suggestion: str | None = None
    ) -> NoReturn:
        """Give up on this term. The place reaches to its end unless `end` is given."""
        place_end = end_of_term(self._text, self._at) if end is None else end
        problem = Problem(start, place_end, message, suggestion)
        raise Mistake(problem, max(end_of_term(self._text, self._start), place_end))

    def _skip_bare(self, stops: frozenset[str]) -> None:
        while not self._at_end and self._here != "," and self._here not in stops:
            self._at += 1

    @property
    def _here(self) -> str:
        """The next character, "" at the end of the text."""
        return self._text[self._at : self._at + 1]

    @property
    def _at_end(self) -> bool:
        """Claims that the term ends here."""
        return self._at >= len(self._text) or self._text[self._at].isspace()


def _wrong_path(path: str) -> str:
    if not path:
        return "A metadata path is missing: write `meta.KEY`."
    return f"This metadata path has more than {_MOST_DOTS + 1} steps."
