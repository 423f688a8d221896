"""A strict walker over clean JPEG files, and a tolerant one over whatever the source was.

Written from T.81 Annex B, apart from the parser that the writer uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from photoprivacy._verify._model import Seen, refuse, same
from photoprivacy.policy import Category, Policy

#: What a marker segment of a clean file may be, besides the application segments below.
_TABLES_AND_FRAMES: Final = frozenset(
    {
        *(0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF),  # SOFn
        *(0xC4, 0xCC, 0xDB, 0xDD, 0xDC, 0xDE, 0xDF),  # DHT DAC DQT DRI DNL DHP EXP
    }
)
_SOS, _EOI = 0xDA, 0xD9
# Anything but a stuffed zero or a restart after an FF ends entropy-coded data (B.1.1.5).
_ANY_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7]")

_EXIF: Final = b"Exif\x00\x00"
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\x00"
_ICC: Final = b"ICC_PROFILE\x00"


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its picture against *source*.

    Raises:
        Unclean: Something stands in it that may not, or the picture is another.
    """
    exif = xmp = b""
    chunks: list[bytes] = []
    plain: list[bytes] = []
    expected = _picture(source)
    if output[:2] != b"\xff\xd8":
        refuse("no SOI", 0)
    at, scanned = 2, False
    while True:
        code = _marker(output, at)
        if code == _EOI:
            if at + 2 != len(output):
                refuse("bytes after EOI", at + 2)
            break
        stop = _end(output, at)
        body = output[at + 4 : stop]
        if code in _TABLES_AND_FRAMES or code == _SOS:
            _expect(expected, source, output, at, stop, code)
            if code == _SOS:
                scanned = True
                stop = _scan(expected, source, output, stop)
            else:
                plain.append(body)
        elif scanned:
            refuse("a segment between scans that is not the picture's own", at)
        elif code == 0xE0:
            _jfif(body, policy, at)
        elif code == 0xE1 and body.startswith(_EXIF) and not exif:
            exif = body[len(_EXIF) :]
        elif code == 0xE1 and body.startswith(_XMP) and not xmp:
            xmp = body[len(_XMP) :]
        elif code == 0xE2 and body.startswith(_ICC) and policy.allows(Category.COLOR):
            chunks.append(body)
        elif code == 0xEE:
            if len(body) != 12 or body[:11] != b"Adobe\x00\x64\x00\x00\x00\x00":
                refuse("an Adobe segment with more in it than its transform", at)
        else:
            refuse(f"a segment that may not stand in a clean file (FF{code:02X})", at)
        at = stop
    if next(expected, None) is not None:
        refuse("part of the picture is missing", at)
    profile = _profile(chunks)
    return Seen(exif=exif, xmp=xmp, profile=profile, plain=(*plain, exif, xmp, profile))


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source file, ``b""`` when its chunks do not fit together."""
    chunks = [
        source[start + 4 : stop]
        for start, stop, code in _segments(source)
        if code == 0xE2 and source.startswith(_ICC, start + 4)
    ]
    try:
        return _profile(chunks, strict=False)
    except IndexError:
        return b""


def _marker(output: bytes, at: int) -> int:
    if at + 2 > len(output) or output[at] != 0xFF:
        refuse("no marker where one must stand", at)
    code = output[at + 1]
    if code < 0xC0 or code == 0xFF or 0xD0 <= code <= 0xD8:
        refuse(f"a marker that may not stand here (FF{code:02X})", at)
    return code


def _end(output: bytes, at: int) -> int:
    length = int.from_bytes(output[at + 2 : at + 4], "big")
    if length < 2 or at + 2 + length > len(output):
        refuse("a segment that leaves the file", at)
    return at + 2 + length


def _jfif(body: bytes, policy: Policy, at: int) -> None:
    if len(body) != 14 or body[:7] != b"JFIF\x00\x01\x02" or body[12:] != b"\x00\x00":
        refuse("a JFIF segment with more in it than its 14 bytes", at)
    # Dots per inch are a trait of the device; a bare aspect ratio (unit 0) shapes the picture.
    if body[7] != 0 and not policy.allows(Category.RESOLUTION):
        refuse("a density that the policy does not keep", at)


def _profile(chunks: list[bytes], *, strict: bool = True) -> bytes:
    parts: dict[int, bytes] = {}
    for chunk in chunks:
        number, count = chunk[12], chunk[13]
        if count != len(chunks) or number in parts or not 1 <= number <= count:
            if strict:
                refuse("ICC chunks that do not fit together", 0)
            return b""
        parts[number] = chunk[14:]
    return b"".join(parts[number] for number in sorted(parts))


def _expect(
    expected: Iterator[tuple[int, int, int]],
    source: bytes,
    output: bytes,
    at: int,
    stop: int,
    code: int,
) -> None:
    found = next(expected, None)
    if found is None or found[2] != code or found[1] - found[0] != stop - at:
        refuse("a segment of the picture that the source does not have here", at)
    if not same(source, found[0], output, at, stop - at):
        refuse("a segment of the picture that differs from the source", at)


def _scan(expected: Iterator[tuple[int, int, int]], source: bytes, output: bytes, at: int) -> int:
    """Check the entropy-coded data of the output from *at*, and return its end."""
    match = _ANY_MARKER.search(output, at)
    if match is None:
        refuse("coded data that does not end", at)
    stop = match.start()
    while at < stop:
        found = next(expected, None)
        if found is None or found[2] != 0:
            refuse("coded data that the source does not have here", at)
        size = min(found[1] - found[0], stop - at)
        if not same(source, found[0], output, at, size) or found[1] - found[0] > stop - at:
            refuse("coded data that differs from the source", at)
        at += size
    return stop


def _segments(source: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (start, stop, code) of every marker segment of a source file up to its EOI.

    Code 0 is coded data. Fill, garbage and markers without meaning are passed over.
    """
    at, size, restarts = 2, len(source), False
    while at + 4 <= size:
        if (
            source[at] != 0xFF
            or source[at + 1] in (0x00, 0x01, 0xFF)
            or 0xD0 <= source[at + 1] < 0xD8
        ):
            at = source.find(b"\xff", at + 1)
            if at < 0:
                return
            continue
        code = source[at + 1]
        if code == _EOI:
            return
        if code < 0xC0 or code == 0xD8:
            at += 2
            continue
        stop = at + 2 + int.from_bytes(source[at + 2 : at + 4], "big")
        yield at, min(stop, size), code
        if code == 0xDD:
            restarts = source[at + 4 : at + 6] != b"\x00\x00"
        at = stop
        if code == _SOS:
            yield from _coded(source, at, restarts=restarts)
            at = _after_coded(source, at, restarts=restarts)


