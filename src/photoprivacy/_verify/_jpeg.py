"""A strict walker over clean JPEG files: every byte of them, and every picture.

Written from T.81 Annex B, apart from the parser that the writer uses.
"""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy._verify import _exif, _movie
from photoprivacy._verify._gain_map import ISO, MPF, XMP, clean_words
from photoprivacy._verify._icc import profile_in
from photoprivacy._verify._jpeg_behind import behind, directory, first_exif
from photoprivacy._verify._jpeg_ends import FEW, Scanned
from photoprivacy._verify._jpeg_ends import check as ends_with_picture
from photoprivacy._verify._jpeg_source import (
    AFTER_CODE,
    ANY_MARKER,
    ENDS,
    EOI,
    NUMBER_OF_LINES,
    RESTART,
    SOS,
    Source,
    between_restarts,
    first_of,
    front,
)
from photoprivacy._verify._jpeg_tables import FRAMES, TABLES, Decoder, advance
from photoprivacy._verify._model import Seen, refuse, same
from photoprivacy._verify._turned import turned
from photoprivacy.policy import Category, Policy, Unknown

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
    theirs = Source(source)
    first = _image(theirs, output, 0, policy)
    _same_colours(source, 2, first, policy)
    found = behind(source, theirs.at + 2, policy)
    plain = list(first.plain())
    rows = [(found.type, first.stop)]
    at, listed = first.stop, 0
    for start, kind in found.pictures:
        if at == len(output):
            refuse("a picture behind the first one is missing", at)
        image = _image(Source(source, start), output, at, policy)
        if start == found.gain_map:
            listed = _described(source, start, first, image)
        elif (
            image.xmp or image.iso or image.mpf or _side(image, policy) != found.side(start, policy)
        ):
            refuse("a further picture that says something else than which side is up", at)
        _same_colours(source, start, image, policy)
        theirs_profile = _profile(source, start) if policy.allows(Category.COLOR) else b""
        if _fresh_profile(image.chunks) != theirs_profile:
            refuse("a picture with another colour profile than the source's", at)
        rows.append((kind, image.stop - at))
        plain += image.plain()
        at = image.stop
    if first.iso and found.gain_map is None:
        refuse("versions of a gain map where there is none", 0)
    if first.mpf != (directory(rows, first.mpf_at) if len(rows) > 1 else b""):
        refuse("a list of pictures that is wrong", first.mpf_at)
    video = None
    if found.video is not None:
        movie = _movie.check(source[slice(*found.video)], output[at:], policy)
        if movie.xmp:
            refuse("words in the video of a photo", at)
        plain += movie.plain
        video = (len(output) - at, found.moments)
        at = len(output)
    if at != len(output):
        refuse("bytes after EOI", at)
    return Seen(
        exif=first.exif,
        xmp=first.xmp,
        profile=_fresh_profile(first.chunks),
        plain=tuple(plain),
        gain_map=listed,
        video=video,
    )


def _side(image: _Image, policy: Policy) -> int:
    """Return which side of a further picture is up; its Exif may say nothing else."""
    bare = Policy(keep=policy.keep & {Category.ORIENTATION})
    return _exif.check(image.exif, bare, b"")


def _described(source: bytes, at: int, first: _Image, second: _Image) -> int:
    """Check what a gain map and its picture say; return the length that the packet lists."""
    packet, parameters = clean_words(front(Source(source, at)) or ())
    if (second.xmp, second.iso) != (packet, parameters) or second.exif or second.mpf:
        refuse("a gain map that says something else than the source's", first.stop)
    if first.iso != (bytes(4) if parameters else b""):
        refuse("versions of a gain map where there are none, or none where there are", 0)
    return second.stop - first.stop if b"hdrgm:Version" in packet else 0


def _image(theirs: Source, output: bytes, start: int, policy: Policy) -> _Image:
    """Walk the picture of the output that begins at *start*, and hold it against *theirs*."""
    every = policy.unknown is Unknown.REFUSE
    return walk(theirs, output, start, policy, (Decoder(clean=True), Decoder(clean=False)),
                every=every)  # fmt: skip


