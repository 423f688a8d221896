"""Boxes of ISO base media files (ISO/IEC 14496-12, 4.2), which JPEG XL and JPEG 2000 use too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy._reader import Reader
from photoprivacy.containers._model import Span
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

FORMAT: Final = "isobmff"


@attrs.frozen
class Box:
    """One box: its type, all its bytes, and its payload after size, type and extended type."""

    type: str
    span: Span
    body: Span
    uuid: bytes = b""


def boxes(data: bytes, start: int, stop: int, limits: Limits, *, last: bool) -> Iterator[Box]:
    """Yield the boxes of *data* from *start* to *stop* (14496-12, 4.2).

    Raises:
        MalformedImage: A size is smaller than its own header.
        TruncatedImage: A box leaves its parent.
        LimitExceeded: There are more boxes than *limits* allow.
    """
    at = start
    count = 0
    while at < stop:
        count += 1
        if count > limits.max_segments:
            raise LimitExceeded(FORMAT, at, limit="max_segments", value=limits.max_segments)
        if stop - at < 8:
            raise TruncatedImage(FORMAT, at, needed=8, available=stop - at)
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        body = at + 8
        if size == 1:
            if stop - at < 16:
                raise TruncatedImage(FORMAT, at, needed=16, available=stop - at)
            size = int.from_bytes(data[at + 8 : at + 16], "big")
            body = at + 16
        elif size == 0:
            # To the end of the file, which only the last box of the file can say.
            if not last:
                raise MalformedImage(FORMAT, at, "a box without end inside another")
            size = stop - at
        extended = b""
        if kind == b"uuid":
            extended = data[body : body + 16]
            body += 16
        if at + size < body:
            raise MalformedImage(FORMAT, at, "a box smaller than its own header")
        if at + size > stop:
            raise TruncatedImage(FORMAT, at, needed=size, available=stop - at)
        yield Box(kind.decode("latin-1"), Span(at, at + size), Span(body, at + size), extended)
        at += size


def full_reader(data: bytes, box: Box) -> tuple[Reader, int, int]:
    """Return a reader of a FullBox after its version and flags, and those (14496-12, 4.2)."""
    reader = Reader(data, FORMAT, start=box.body.start, stop=box.body.stop)
    version = reader.u8()
    return reader, version, reader.uint(3)
