"""Conditional and partial requests (RFC 9110, 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies beyond the end."""


def matches(header: str | None, etag: str) -> bool:
    """Return whether an If-None-Match *header* names *etag* (RFC 9110, 13.1.2: weakly)."""
    if header is None:
        return False
    given = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in given or etag in given


def wanted(headers: Mapping[str, str], etag: str, size: int) -> tuple[int, int] | None:
    """Return the part that is asked for, as start and stop, or ``None`` for the whole.

    Several ranges at once, unknown units and nonsense are ignored, as RFC 9110, 14.2 allows:
    the whole file answers them all.

    Raises:
        Unsatisfiable: The one range has no byte of the file.
    """
    match = _RANGE.fullmatch(headers.get("range", "").strip())
    if match is None or not (match[1] or match[2]):
        return None
    condition = headers.get("if-range")
    # RFC 9110, 13.1.5: strong comparison; a date never matches, we send none.
    if condition is not None and condition.strip() != etag:
        return None
    if not match[1]:  # the last so many bytes
        last = int(match[2])
        if not last or not size:
            raise Unsatisfiable
        return max(0, size - last), size
    start = int(match[1])
    if match[2] and int(match[2]) < start:
        return None  # RFC 9110, 14.1.1: invalid, hence ignored
    if start >= size:
        raise Unsatisfiable
    return start, min(size, int(match[2]) + 1) if match[2] else size