def _coded(source: bytes, at: int, *, restarts: bool) -> Iterator[tuple[int, int, int]]:
    for start, stop in _stretches(source, at, restarts=restarts):
        if stop > start:
            yield start, stop, 0


def _after_coded(source: bytes, at: int, *, restarts: bool) -> int:
    end = at
    for _, stop in _stretches(source, at, restarts=restarts):
        end = stop
    return end


def _stretches(source: bytes, at: int, *, restarts: bool) -> Iterator[tuple[int, int]]:
    while True:
        stop = at
        while True:
            match = _ANY_MARKER.search(source, stop)
            if match is None:
                yield at, len(source)
                return
            # FF FF …: fill in front of a marker, or in front of a stuffed zero or a restart.
            tail = match.end() - 1
            while tail < len(source) and source[tail] == 0xFF:
                tail += 1
            code = source[tail] if tail < len(source) else _EOI
            if code == 0x00 or 0xD0 <= code <= 0xD7:
                stop = tail
                continue
            break
        yield at, match.start()
        if code >= 0xC0 or not restarts:
            return
        # Damage in a scan with restart intervals: decoders go on at the next marker.
        following = re.compile(rb"\xff[\xc0-\xfe]").search(source, tail)
        if following is None or not 0xD0 <= source[following.end() - 1] <= 0xD7:
            return
        at = following.start()


def _picture(source: bytes) -> Iterator[tuple[int, int, int]]:
    for start, stop, code in _segments(source):
        if code in _TABLES_AND_FRAMES or code in (_SOS, 0):
            yield start, stop, code
