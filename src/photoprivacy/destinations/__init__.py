"""What a place does with a photo that is posted there, and what to do about it first.

>>> from photoprivacy import inspect
>>> from photoprivacy.testing import sample_photo
>>> advice = advise(inspect(sample_photo()), Destination.THREADS)
>>> advice.learns[0]
'where it was taken, to the metre'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from photoprivacy.destinations._accepts import ACCEPTS, Accepts
from photoprivacy.destinations._advice import Advice, advise
from photoprivacy.destinations._facts import (
    FACTS,
    OPT_OUTS,
    Answer,
    Confidence,
    Destination,
    Fact,
    Question,
    compare,
    fact,
)

if TYPE_CHECKING:
    from photoprivacy.destinations._prepare import Prepared, prepare


def __getattr__(name: str) -> object:
    if name in ("Prepared", "prepare"):
        from photoprivacy.destinations import _prepare  # which draws pictures, where it has to

        return getattr(_prepare, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


__all__ = [
    "ACCEPTS",
    "FACTS",
    "OPT_OUTS",
    "Accepts",
    "Advice",
    "Answer",
    "Confidence",
    "Destination",
    "Fact",
    "Prepared",
    "Question",
    "advise",
    "compare",
    "fact",
    "prepare",
]
