"""Archives of stored files whose every byte is known beforehand (PKWARE APPNOTE 6.3.10).

Nothing is compressed: photos are already. So the length is known, any part of the archive can be
made by itself, and the same photos make the same archive: a download that broke off goes on.
"""

from __future__ import annotations

import bisect
import struct
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

# APPNOTE 4.4.4: names are ASCII, lengths are known: no flag is set. 4.4.5: 0 is "stored".
_FLAGS: Final = 0
_STORED: Final = 0
# 4.4.6: MS-DOS time and date; 1980-01-01 is the first there is, and says nothing.
_TIME, _DATE = 0, 0x21
# 4.4.3.2: 2.0 is what anything reads; 4.5 has lengths of eight bytes.
_PLAIN, _BIG = 20, 45
_MOST_32: Final = 0xFFFFFFFF
_MOST_16: Final = 0xFFFF

_LOCAL: Final = struct.Struct("<4s5H3I2H")  # 4.3.7
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")  # 4.3.12
_END: Final = struct.Struct("<4s4H2IH")  # 4.3.16
_END_BIG: Final = struct.Struct("<4sQ2H2I4Q")  # 4.3.14
_LOCATOR: Final = struct.Struct("<4sIQI")  # 4.3.15


@attrs.frozen(kw_only=True)
class Entry:
    """One file of an archive.

    Attributes:
        name: ASCII, without folders.
        size: Length in bytes.
        crc32: Of its bytes.
    """

    name: str = attrs.field(repr=False)
    size: int
    crc32: int


@attrs.frozen(kw_only=True)
class Part:
    """The bytes from *start* to *stop* of the file at *index*."""

    index: int
    start: int
    stop: int


class Layout:
    """Where everything in an archive stands.

    Args:
        entries: Its files, in their order; no two of one name.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = tuple(entries)
        self._starts: list[int] = []
        at = 0
        for entry in self._entries:
            self._starts.append(at)
            at += len(_local(entry)) + entry.size
        self._end = at
        self._directory = self._written()
        #: Length of the archive in bytes.
        self.size = at + len(self._directory)

    def parts(self, start: int, stop: int) -> Iterator[bytes | Part]:
        """Yield what the archive holds from *start* to *stop*, in its order."""
        first = max(0, bisect.bisect_right(self._starts, start) - 1)
        for index in range(first, len(self._entries)):
            at = self._starts[index]
            if at >= stop:
                return
            head = _local(self._entries[index])
            yield from _cut(head, at, start, stop)
            at += len(head)
            size = self._entries[index].size
            low, high = max(start, at), min(stop, at + size)
            if low < high:
                yield Part(index=index, start=low - at, stop=high - at)
        yield from _cut(self._directory, self._end, start, stop)

    def _written(self) -> bytes:
        """Return the central directory, and what ends the archive."""
        files = [_central(*pair) for pair in zip(self._entries, self._starts, strict=True)]
        directory = b"".join(files)
        count, size, start = len(files), len(directory), self._end
        end = b""
        if count >= _MOST_16 or size >= _MOST_32 or start >= _MOST_32:
            rest = _END_BIG.size - 12  # 4.3.14.1: without its first two fields
            end = _END_BIG.pack(
                *(b"PK\6\6", rest, _BIG, _BIG, 0, 0, count, count, size, start),
            ) + _LOCATOR.pack(b"PK\6\7", 0, start + size, 1)
        few, short, near = min(count, _MOST_16), min(size, _MOST_32), min(start, _MOST_32)
        return directory + end + _END.pack(b"PK\5\6", 0, 0, few, few, short, near, 0)


def _local(entry: Entry) -> bytes:
    name = entry.name.encode("ascii")
    big = entry.size >= _MOST_32
    # 4.5.3: in a local header both lengths stand in the field, or none.
    extra = struct.pack("<2H2Q", 1, 16, entry.size, entry.size) if big else b""
    size = min(entry.size, _MOST_32)
    head = _LOCAL.pack(
        *(b"PK\3\4", _BIG if big else _PLAIN, _FLAGS, _STORED, _TIME, _DATE),
        *(entry.crc32, size, size, len(name), len(extra)),
    )
    return head + name + extra


def _central(entry: Entry, start: int) -> bytes:
    name = entry.name.encode("ascii")
    long = [entry.size] * 2 if entry.size >= _MOST_32 else []
    long += [start] if start >= _MOST_32 else []
    extra = struct.pack(f"<2H{len(long)}Q", 1, 8 * len(long), *long) if long else b""
    version = _BIG if long else _PLAIN
    size = min(entry.size, _MOST_32)
    head = _CENTRAL.pack(
        *(b"PK\1\2", version, version, _FLAGS, _STORED, _TIME, _DATE),
        *(entry.crc32, size, size, len(name), len(extra), 0, 0, 0, 0, min(start, _MOST_32)),
    )
    return head + name + extra


def _cut(data: bytes, at: int, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes of *data*, which stands at *at*, that lie from *start* to *stop*."""
    low, high = max(start, at), min(stop, at + len(data))
    if low < high:
        yield data[low - at : high - at]
