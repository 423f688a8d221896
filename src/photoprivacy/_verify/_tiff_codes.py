"""How much of a strip or tile is the code of its pixels, as the second pair of eyes counts it.

Written from TIFF 6.0 (9, 13), RFC 1950 and RFC 8878. A strip that says less than its pixels, or
more, is not one that a clean file was made of: its copy would not be the picture.
"""

from __future__ import annotations

import lzma
import struct
import zlib

from photoprivacy._verify._model import refuse

_PLAIN, _LZW, _XZ, _RUNS, _ZSTD = 1, 5, 34925, 32773, 50000
_DEFLATE = (8, 32946)
_CLEAR, _STOP = 256, 257
_AT_ONCE = 1 << 18


def length(body: bytes, coding: int, bare: int) -> int:
    """Return how many bytes of *body* are the code of *bare* bytes of pixels.

    All of them where nobody can tell (CCITT).

    Raises:
        Unclean: They are fewer than these pixels need, or of more pixels than these.
    """
    if not body:
        refuse("a strip or tile without a byte", 0)
    if coding == _PLAIN:
        _check(min(len(body), bare), bare)
        return bare
    if coding in _DEFLATE:
        return _zlib(body, bare)
    if coding == _XZ:
        return _xz(body, bare)
    if coding == _RUNS:
        return _runs(body, bare)
    if coding == _LZW:
        return _words(body, bare)
    return _frame(body, bare) if coding == _ZSTD else len(body)


def _check(made: int, bare: int) -> None:
    if made < bare:
        refuse("a strip or tile that ends before its pixels do", 0)
    if made > bare:
        refuse("a strip or tile of more than its pixels", 0)


def _zlib(body: bytes, bare: int) -> int:
    stream = zlib.decompressobj()
    made, rest = 0, body
    while not stream.eof:
        out = stream.decompress(rest, _AT_ONCE)
        made += len(out)
        rest = stream.unconsumed_tail
        if made > bare or not (out or rest):
            break
    _check(made, bare)
    if not stream.eof:
        refuse("a strip or tile whose code does not end", 0)
    return len(body) - len(stream.unused_data)


def _xz(body: bytes, bare: int) -> int:
    stream = lzma.LZMADecompressor(memlimit=1 << 27)
    made = len(stream.decompress(body, _AT_ONCE))
    while made <= bare and not (stream.eof or stream.needs_input):
        made += len(stream.decompress(b"", _AT_ONCE))
    _check(made, bare)
    if not stream.eof:
        refuse("a strip or tile whose code does not end", 0)
    return len(body) - len(stream.unused_data)


def _runs(body: bytes, bare: int) -> int:
    at = made = 0
    while made < bare and at < len(body):
        (number,) = struct.unpack_from("b", body, at)
        if number >= 0:
            at, made = at + 2 + number, made + 1 + number
        elif number == -128:
            at += 1
        else:
            at, made = at + 2, made + 1 - number
    _check(made if at <= len(body) else 0, bare)
    return at


def _words(body: bytes, bare: int) -> int:
    """13: codes of nine to twelve bits; 256 clears, 257 ends. What each stands for is counted."""
    reverse = body[0] == 0 and len(body) > 1 and body[1] % 2 == 1  # as before 1987
    order, late = ("little", 1) if reverse else ("big", 0)
    width, at, total, base, window = 9, 0, 8 * len(body), -1, 0
    left, done, before = bare, 0, 0
    long: list[int] = []
    while at + width <= total:
        if base < 0 or at + width > 8 * base + 4000:
            base = at // 8
            window = int.from_bytes(body[base : base + 512].ljust(512, b"\0"), order)  # type: ignore[arg-type]
        shift = at - 8 * base if reverse else 8 * base + 4096 - at - width
        code = window >> shift & ((1 << width) - 1)
        at += width
        if code == _CLEAR:
            width, before, long = 9, 0, [1] * 256 + [0, 0]
            continue
        if not left:
            # Behind the last pixel an end code counts, and nothing else.
            done = at if code == _STOP else done
            break
        if before:
            long.append(before + 1)
        if code == _STOP or code >= len(long) or not long[code]:
            refuse("a strip or tile with codes that stand for nothing", 0)
        before = long[code]
        left -= before
        if len(long) == (1 << width) - 1 + late and width < 12:
            width += 1
        done = at
        if left < 0:
            break
    _check(bare - left, bare)
    return (done + 7) // 8


def _frame(body: bytes, bare: int) -> int:
    """RFC 8878, 3.1.1: magic number, descriptor, window, dictionary, size; blocks; checksum."""
    magic, flags = struct.unpack_from("<IB", body)
    if magic != 0xFD2FB528 or flags & 0x1B:
        refuse("a strip or tile that is no frame of Zstandard", 0)
    alone = flags & 0x20
    at = 5 if alone else 6
    if flags >> 6 or alone:
        form, more = (("<B", 0), ("<H", 256), ("<I", 0), ("<Q", 0))[flags >> 6]
        _check(struct.unpack_from(form, body, at)[0] + more, bare)
        at += struct.calcsize(form)
    plain, most, ends = 0, 0, False
    while not ends:
        low, high = struct.unpack_from("<HB", body, at)
        size, kind, ends = (low | high << 16) >> 3, low >> 1 & 3, bool(low & 1)
        if kind == 3 or size > 1 << 17:
            refuse("a block of Zstandard that may not be", at)
        plain += size if kind < 2 else 0
        most += size if kind < 2 else 1 << 17
        at += 3 + (size if kind != 1 else 1)
    at += 4 if flags & 4 else 0
    if not plain <= bare <= most or at > len(body):
        refuse("a strip or tile of other than its pixels", at)
    return at
