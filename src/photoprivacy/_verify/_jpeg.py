"""A strict walker over clean JPEG files, and a tolerant one over whatever the source was.

Written from T.81 Annex B, apart from the parser that the writer uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy._verify._gain_map import ISO, MPF, XMP, clean_words, directory, says_so
from photoprivacy._verify._icc import profile_in
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

# Coded data ends here: fill, if any, and a marker that is no restart.
_ENDS: Final = re.compile(rb"\xff+[\xc0-\xcf\xd8-\xfe]")
# A segment, or the end: no fill, no stuffed zero, no marker that stands alone.
_SEGMENT: Final = re.compile(rb"\xff[\xc0-\xcf\xd9-\xfe]")
# Where decoders go on after damage.
_GOES_ON: Final = re.compile(rb"\xff[\xc0-\xfe]")

_EXIF: Final = b"Exif\x00\x00"
_ICC: Final = b"ICC_PROFILE\x00"


@attrs.define
class _Image:
    """A picture of a clean file: what stands in front of its scans, and where it ends."""

    stop: int = 0
    exif: bytes = b""
    xmp: bytes = b""
    iso: bytes = b""
    mpf: bytes = b""
    mpf_at: int = 0
    jfif: list[bytes] = attrs.field(factory=list)
    adobe: list[bytes] = attrs.field(factory=list)
    chunks: list[bytes] = attrs.field(factory=list)

    def plain(self) -> tuple[bytes, ...]:
        profile = _fresh_profile(self.chunks)
        return (*self.jfif, self.exif, self.xmp, profile, self.iso, self.mpf)


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its pictures against *source*.

    Raises:
        Unclean: Something stands in it that may not, or a picture is another.
    """
    theirs = _Source(source)
    first = _image(theirs, output, 0, policy)
    _same_colours(source, 2, first, policy)
    at = _gain_map(source, theirs.at + 2) if policy.allows(Category.HDR) else None
    if at is None:
        if first.stop != len(output):
            refuse("bytes after EOI", first.stop)
        if first.mpf or first.iso:
            refuse("a list of further pictures where there are none", 0)
        listed, plain = 0, first.plain()
    else:
        if first.stop == len(output):
            refuse("the gain map is missing", first.stop)
        second = _image(_Source(source, at), output, first.stop, policy)
        if second.stop != len(output):
            refuse("bytes after EOI", second.stop)
        listed = _listed(source, at, first, second, policy)
        plain = (*first.plain(), *second.plain())
    return Seen(
        exif=first.exif,
        xmp=first.xmp,
        profile=_fresh_profile(first.chunks),
        plain=plain,
        gain_map=listed,
    )


def _image(theirs: _Source, output: bytes, start: int, policy: Policy) -> _Image:
    """Walk the picture of the output that begins at *start*, and hold it against *theirs*."""
    seen = _Image()
    if output[start : start + 2] != b"\xff\xd8":
        refuse("no SOI", start)
    at, scanned = start + 2, False
    while (code := _marker(output, at)) != _EOI:
        stop = _end(output, at)
        if code in _TABLES_AND_FRAMES or code == _SOS:
            _expect(theirs, output, at, stop, code)
            if code == _SOS:
                scanned = True
                stop = _scan(theirs, output, stop)
        elif scanned:
            refuse("a segment between scans that is not the picture's own", at)
        else:
            _application(seen, code, output[at + 4 : stop], at, policy)
        at = stop
    if theirs.next() is not None:
        refuse("part of the picture is missing", at)
    seen.stop = at + 2
    return seen


def _application(seen: _Image, code: int, body: bytes, at: int, policy: Policy) -> None:
    """Take note of an application segment, each kind but profiles at most once."""
    if code == 0xE0 and not seen.jfif:
        seen.jfif.append(body)
    elif code == 0xE1 and body.startswith(_EXIF) and len(body) > len(_EXIF) and not seen.exif:
        seen.exif = body[len(_EXIF) :]
    elif code == 0xE1 and body.startswith(XMP) and len(body) > len(XMP) and not seen.xmp:
        seen.xmp = body[len(XMP) :]
    elif code == 0xE2 and body.startswith(_ICC) and policy.allows(Category.COLOR):
        seen.chunks.append(body)
    elif code == 0xE2 and body.startswith(ISO) and len(body) > len(ISO) and not seen.iso:
        seen.iso = body[len(ISO) :]
    elif code == 0xE2 and body.startswith(MPF) and len(body) > len(MPF) and not seen.mpf:
        seen.mpf, seen.mpf_at = body[len(MPF) :], at + 4 + len(MPF)
    elif code == 0xEE and not seen.adobe:
        seen.adobe.append(body)
    else:
        refuse(f"a segment that may not stand in a clean file (FF{code:02X})", at)


