"""How far the code of a strip or tile goes, and whether it holds its pixels: no more, no less.

TIFF 6.0, 9 (PackBits), 13 (LZW); Adobe Photoshop TIFF technical notes (Deflate); RFC 8878
(Zstandard). What decoders do not reach is cut off where a code ends, and refused inside of one.
"""

from __future__ import annotations

import lzma
import zlib
from typing import Final

from photoprivacy.containers._model import Span
from photoprivacy.errors import CannotStrip, MalformedImage

_DEFLATE: Final = frozenset({8, 32946})
_LZW, _PACK_BITS, _LZMA, _ZSTD = 5, 32773, 34925, 50000
_STEP: Final = 65536
_CHUNK: Final = 1 << 20
#: LZW: the codes that mean something else
_CLEAR, _END = 256, 257
_WIDEST: Final = 12
#: codes behind a clear code; libtiff takes no more, and twelve bits name no more
_MOST_CODES: Final = 5119
_FEW, _STRETCH = 4, 2048
#: RFC 8878, 3.1.1
_FRAME: Final = b"\x28\xb5\x2f\xfd"
_LARGEST_BLOCK: Final = 1 << 17
_RAW, _REPEATED, _RESERVED = 0, 1, 3


def coded(data: bytes, part: Span, size: int, coding: int, *, exact: bool = False) -> Span:
    """Return how far the code of a strip or tile goes that has *size* bytes when decoded.

    Where that cannot be told (CCITT), it is all of it.

    Args:
        data: The file.
        part: Where the strip or tile is.
        size: Bytes of its pixels.
        coding: Number of the compression.
        exact: Whether bytes behind the pixels make it doubtful how many they are.

    Raises:
        MalformedImage: It holds fewer pixels than it must.
        CannotStrip: It holds more, in a place where they cannot be cut off.
    """
    body = memoryview(data)[part.start : part.stop]
    length = len(body)
    try:
        if coding == 1:
            length = _plain(length, size, exact=exact)
        elif coding in _DEFLATE:
            length = _deflated(body, size)
        elif coding == _LZMA:
            length = _lzma(body, size)
        elif coding == _PACK_BITS:
            length = _packed(bytes(body), size)
        elif coding == _LZW:
            length = _lzw(bytes(body), size)
        elif coding == _ZSTD:
            length = _frame(body, size)
    except (_TooFew, zlib.error, lzma.LZMAError):
        at = part.start
        raise MalformedImage("tiff", at, "a strip or tile without all its pixels") from None
    return Span(part.start, part.start + length)


class _TooFew(Exception):
    """A strip or tile is damaged, or ends before its pixels do."""


def _too_many() -> CannotStrip:
    return CannotStrip("a strip or tile that holds more than its pixels")


def _plain(length: int, size: int, *, exact: bool) -> int:
    if length < size:
        raise _TooFew
    if length > size and exact:
        # Some take colours that share samples for such that do not.
        raise _too_many()
    return size


def _deflated(body: memoryview, size: int) -> int:
    inflate = zlib.decompressobj()
    made = 0
    for at in range(0, len(body), _STEP):
        chunk: bytes | memoryview = body[at : at + _STEP]
        while True:
            out = inflate.decompress(chunk, _CHUNK)
            made += len(out)
            if made > size:
                raise _too_many()
            chunk = inflate.unconsumed_tail
            if inflate.eof or not (chunk or len(out) == _CHUNK):
                break
        if inflate.eof:
            if made < size:
                raise _TooFew
            return min(at + _STEP, len(body)) - len(inflate.unused_data)
    raise _TooFew


def _lzma(body: memoryview, size: int) -> int:
    stream = lzma.LZMADecompressor(memlimit=1 << 27)
    made, chunk = 0, bytes(body)
    while not stream.eof:
        made += len(stream.decompress(chunk, _CHUNK))
        chunk = b""
        if made > size:
            raise _too_many()
        if stream.needs_input:
            break
    if made < size or not stream.eof:
        raise _TooFew
    return len(body) - len(stream.unused_data)


def _packed(body: bytes, size: int) -> int:
    """9: a number n, then n + 1 bytes, or one byte 1 - n times; -128 says nothing."""
    at, end = 0, len(body)
    while size > 0 and at < end:
        n = body[at]
        if n < 128:
            at += n + 2
            size -= n + 1
        elif n > 128:
            at += 2
            size -= 257 - n
        else:
            at += 1
    if size > 0 or at > end:
        raise _TooFew
    if size:
        raise _too_many()
    return at


