"""One term of a query: a value, and its canonical text."""

from __future__ import annotations

from dataclasses import dataclass

from gerra_tui.domain.query.fields import EQUALITY, META_PREFIX, WORD, Kind, kind_of
from gerra_tui.domain.query.quoting import as_path, as_value, as_word


@dataclass(frozen=True, slots=True)
class Term:
    """`field` is the full name (`meta.PATH`), "" for words; one of `values` must fit.

    `values` are texts as meant, without quotes and escapes. A word has the operator "".
    """

    field: str
    operator: str
    values: tuple[str, ...]
    negated: bool = False

    @property
    def kind(self) -> Kind:
        return kind_of(self.field)

    @property
    def is_equality(self) -> bool:
        """Claims that the term names values, rather than parts or bounds of them."""
        return self.operator in EQUALITY

    @property
    def label(self) -> str:
        """The field's name; for a word its text."""
        return self.text if self.field == WORD else _field_text(self.field)

    @property
    def text(self) -> str:
        """As it is written in a query; parsing it gives an equal term."""
        sign = "-" if self.negated else ""
        if self.field == WORD:
            return sign + ",".join(map(as_word, self.values))
        return f"{sign}{_field_text(self.field)}{self.operator}" + ",".join(
            map(as_value, self.values)
        )


def _field_text(field: str) -> str:
    if not field.startswith(META_PREFIX):
        return field
    return META_PREFIX + as_path(field.removeprefix(META_PREFIX))
