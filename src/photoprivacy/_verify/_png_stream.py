"""The compressed streams of a clean PNG: they hold the rows of the picture, and no more."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from photoprivacy._verify._model import refuse

#: colour type → samples a pixel (ISO/IEC 15948, Table 8)
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: Adam7 (8.2): first column, first row, step across, step down
_PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
#: Fed and taken in steps, so that neither a bomb nor a long tail costs memory.
_STEP: Final = 1 << 14
_MOST: Final = 1 << 16


class Streams:
    """The picture's streams, fed chunk by chunk in the order of the file."""

    def __init__(self, output: bytes) -> None:
        self._data = output
        self._bits = 0
        self._laced = False
        self._image = _Stream(0)
        self._frame: _Stream | None = None
        self._size = (0, 0)
        self._frames: int | None = None
        self._controls = 0
        self._number = 0

    @property
    def image_ended(self) -> bool:
        """Whether the stream of the image itself is complete."""
        return self._image.ended

    def feed(self, kind: bytes, start: int, stop: int) -> None:
        """Take the next chunk.

        Raises:
            Unclean: It carries more than the picture needs.
        """
        data = self._data
        if kind == b"IHDR":
            width, height, depth, colour, *_, laced = struct.unpack_from(">IIBBBBB", data, start)
            self._bits, self._laced = depth * _SAMPLES[colour], laced == 1
            self._size = (width, height)
            self._image = _Stream(self._rows(width, height))
        elif kind == b"IDAT":
            self._image.feed(data[start:stop], start)
        elif kind == b"acTL":
            self._frames = struct.unpack_from(">I", data, start)[0]
        elif kind in (b"fcTL", b"fdAT"):
            self._animate(kind, start, stop)

    def close(self) -> None:
        """Check that every stream ended.

        Raises:
            Unclean: One did not, or frames are announced that are not there.
        """
        self._image.close()
        if self._frame is not None:
            self._frame.close()
        if self._frames is not None and self._frames != self._controls:
            refuse("another number of frames than the animation announces", 0)

    def _animate(self, kind: bytes, start: int, stop: int) -> None:
        """Take a frame's control or data (third edition, 11.3.6): numbered without a gap."""
        number = struct.unpack_from(">I", self._data, start)[0]
        if self._frames is None or number != self._number:
            refuse("a frame that no animation shows, or out of order", start)
        self._number += 1
        if kind == b"fcTL":
            self._controls += 1
            if self._frame is not None:
                self._frame.close()
            width, height = struct.unpack_from(">II", self._data, start + 4)
            # In front of the image data it describes the image itself, which is checked by IHDR.
            self._frame = _Stream(self._rows(width, height)) if self._image.ended else None
        elif self._frame is None:
            refuse("data of a frame that was not announced", start)
        else:
            self._frame.feed(self._data[start + 4 : stop], start)

    def _rows(self, width: int, height: int) -> int:
        """Return how many bytes the rows of a picture take, filter bytes included (7.2, 8.2)."""
        if not self._laced:
            return height * _row(width, self._bits)
        return sum(
            -(-max(0, height - down) // steps)
            * _row(-(-max(0, width - across) // step), self._bits)
            for across, down, step, steps in _PASSES
        )


def _row(width: int, bits: int) -> int:
    return 1 + -(-width * bits // 8) if width else 0


class _Stream:
    def __init__(self, room: int) -> None:
        self._room = room
        self._engine = zlib.decompressobj()

    @property
    def ended(self) -> bool:
        return self._engine.eof

    def feed(self, data: bytes, at: int) -> None:
        engine, view = self._engine, memoryview(data)
        for begin in range(0, len(view), _STEP):
            left: bytes | memoryview = view[begin : begin + _STEP]
            while not engine.eof:
                rows = self._inflated(left, at)
                left = engine.unconsumed_tail
                self._room -= len(rows)
                if self._room < 0:
                    refuse("image data with more in it than the picture's rows", at)
                if not left and len(rows) < _MOST:
                    break
            if engine.eof and (engine.unused_data or begin + _STEP < len(view)):
                refuse("bytes behind the image data", at)

    def _inflated(self, data: bytes | memoryview, at: int) -> bytes:
        try:
            return self._engine.decompress(data, _MOST)
        except zlib.error:
            refuse("image data that cannot be inflated", at)

    def close(self) -> None:
        if not self._engine.eof:
            refuse("image data that does not end with its stream", 0)
