"""The boxes of a file (ISO/IEC 14496-12, 4.2), up to where it is one."""

from __future__ import annotations

from photoprivacy.containers._bmff_boxes import Box, boxes
from photoprivacy.containers._model import Problem, Span
from photoprivacy.errors import LimitExceeded, MalformedImage
from photoprivacy.limits import Limits


def top_boxes(
    data: bytes, limits: Limits, *, needed: frozenset[str], pictures: frozenset[bytes]
) -> tuple[tuple[Box, ...], list[Problem]]:
    """Return the boxes of a file. What is no box behind those it needs ends the walk.

    Args:
        data: The file.
        limits: How many there may be.
        needed: Types without which there is nothing to show.
        pictures: Types of boxes that must not be cut short.

    Raises:
        MalformedImage: The walk ends before all of it is there, or inside a picture.
        LimitExceeded: There are more boxes than *limits* allow.
    """
    found: list[Box] = []
    walk = boxes(data, 0, len(data), limits, last=True)
    while True:
        try:
            found.append(next(walk))
        except StopIteration:
            return tuple(found), []
        except LimitExceeded:
            raise
        except MalformedImage as error:
            at = found[-1].span.stop if found else 0
            if data[at + 4 : at + 8] in pictures or not needed <= {box.type for box in found}:
                raise
            return tuple(found), [Problem(what=error.what, where=Span(at, len(data)))]