def _gain_map(source: bytes, at: int) -> int | None:
    """Return where in the source, from *at* on, the picture of its gain map starts: behind SOI."""
    last = source.find(b"ftyp", at)  # a video; pictures inside it are its own
    for _ in range(16):
        start = source.find(b"\xff\xd8\xff", at, len(source) if last < 0 else last)
        if start < 0:
            return None
        walk = _Source(source, start + 2)
        header = _front(walk)
        if says_so(header or ()):
            return start + 2
        while header is not None and walk.next() is not None:
            pass
        at = walk.at + 2 if walk.ended else start + 2
    return None


def _front(walk: _Source) -> list[tuple[int, bytes]] | None:
    """Return marker and body of each segment in front of the first scan, from where *walk* is.

    ``None`` if another picture begins between them: then this one is none.
    """
    header = []
    at = walk.at
    while (found := walk.next(anything=True)) is not None and found[2] != _SOS:
        if walk.data.find(b"\xff\xd8", at, found[0]) >= 0:
            return None
        header.append((found[2], walk.data[found[0] + 4 : found[1]]))
        at = walk.at
    return header


def _listed(source: bytes, at: int, first: _Image, second: _Image, policy: Policy) -> int:
    """Check what two pictures say of each other; return the length that the first's XMP lists."""
    header = _front(_Source(source, at)) or ()
    packet, parameters = clean_words(header)
    if (second.xmp, second.iso) != (packet, parameters) or second.exif or second.mpf:
        refuse("a gain map that says something else than the source's", first.stop)
    if first.iso != (bytes(4) if parameters else b""):
        refuse("versions of a gain map where there are none, or none where there are", 0)
    length = second.stop - first.stop
    if first.mpf != directory(first.stop, length, first.mpf_at):
        refuse("a list of pictures that is wrong", first.mpf_at)
    _same_colours(source, at, second, policy)
    theirs = _profile(source, at) if policy.allows(Category.COLOR) else b""
    if _fresh_profile(second.chunks) != theirs:
        refuse("a gain map with another colour profile than the source's", first.stop)
    return length if b"hdrgm:Version" in packet else 0


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source file, ``b""`` when its chunks do not fit together."""
    return _profile(source, 2)


def _profile(source: bytes, at: int) -> bytes:
    chunks = [body for body in _header(source, at)[0xE2] if body.startswith(_ICC)]
    return profile_in(_joined(chunks))


def _joined(chunks: list[bytes]) -> bytes:
    parts: dict[int, bytes] = {}
    for chunk in chunks:
        # ICC.1, B.4: a number from 1 on, and the count.
        if len(chunk) < 14 or chunk[13] != len(chunks) or not 1 <= chunk[12] <= len(chunks):
            return b""
        parts[chunk[12]] = chunk[14:]
    whole = len(parts) == len(chunks)
    return b"".join(parts[number] for number in sorted(parts)) if whole else b""


def _header(source: bytes, at: int) -> dict[int, list[bytes]]:
    """Return the segments that say how colours are meant, as far as a decoder has read them.

    It has read everything in front of the first scan when it begins to decode.
    """
    theirs = _Source(source, at)
    found: dict[int, list[bytes]] = {0xE0: [], 0xE2: [], 0xEE: []}
    while (segment := theirs.next(anything=True)) is not None and segment[2] != _SOS:
        start, stop, code = segment
        if code in found:
            found[code].append(source[start + 4 : stop])
    return found


def _same_colours(source: bytes, at: int, image: _Image, policy: Policy) -> None:
    """Check the two segments from which decoders tell how colours are coded.

    JFIF says YCbCr; Adobe says RGB, YCbCr, CMYK or YCCK by its last byte, and the last one
    before the picture counts. Shorter ones say nothing (as libjpeg reads them).
    """
    header = _header(source, at)
    plain = [body for body in header[0xE0] if body.startswith(b"JFIF\x00") and len(body) >= 14]
    if image.jfif != [_bare(body, policy) for body in plain[:1]]:
        refuse("a JFIF segment other than the source's, bare of density and thumbnail", 0)
    marks = [body for body in header[0xEE] if body.startswith(b"Adobe") and len(body) >= 12]
    if image.adobe != [b"Adobe\x00\x64" + bytes(4) + body[11:12] for body in marks[-1:]]:
        refuse("an Adobe segment other than the source's transform", 0)


def _bare(theirs: bytes, policy: Policy) -> bytes:
    density = theirs[7:12]
    # Dots per inch are a trait of the device; a bare aspect ratio (unit 0) shapes the picture.
    shape = density[0] == 0 and density[1:3] != density[3:5]
    if not shape and not policy.allows(Category.RESOLUTION):
        density = b"\x00\x00\x01\x00\x01"
    return b"JFIF\x00\x01\x02" + density + b"\x00\x00"


def _fresh_profile(chunks: list[bytes]) -> bytes:
    """Return the profile of the output, in order and in as few chunks as it takes."""
    for number, chunk in enumerate(chunks, 1):
        last = number == len(chunks)
        if chunk[12:14] != bytes((number, len(chunks))) or len(chunk) < 15:
            refuse("ICC chunks that do not fit together", 0)
        if not last and len(chunk) != 65533:
            refuse("an ICC chunk that is not full", 0)
    profile = b"".join(chunk[14:] for chunk in chunks)
    if profile_in(profile) != profile:
        refuse("a colour profile that is none", 0)
    return profile


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


class _Source:
    """A tolerant walk over the source: fill, garbage and empty markers are passed over."""

    def __init__(self, data: bytes, at: int = 2) -> None:
        self.data = data
        self.at = at
        self.restarts = False
        self.ended = False

    def next(self, *, anything: bool = False) -> tuple[int, int, int] | None:
        """Return (start, stop, code) of the next segment of the picture, ``None`` at EOI.

        With *anything*, of the next segment of any kind.
        """
        data, size = self.data, len(self.data)
        while (match := _SEGMENT.search(data, self.at)) is not None:
            start, code = match.start(), data[match.end() - 1]
            self.at = start
            if code == _EOI or start + 4 > size:
                self.ended = code == _EOI
                return None
            stop = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
            self.at = stop
            if code == 0xDD:
                self.restarts = data[start + 4 : start + 6] != b"\x00\x00"
            if anything or code in _TABLES_AND_FRAMES or code == _SOS:
                return start, min(stop, size), code
        return None

    def stretches(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches of coded data from here, and move behind them."""
        data = self.data
        while True:
            start = self.at
            match = _ANY_MARKER.search(data, start)
            if match is None:
                self.at = len(data)
                yield start, self.at
                return
            self.at = match.start()
            yield start, self.at
            at = _past_fill(data, self.at)
            code = data[at] if at < len(data) else _EOI
            if 0xD0 <= code <= 0xD7:
                self.at = at - 1  # a restart with fill in front of it
                continue
            if code >= 0xC0 or not self.restarts:
                return
            # Damage in a scan with restart intervals: decoders go on at the next marker.
            following = _GOES_ON.search(data, at + 1)
            if following is None or not 0xD0 <= data[following.end() - 1] <= 0xD7:
                return
            self.at = following.start()