def _lzw(body: bytes, size: int) -> int:
    """13: codes of nine bits and more.

    Each code but the first behind a clear code adds an entry to the table: what the last code
    stood for, and one byte more. How long that is, is all that must be known.
    """
    codes = _Codes(body)
    left = size
    if codes.next(1) != [_CLEAR]:
        raise _TooFew
    while left:
        codes.pass_clear()
        first = codes.next(1)
        if first == [_CLEAR]:
            continue
        if not first or first[0] > _CLEAR:
            raise _TooFew
        codes.skip(1)
        left -= 1
        table, last, step = [1] * 258, 1, _FEW
        while left:
            some = codes.next(step)
            special = [some.index(one) for one in (_CLEAR, _END) if one in some]
            plain = some[: min(special, default=len(some))]
            made = _lengths(plain, table, last)
            done = sum(made)
            if done >= left:
                made = _exactly(made, left)
                done = left
            codes.skip(len(made))
            left -= done
            if not left or len(plain) < len(some):
                break
            if not some or len(table) > _MOST_CODES:
                raise _TooFew
            last, step = made[-1], min(2 * step, _STRETCH)
        if left and codes.next(1) != [_CLEAR]:
            raise _TooFew
    return codes.end()


def _lengths(codes: list[int], table: list[int], last: int) -> list[int]:
    """Return how many bytes each of *codes* stands for, and add to the *table* of these."""
    known = len(table)
    add = table.append
    try:
        for code in codes:
            add(last + 1)
            last = table[code]
    except IndexError:
        raise _TooFew from None
    # The table has the length of each code but the last, and one more.
    return [*(one - 1 for one in table[known + 1 :]), last] if codes else []


def _exactly(lengths: list[int], size: int) -> list[int]:
    """Return the first of *lengths*, which have *size* together."""
    for number, length in enumerate(lengths, 1):
        size -= length
        if size <= 0:
            if size:
                raise _too_many()
            return lengths[:number]
    raise _TooFew


class _Codes:
    """A cursor over LZW codes: the highest bit first, or as before 1987 the lowest."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._old = len(body) > 1 and not body[0] and body[1] % 2 == 1
        self._at = 0
        self._width, self._room = 9, 1

    def pass_clear(self) -> None:
        """Pass a clear code: nine bits again, until the table needs more, or one before."""
        self._at += self._width
        self._width, self._room = 9, 254 + self._old

    def skip(self, count: int) -> None:
        """Pass *count* codes of those that come `next`."""
        self._at += count * self._width
        self._room -= count
        if not self._room:
            self._width = min(self._width + 1, _WIDEST)
            self._room = 1 << (self._width - 1) if self._width < _WIDEST else _MOST_CODES

    def next(self, count: int) -> list[int]:
        """Return the next codes: *count* at most, and all of one width."""
        at, width = self._at, self._width
        count = min(count, self._room, (8 * len(self._body) - at) // width)
        start, stop = at // 8, -(-(at + count * width) // 8)
        number = int.from_bytes(self._body[start:stop], "little" if self._old else "big")
        number >>= at % 8 if self._old else 8 * stop - at - count * width
        bits = format(number & ((1 << count * width) - 1), f"0{count * width}b")
        codes = [int(bits[place : place + width], 2) for place in range(0, count * width, width)]
        return codes[::-1] if self._old else codes

    def end(self) -> int:
        """Return how many bytes have been passed, with an end code that follows."""
        here = self._at
        while self.next(1) == [_CLEAR]:
            self.pass_clear()
        if self.next(1) == [_END]:
            here = self._at + self._width
        return -(-here // 8)


def _frame(body: memoryview, size: int) -> int:
    """RFC 8878, 3.1.1: a header, blocks that say how long they are, and maybe a checksum.

    What a compressed block inflates to is not known without a decoder; what all do, where the
    header says so. libtiff reads no further frame.
    """
    if bytes(body[:4]) != _FRAME or len(body) < 6:
        raise _TooFew
    flags = body[4]
    if flags & 0b11011:
        # Bits that mean nothing, or a dictionary that a TIFF cannot have.
        raise CannotStrip("a strip or tile coded in a way that is not known to be clean")
    single, wide = flags >> 5 & 1, (0, 2, 4, 8)[flags >> 6]
    at = 5 + (not single)
    wide = wide or single
    told = int.from_bytes(body[at : at + wide], "little") + 256 * (wide == 2) if wide else size
    at += wide
    known = unknown = last = 0
    while not last:
        head = int.from_bytes(body[at : at + 3], "little")  # 3.1.1.2
        last, kind, length = head & 1, head >> 1 & 3, head >> 3
        if at + 3 > len(body) or kind == _RESERVED or length > _LARGEST_BLOCK:
            raise _TooFew
        if kind in (_RAW, _REPEATED):
            known += length
        else:
            unknown += 1
        at += 3 + (1 if kind == _REPEATED else length)
    if max(known, told) > size:
        raise _too_many()
    at += 4 * (flags >> 2 & 1)
    if at > len(body) or min(told, known + unknown * _LARGEST_BLOCK) < size:
        raise _TooFew
    return at
