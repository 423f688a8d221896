"""A checked cursor over bytes. A child cannot outrun its parent."""

from __future__ import annotations

from photoprivacy.errors import MalformedImage, TruncatedImage


class Reader:
    """Reads big- or little-endian numbers and slices, never past its own end.

    Offsets in errors count from the start of the file, also in children.
    """

    __slots__ = ("_big", "_data", "_format", "_pos", "_start", "_stop")

    def __init__(
        self,
        data: bytes | memoryview,
        format: str,  # noqa: A002 - the errors' word
        *,
        start: int = 0,
        stop: int | None = None,
        big: bool = True,
    ) -> None:
        self._data = data
        self._format = format
        self._start = self._pos = start
        self._stop = len(data) if stop is None else stop
        self._big = big
        if not 0 <= start <= self._stop <= len(data):
            raise TruncatedImage(
                format, start, needed=self._stop - start, available=max(0, len(data) - start)
            )

    @property
    def pos(self) -> int:
        """Where the next read starts, in bytes from the start of the file."""
        return self._pos

    @property
    def stop(self) -> int:
        """Where this reader ends, in bytes from the start of the file."""
        return self._stop

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return self._stop - self._pos

    def _claim(self, count: int) -> int:
        if count < 0 or count > self.left:
            raise TruncatedImage(self._format, self._pos, needed=count, available=self.left)
        at = self._pos
        self._pos += count
        return at

    def skip(self, count: int) -> None:
        """Move on by *count* bytes."""
        self._claim(count)

    def seek(self, pos: int) -> None:
        """Move to file offset *pos*, inside this reader."""
        if not self._start <= pos <= self._stop:
            raise MalformedImage(self._format, self._pos, "an offset points outside its parent")
        self._pos = pos

    def take(self, count: int) -> bytes:
        """Return a copy of the next *count* bytes."""
        at = self._claim(count)
        return bytes(self._data[at : at + count])

    def uint(self, size: int) -> int:
        """Return the next *size* bytes as an unsigned number; 0 for size 0."""
        at = self._claim(size)
        return int.from_bytes(self._data[at : at + size], "big" if self._big else "little")

    def u8(self) -> int:
        """Return the next byte."""
        return self._data[self._claim(1)]

    def u16(self) -> int:
        """Return the next 2 bytes as an unsigned number."""
        return self.uint(2)

    def u32(self) -> int:
        """Return the next 4 bytes as an unsigned number."""
        return self.uint(4)

    def u64(self) -> int:
        """Return the next 8 bytes as an unsigned number."""
        return self.uint(8)

    def child(self, count: int) -> Reader:
        """Return a reader of the next *count* bytes alone, and move past them."""
        at = self._claim(count)
        return Reader(self._data, self._format, start=at, stop=at + count, big=self._big)
