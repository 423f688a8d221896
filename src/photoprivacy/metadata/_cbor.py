"""A bounded reader of CBOR (RFC 8949): what claims and signatures are written in."""

from __future__ import annotations

import struct
from typing import Final

_MOST_ITEMS: Final = 20_000
_MOST_OF_FILE: Final = 200_000
_FLOATS: Final = {2: ">e", 4: ">f", 8: ">d"}
_SIMPLE: Final = {20: False, 21: True, 22: None, 23: None}
_BREAK: Final = object()


class NotCbor(Exception):
    """The bytes are no CBOR, or nested deeper or longer than is read."""


class Budget:
    """How many items of CBOR are read of one file, all its claims together.

    Attributes:
        left: How many still are.
    """

    def __init__(self) -> None:
        self.left = _MOST_OF_FILE


def read_cbor(data: bytes, depth: int, budget: Budget) -> object:
    """Return the first data item of *data*: numbers, bytes, text, lists, dictionaries.

    Tags are left out: what they enclose is returned.

    Args:
        data: The bytes.
        depth: How deep lists and dictionaries may be nested.
        budget: How many items of the file are read still.

    Raises:
        NotCbor: It cannot be read.
    """
    reader = _Reader(data, min(_MOST_ITEMS, budget.left))
    try:
        return reader.item(depth)
    finally:
        budget.left -= reader.read


class _Reader:
    def __init__(self, data: bytes, most: int) -> None:
        self._data = data
        self._at = 0
        self._most = most
        self.read = 0

    def _take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise NotCbor
        self._at += count
        return self._data[self._at - count : self._at]

    def _head(self) -> tuple[int, int, int | None]:
        """Return major type, additional information and argument (3), ``None`` for indefinite."""
        if self.read >= self._most:
            raise NotCbor
        self.read += 1
        [first] = self._take(1)
        major, info = first >> 5, first & 31
        if info < 24:
            return major, info, info
        if info < 28:
            return major, info, int.from_bytes(self._take(1 << (info - 24)), "big")
        if info == 31:
            return major, info, None
        raise NotCbor

    def item(self, depth: int) -> object:
        found = self._item(depth)
        if found is _BREAK:
            raise NotCbor
        return found

    def _item(self, depth: int) -> object:
        major, info, argument = self._head()
        while major == 6:  # 3.4: tags stand in front of what they are about
            if argument is None:
                raise NotCbor
            major, info, argument = self._head()
        if depth < 0:
            raise NotCbor
        if major in (2, 3):
            raw = self._string(major, argument)
            return raw if major == 2 else raw.decode("utf-8", "replace")
        if major == 4:
            return list(self._items(argument, depth))
        if major == 5:
            return self._pairs(argument, depth)
        if major == 7:
            return self._simple(info, argument)
        if argument is None:
            raise NotCbor
        return argument if major == 0 else -1 - argument

    def _simple(self, info: int, argument: int | None) -> object:
        if argument is None:
            return _BREAK
        if info > 24:
            size = 1 << (info - 24)
            [value] = struct.unpack(_FLOATS[size], argument.to_bytes(size, "big"))
            return value
        return _SIMPLE.get(argument)

    def _string(self, major: int, length: int | None) -> bytes:
        if length is not None:
            return self._take(length)
        pieces: list[bytes] = []
        while True:  # 3.2.3: chunks of definite length, then a break
            kind, _, size = self._head()
            if (kind, size) == (7, None):
                return b"".join(pieces)
            if kind != major or size is None:
                raise NotCbor
            pieces.append(self._take(size))

    def _items(self, count: int | None, depth: int) -> list[object]:
        found: list[object] = []
        while count is None or len(found) < count:
            one = self._item(depth - 1)
            if one is _BREAK:
                if count is None:
                    break
                raise NotCbor
            found.append(one)
        return found

    def _pairs(self, count: int | None, depth: int) -> dict[object, object]:
        flat = self._items(None if count is None else 2 * count, depth)
        if len(flat) % 2:
            raise NotCbor
        # Names of members are text and numbers; a list cannot be one here.
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return {key: value for key, value in pairs if isinstance(key, str | int | bytes)}
