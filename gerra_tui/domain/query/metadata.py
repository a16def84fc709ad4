"""What a query can ask of metadata, which is whatever JSON the service sent.

A path reads a dot as a step and as a part of a key, whichever is there, and goes through every
element of a list on its way. At its end

- `:` fits a string (ignoring case), number or boolean, or one in a list;
- `=` fits the very value, with case: a list is not its element;
- `~` looks into everything below, ignoring case;
- `<` and its kin compare numbers, and strings that are a number in JSON's notation.

Both equalities compare numbers as numbers too: `5` fits 5, 5.0 and "5". Null fits nothing, and
neither does what is not there.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from gerra_tui.domain.query import operands

ValuePredicate = Callable[[Any], bool]

_OBJECT: Final = (dict, MappingProxyType)
_LIST: Final = (list, tuple)
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def value_predicate(sign: str, values: Sequence[str]) -> ValuePredicate:
    """A test of what a path leads to. Raises `operands.Malformed`."""
    match sign:
        case "~":
            needles = tuple(value.casefold() for value in values)
            return lambda value: contains_below(value, needles)
        case "=":
            return _exact_predicate(values)
        case ":":
            return _forgiving_predicate(values)
        case _:
            return _order_predicate(_COMPARISONS[sign], tuple(map(_bound, values)))


def path_predicate(path: str, fits: ValuePredicate) -> Callable[[Mapping[str, Any] | None], bool]:
    """The same test of whatever the path leads to in a whole metadata object."""
    if "." not in path:
        return lambda metadata: metadata is not None and fits(metadata.get(path))
    steps = _readings(path)
    return lambda metadata: any(fits(value) for value in _values_at(metadata, steps, 0))


def scalars_at(metadata: Mapping[str, Any] | None, path: str) -> Iterator[str | int | float | bool]:
    """The texts, numbers and booleans that `path:value` would fit, those of a list one by one."""
    for value in _values_at(metadata, _readings(path), 0):
        yield from filter(_is_scalar, _elements([value]))


def contains_below(value: Any, needles: Sequence[str]) -> bool:
    """Claims that a scalar in `value`, at any depth, contains one of the (casefolded) needles."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            text = node.casefold()
        elif node is None:
            continue
        elif isinstance(node, _OBJECT):
            waiting.extend(node.values())
            continue
        elif isinstance(node, _LIST):
            waiting.extend(node)
            continue
        else:
            text = text_of(node).casefold()
        for needle in needles:
            if needle in text:
                return True
    return False


def is_object(value: Any) -> bool:
    return isinstance(value, _OBJECT)


def is_list(value: Any) -> bool:
    return isinstance(value, _LIST)


def text_of(value: Any) -> str:
    """A scalar as JSON writes it, a string without its quotes."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    return "false" if value is False else str(value)


def _exact_predicate(values: Sequence[str]) -> ValuePredicate:
    exact, numbers = frozenset(values), _numbers(values)

    def fits(value: Any) -> bool:
        if isinstance(value, str):
            return value in exact
        return _is_scalar(value) and (text_of(value) in exact or _is_one_of(value, numbers))

    return fits


def _forgiving_predicate(values: Sequence[str]) -> ValuePredicate:
    folded, numbers = frozenset(value.casefold() for value in values), _numbers(values)

    def fits(value: Any) -> bool:
        if isinstance(value, str):
            return value.casefold() in folded
        if isinstance(value, _LIST):
            return any(map(fits, _elements(value)))
        return _is_scalar(value) and (
            text_of(value).casefold() in folded or _is_one_of(value, numbers)
        )

    return fits


def _order_predicate(
    compare: Callable[[Any, Any], bool], bounds: Sequence[operands.Number]
) -> ValuePredicate:
    def fits(value: Any) -> bool:
        if isinstance(value, _LIST):
            return any(map(fits, _elements(value)))
        found = operands.number(value) if isinstance(value, str) else value
        return _is_number(found) and any(compare(found, bound) for bound in bounds)

    return fits


def _numbers(values: Sequence[str]) -> frozenset[operands.Number]:
    return frozenset(found for found in map(operands.number, values) if found is not None)


def _bound(text: str) -> operands.Number:
    if (bound := operands.number(text)) is None:
        raise operands.Malformed(f"`{text}` is not a number: write 5, -0.5 or 1e3.")
    return bound


def _is_scalar(value: Any) -> bool:
    return value is not None and not isinstance(value, _OBJECT + _LIST)


def _is_one_of(value: Any, numbers: frozenset[operands.Number]) -> bool:
    return _is_number(value) and value in numbers


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _elements(values: Sequence[Any]) -> Iterator[Any]:
    """The elements of a list, and those of the lists in it."""
    waiting = [values]
    while waiting:
        for item in waiting.pop():
            if isinstance(item, _LIST):
                waiting.append(item)
            else:
                yield item


Steps = tuple[tuple[tuple[str, int], ...], ...]


def _readings(path: str) -> Steps:
    """By step: the keys that can start there, each with the step that follows it."""
    parts = path.split(".")
    return tuple(
        tuple((".".join(parts[start:end]), end) for end in range(start + 1, len(parts) + 1))
        for start in range(len(parts))
    )


def _values_at(value: Any, steps: Steps, step: int) -> Iterator[Any]:
    """Every value that the path names. Each is reached once: the JSON's size bounds the work."""
    if step == len(steps):
        yield value
    elif isinstance(value, _OBJECT):
        for key, following in steps[step]:
            if key in value:
                yield from _values_at(value[key], steps, following)
    elif isinstance(value, _LIST):
        for item in value:
            yield from _values_at(item, steps, step)