def _past_fill(data: bytes, at: int) -> int:
    """Return where the FFs end that begin at *at* (B.1.1.2)."""
    while at < len(data) and data[at] == 0xFF:
        window = data[at : at + 65536]
        at += len(window) - len(window.lstrip(b"\xff"))
    return at


def _expect(theirs: _Source, output: bytes, at: int, stop: int, code: int) -> None:
    found = theirs.next()
    if found is None or found[2] != code or found[1] - found[0] != stop - at:
        refuse("a segment of the picture that the source does not have here", at)
    if not same(theirs.data, found[0], output, at, stop - at):
        refuse("a segment of the picture that differs from the source", at)


def _scan(theirs: _Source, output: bytes, at: int) -> int:
    """Check the entropy-coded data of the output from *at*, and return its end."""
    match = _ANY_MARKER.search(output, at)
    if match is None:
        refuse("coded data that does not end", at)
    stop = match.start()
    if same(theirs.data, theirs.at, output, at, stop - at):
        # No marker inside here, so none inside there; it only has to end there too.
        end = theirs.at + stop - at
        if _ENDS.match(theirs.data, end):
            theirs.at = end
            return stop
    for start, end in theirs.stretches():
        size = end - start
        if size > stop - at or not same(theirs.data, start, output, at, size):
            refuse("coded data that differs from the source", at)
        at += size
    if at != stop:
        refuse("coded data that the source does not have here", at)
    return stop
