"""Typed look at the values of a JSON object, with errors that name the key and the value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import isfinite
from typing import Any, TypeVar

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)

Data = Mapping[str, Any]

_KINDS = {
    str: "a string",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


class FieldError(ValueError):
    """A value that is not what its key asks for."""


def required(kind: type[_T], data: Data, key: str) -> _T:
    """Value of a key that must be there."""
    value = optional(kind, data, key)
    if value is None:
        raise FieldError(f"{key!r} is missing")
    return value


def optional(kind: type[_T], data: Data, key: str) -> _T | None:
    """Value of a key; None where it is absent or null."""
    value = data.get(key)
    # By exact type: for Python true and false are whole numbers too.
    if value is not None and type(value) is not kind:
        raise FieldError(f"{key!r} should be {_KINDS[kind]}, not {short(value)}")
    return value


def items(data: Data, key: str, kind: type[Any], make: Callable[[Any], _T]) -> tuple[_T, ...]:
    """What `make` makes of each item of a list; an absent list is empty."""
    made = []
    for number, item in enumerate(optional(list, data, key) or ()):
        if type(item) is not kind:
            raise FieldError(f"{key}[{number}] should be {_KINDS[kind]}, not {short(item)}")
        try:
            made.append(make(item))
        except FieldError as error:
            raise FieldError(f"{key}[{number}]: {error}") from None
    return tuple(made)


def strings(data: Data, key: str) -> tuple[str, ...]:
    """A list of strings; an absent one is empty."""
    return items(data, key, str, str)


def name(data: Data, key: str) -> str | None:
    """A string or whole number as string; None where it is absent, null or empty."""
    value = data.get(key)
    if value is None or value == "":
        return None
    if type(value) not in (str, int):
        raise FieldError(f"{key!r} should be a string, not {short(value)}")
    return str(value)


def score(data: Data) -> float:
    """The score of a mention, relation or finding; 1.0 where there is none."""
    value = data.get("score", 1.0)
    if type(value) not in (float, int) or not isfinite(value):
        raise FieldError(f"'score' should be a number, not {short(value)}")
    return float(value)


def offsets(kind: Callable[[int, int], _T], pair: list[Any]) -> _T:
    """A span written as [start, end]."""
    if len(pair) != 2 or any(type(offset) is not int for offset in pair):
        raise FieldError(f"a span is [start, end], not {short(pair)}")
    return kind(*pair)


def choice(kind: type[_E], data: Data, key: str, *, default: _E | None = None) -> _E:
    """A value out of a fixed set; without a default the key must be there."""
    if default is not None and data.get(key) is None:
        return default
    value = required(str, data, key)
    try:
        return kind(value)
    except ValueError:
        raise FieldError(f"{key!r} is {value!r}; known: {', '.join(kind)}") from None


def short(value: object) -> str:
    """A value for a message, cut where it is long."""
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