def walk(
    theirs: Source,
    output: bytes,
    start: int,
    policy: Policy,
    states: tuple[Decoder, Decoder],
    *,
    every: bool,
    few: int = FEW,
) -> _Image:
    """Walk the picture of the output that begins at *start*, and hold it against *theirs*.

    Args:
        theirs: The source's picture.
        output: The output.
        start: Where its picture begins.
        policy: What may stay in front of its scans.
        states: The tables that stand before it begins, of the output and of the source.
        every: Whether all coded data is walked through.
        few: How many bytes of it are in any case.

    Raises:
        Unclean: It is another picture, or not alone.
    """
    seen, (mine, their_state) = _Image(), states
    if output[start : start + 2] != b"\xff\xd8":
        refuse("no SOI", start)
    at, scans = start + 2, list[Scanned]()
    while (code := _marker(output, at)) != EOI:
        stop = _end(output, at)
        body = output[at + 4 : stop]
        if code in TABLES:
            mine.define(code, body, at)
        elif code in FRAMES:
            _expect(advance(theirs, their_state), theirs.data, output, at, stop)
            mine.begin(code, body, at)
            their_state.begin(code, body, at)
            mine.lines = mine.lines or _lines(theirs)
        elif code == SOS:
            _expect(advance(theirs, their_state), theirs.data, output, at, stop)
            if mine.scan(body, at) != their_state.scan(body, at):
                refuse("a scan with other tables than the source's", at)
            scan = _scan(theirs, output, stop, mine, body)
            stop = scan.stop
            if not scans:
                stop = _line_count(theirs, output, stop, mine.lines)
            scans.append(scan)
        elif scans:
            refuse("a segment between scans that is not the picture's own", at)
        else:
            _application(seen, code, output[at + 4 : stop], at, policy)
        at = stop
    if advance(theirs, their_state) is not None or not scans:
        refuse("part of the picture is missing", at)
    mine.close()
    ends_with_picture(output, mine, scans, every=every, few=few)
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


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source file, ``b""`` when its chunks do not fit together."""
    return _profile(source, 2)


def turn_of(source: bytes) -> int:
    """Return which side of a source file is up (1 to 8), as its first Exif says."""
    return turned(first_exif(source))


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
    theirs = Source(source, at)
    found: dict[int, list[bytes]] = {0xE0: [], 0xE2: [], 0xEE: []}
    while (segment := theirs.next(anything=True)) is not None and segment[2] != SOS:
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
    if not policy.allows(Category.ORIENTATION if shape else Category.RESOLUTION):
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


def _expect(
    found: tuple[int, int, int] | None, source: bytes, output: bytes, at: int, stop: int
) -> None:
    if found is None or found[1] - found[0] != stop - at:
        refuse("a segment of the picture that the source does not have here", at)
    if not same(source, found[0], output, at, stop - at):
        refuse("a segment of the picture that differs from the source", at)


def _lines(theirs: Source) -> int:
    """Return how many lines are told behind the first scan of a source that stands before it."""
    walk = Source(theirs.data, theirs.at)
    walk.restarts = theirs.restarts
    while (found := walk.next()) is not None and found[2] != SOS:
        pass
    if found is not None:
        for _ in walk.stretches():
            pass
    told = NUMBER_OF_LINES.match(walk.data, walk.at)
    return int.from_bytes(told[1], "big") if told else 0


def _line_count(theirs: Source, output: bytes, at: int, lines: int) -> int:
    """Check the number of lines behind the first scan (B.2.5), and return where it ends."""
    there = NUMBER_OF_LINES.match(theirs.data, theirs.at)
    if there is None:
        return at
    said = b"\xff\xdc\x00\x04" + there[1]
    if not output.startswith(said, at) or int.from_bytes(there[1], "big") != lines:
        refuse("another number of lines than the source's", at)
    return at + len(said)


def _scan(theirs: Source, output: bytes, at: int, mine: Decoder, header: bytes) -> Scanned:
    """Check the entropy-coded data of the output from *at* on."""
    match, first, start = first_of(AFTER_CODE, output, at), 0, at
    if match is not None and RESTART.match(output, match.start()):
        first, match = match.start(), first_of(ANY_MARKER, output, match.start())
    if match is None:
        refuse("coded data that does not end", at)
    stop = match.start()
    restarts = [one.start() for one in RESTART.finditer(output, first, stop)] if first else []
    if len(restarts) > mine.restarts(header):
        refuse("more restarts than the scan has", at)
    tables = {slot: table for slot, (table, _) in mine.slots.items()}
    cut: frozenset[int] = frozenset()
    end = theirs.at + stop - at
    if same(theirs.data, theirs.at, output, at, stop - at) and ENDS.match(theirs.data, end):
        # No marker inside here, so none inside there; it only has to end there too.
        theirs.at = end
    else:
        cut = _shortened(theirs, output, at, stop)
    return Scanned(header=header, tables=tables, start=start, stop=stop, restarts=restarts, cut=cut)


def _shortened(theirs: Source, output: bytes, at: int, stop: int) -> frozenset[int]:
    """Hold coded data against the source's; return where stretches end that have more there.

    That it was none of the picture is for `ends_with_picture` to prove.
    """
    ours = between_restarts(output, at, stop)
    whose = []
    for number, (start, end) in enumerate(theirs.stretches()):
        parts = between_restarts(theirs.data, start, end)
        # Behind fill or damage, the restart that follows begins a stretch.
        whose += parts[1:] if number else parts
    cut = set()
    for (code, here, end), (other, there, last) in zip(ours, whose, strict=False):
        if code != other or not same(theirs.data, there, output, here, end - here):
            refuse("coded data that differs from the source", here)
        if end - here > last - there:
            refuse("coded data that the source does not have here", here)
        if end - here < last - there:
            cut.add(end)
    if len(ours) > len(whose):
        refuse("coded data that the source does not have here", at)
    # What the scan has no room for: further restarts, and nothing between them.
    if any(last > there for _, there, last in whose[len(ours) :]):
        refuse("coded data that was cut short", at)
    return frozenset(cut)
