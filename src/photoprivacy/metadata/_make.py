"""One finding from its row of a table, and the spelling by which its value stands in a file."""

from __future__ import annotations

from photoprivacy.containers._model import Span
from photoprivacy.metadata._findings import Finding, Value
from photoprivacy.metadata._severity import severity_of
from photoprivacy.policy import Category

#: code, category and label of a finding
Row = tuple[str, Category, str]
_LONGEST = 200
#: Characters of a value that are told; a longer one says no more about a person.
_MOST_TOLD = 10_000


def found(
    row: Row, *, origin: str, where: Span, value: Value = None, raw: tuple[bytes, ...] = ()
) -> Finding:
    """Return the finding that *row* describes, as severe as the table says."""
    code, category, label = row
    return Finding(
        code=code,
        category=category,
        severity=severity_of(code, category),
        label=label,
        origin=origin,
        where=where,
        value=shown(value),
        raw=raw,
    )


def shown(value: Value) -> Value:
    """Return *value* as a finding tells it."""
    return cut(value) if isinstance(value, str) else value


def cut(text: str) -> str:
    """Return *text* as it is told: of more than ten thousand characters only the first ones."""
    return text if len(text) <= _MOST_TOLD else f"{text[: _MOST_TOLD - 1]}…"


def spelling(raw: bytes) -> tuple[bytes, ...]:
    """Return *raw* as what must not be left over, ``()`` for what stands anywhere by chance."""
    raw = raw[:_MOST_TOLD].strip(b"\x00 ")[:_LONGEST]
    return (raw,) if len(set(raw)) >= 4 else ()
