"""JPEG to segments (ITU-T T.81, Annex B; JFIF; Exif; Adobe; ICC.1 Annex B).

The walk goes through every scan to the real end of the image: entropy-coded data
is searched for markers, so that segments hidden between scans are found, and
whatever follows EOI is the trailer.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

from photoprivacy.containers._jpeg_behind import FURTHER, Picture, listed, video_in
from photoprivacy.containers._jpeg_blocks import blocks_of, exif_read
from photoprivacy.containers._jpeg_gain_map import is_gain_map, is_half_a_gain_map
from photoprivacy.containers._jpeg_names import RESTARTS, SIGNATURES, marker_name
from photoprivacy.containers._jpeg_picture import look
from photoprivacy.containers._model import Container, Format, Problem, Role, Segment, Span
from photoprivacy.containers._turn import turn_told
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

SOI, EOI, SOS, DNL = 0xD8, 0xD9, 0xDA, 0xDC

# T.81 B.1.1.5: in entropy-coded data FF is followed by 00 (a stuffed FF), by RST0-7, or by
# the marker that ends the data. Any number of fill bytes FF may precede a marker (B.1.1.2).
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7]")
_FILL: Final = re.compile(rb"\xff*(?=\xff)")
# Where garbage stands in place of a marker: the next thing that reads like one, as decoders
# look for it. Whether it makes sense there is asked of it as of any other.
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00]")

#: Markers that hold what a decoder needs to read the pixels (T.81 Table B.1).
PICTURE_MARKERS: Final = {
    **dict.fromkeys((0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7), "frame header, Huffman (B.2.2)"),
    **dict.fromkeys((0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF), "frame header, arithmetic (B.2.2)"),
    0xC4: "Huffman tables that a scan uses (B.2.4.2)",
    0xCC: "arithmetic conditioning that a scan uses (B.2.4.3)",
    0xDB: "quantisation tables that a scan uses (B.2.4.1)",
    0xDD: "restart interval of a scan (B.2.4.4)",
    0xDC: "number of lines, behind the first scan (B.2.5)",
    0xDA: "scan header (B.2.3)",
    0xDE: "hierarchical progression (B.3.2)",
    0xDF: "expansion of reference components (B.3.3)",
}
# Where a scan can go on after damage: RSTn, or any marker from SOF0 up.
_RESUME: Final = re.compile(rb"\xff[\xc0-\xfe]")
# A search holds up all other threads: it goes so many bytes at once, a millisecond or two.
_STRETCH: Final = 1 << 20


#: How often a further picture is looked for behind the first one: each may read to the end.
_TRIES: Final = 16


@attrs.frozen(kw_only=True)
class JpegContainer(Container):
    """A JPEG file taken apart.

    Attributes:
        behind: The whole pictures behind the first one; their segments tile those of
            `segments` that are called ``image``.
        half_a_gain_map: Whether a gain map begins there that cannot be walked through.
        half_a_picture: Whether that goes for another picture that the directory lists.
        video: Where the video of a motion photo is, ``None`` for none.
        type: What the directory says that the first picture is, -1 if it says nothing.
        tails: What stands behind the last block of a scan, of the first picture and of further
            ones, as far as it was looked for.
        doubtful: Whether the end of a scan looks like something else than codes, and where they
            end cannot be told.
    """

    behind: tuple[Picture, ...] = ()
    half_a_gain_map: bool = False
    half_a_picture: bool = False
    video: Span | None = None
    type: int = -1
    tails: tuple[Span, ...] = ()
    doubtful: bool = False

    @property
    def gain_map(self) -> tuple[Segment, ...]:
        """The segments of the gain map's own JPEG, from SOI to EOI; empty for none."""
        return next((one.segments for one in self.behind if one.gain_map), ())


@attrs.frozen(kw_only=True)
class _Walk:
    """The state of one walk; segments are appended in file order."""

    data: bytes
    limits: Limits
    segments: list[Segment] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)

    def add(
        self,
        kind: str,
        role: Role,
        start: int,
        stop: int,
        *,
        body: Span | None = None,
        name: str = "",
    ) -> None:
        if stop <= start:
            return
        if len(self.segments) >= self.limits.max_segments:
            raise LimitExceeded("jpeg", start, limit="max_segments", value=self.limits.max_segments)
        span = Span(start, stop)
        self.segments.append(Segment(kind=kind, role=role, span=span, body=body or span, name=name))

    def problem(self, what: str, start: int, stop: int) -> None:
        if len(self.problems) < 100:  # a thousand times the same damage tells no more
            self.problems.append(Problem(what=what, where=Span(start, stop)))


def parse_jpeg(data: bytes, limits: Limits) -> JpegContainer:
    """Take a JPEG file apart.

    Damage that can be read past becomes a problem; where the walk cannot go on, the
    rest is one stray segment and `Container.damage` says why.

    Raises:
        MalformedImage: *data* does not start with SOI.
        LimitExceeded: More segments than *limits* allow.
    """
    if data[:2] != b"\xff\xd8":
        raise MalformedImage("jpeg", 0, "does not start with SOI")
    walk = _Walk(data=data, limits=limits)
    walk.add("SOI", Role.STRUCTURE, 0, 2)
    damage: MalformedImage | None = None
    pictures: list[Picture] = []
    half = False
    video: Span | None = None
    try:
        end = _walk_image(walk, 2)
    except LimitExceeded:
        raise
    except MalformedImage as error:
        damage = error
        at = walk.segments[-1].span.stop  # everything before is accounted for
        walk.problem(error.what, at, len(data))
        walk.add("unreadable", Role.STRAY, at, len(data))
    else:
        video = video_in(data, end)
        pictures, half = _behind(walk, end, video)
    segments = tuple(walk.segments)
    width, height = _dimensions(data, segments)
    looks = [look(part, data) for part in (segments, *(one.segments for one in pictures))]
    tails = tuple(span for one in looks for span in one.ends.tails)
    doubtful = any(one.ends.doubtful for one in looks)
    if doubtful:
        walk.problem("coded data that ends in words, and cannot be walked through", 0, len(data))
    blocks = blocks_of(data, segments, limits, pictures, video, looks)
    if damage is None and not width:
        damage = MalformedImage("jpeg", len(data), "no frame header")
    return JpegContainer(
        format=Format.JPEG,
        size=len(data),
        segments=segments,
        blocks=blocks,
        width=width,
        height=height,
        rotation=turn_told(
            [block for block in blocks if block.primary], exif_read(data, segments, blocks)
        ),
        problems=tuple(walk.problems),
        damage=damage,
        behind=tuple(pictures),
        half_a_gain_map=half,
        half_a_picture=_lists_half(data, segments, pictures),
        video=video,
        type=listed(data, segments).get(0, -1),
        tails=tails,
        doubtful=doubtful,
    )


def segments_of(data: bytes, limits: Limits) -> tuple[Segment, ...]:
    """Return the segments of one picture, from its SOI to its EOI, and nothing behind it.

    Raises:
        MalformedImage: *data* is none, or damaged.
        LimitExceeded: More segments than *limits* allow.
    """
    if data[:2] != b"\xff\xd8":
        raise MalformedImage("jpeg", 0, "does not start with SOI")
    walk = _Walk(data=data, limits=limits)
    walk.add("SOI", Role.STRUCTURE, 0, 2)
    _walk_image(walk, 2)
    return tuple(walk.segments)


def _behind(walk: _Walk, at: int, video: Span | None) -> tuple[list[Picture], bool]:
    """Add what stands behind EOI; return each whole picture in front of the *video*.

    And whether a gain map begins there, before any whole one, that cannot be walked through.
    """
    data, size = walk.data, len(walk.data)
    box = data.find(b"ftyp", at)
    last = size if box < 0 else box
    types = listed(data, tuple(walk.segments))
    pictures: list[Picture] = []
    search = at
    known = half = False
    for _ in range(_TRIES):
        start = data.find(b"\xff\xd8\xff", search, last)
        if start < 0:
            break
        inner = _Walk(data=data, limits=walk.limits)
        inner.add("SOI", Role.STRUCTURE, start, start + 2)
        try:
            stop = _walk_image(inner, start + 2)
        except MalformedImage:
            half = half or (not known and is_half_a_gain_map(data, inner.segments))
            search = start + 2
            continue
        walk.add("trailer", Role.TRAILER, at, start)
        first = not known and is_gain_map(data, inner.segments)
        known = known or first
        name, role = ("gain map", Role.RENDERING) if first else ("embedded image", Role.TRAILER)
        walk.add("image", role, start, stop, name=name)
        kind = types.get(start, -1)
        pictures.append(Picture(segments=tuple(inner.segments), type=kind, gain_map=first))
        at = search = stop
    if video is not None:
        walk.add("trailer", Role.TRAILER, at, video.start)
        walk.add("video", Role.TRAILER, video.start, video.stop, name="motion video")
        at = video.stop
    walk.add("trailer", Role.TRAILER, at, size)
    return pictures, half


def _lists_half(data: bytes, segments: tuple[Segment, ...], pictures: list[Picture]) -> bool:
    """Return whether the directory lists a further picture that begins, and is not whole."""
    whole = {one.span.start for one in pictures}
    return any(
        start not in whole and kind in FURTHER and data.startswith(b"\xff\xd8\xff", start)
        for start, kind in listed(data, segments).items()
        if start
    )


def _walk_image(walk: _Walk, at: int) -> int:
    """Walk from after SOI to after EOI, or to the end of the file, and return where that is."""
    data, size = walk.data, len(walk.data)
    scans = 0
    while at < size:
        at = _to_marker(walk, at)
        if at >= size:
            break
        code = data[at + 1]
        if code == EOI:
            walk.add("EOI", Role.STRUCTURE, at, at + 2)
            return at + 2
        if code == SOI:
            raise MalformedImage("jpeg", at, "a second SOI inside the image")
        at = _segment(walk, at, code)
        if code == SOS:
            scans += 1
            if scans > walk.limits.max_scans:
                raise LimitExceeded("jpeg", at, limit="max_scans", value=walk.limits.max_scans)
            at = _entropy(walk, at)
    # Nothing tells a scan that merely lost its EOI from one that was cut in half.
    raise TruncatedImage("jpeg", size, needed=2, available=0)


def _to_marker(walk: _Walk, at: int) -> int:
    """Move from *at* to the FF of the next marker; what lies between is fill or stray."""
    data, size = walk.data, len(walk.data)
    while at < size:
        if data[at] != 0xFF:
            at = _skip_garbage(walk, at)
            continue
        code_at = at + 1
        while code_at < size and data[code_at] == 0xFF:
            code_at += 1
        # B.1.1.2: any marker may be preceded by any number of fill bytes FF.
        walk.add("fill", Role.PADDING, at, code_at - 1)
        at = code_at - 1
        if code_at >= size:
            walk.add("stray", Role.STRAY, at, size)
            return size
        code = data[code_at]
        if 0xC0 <= code <= 0xFE and not 0xD0 <= code <= 0xD7 and code != 0xC8:
            return at
        if 0x02 <= code <= 0xBF or code == 0xC8:
            # Reserved (Table B.1). Decoders stop here, and whether a length follows is unknown.
            raise MalformedImage("jpeg", at, "a reserved marker")
        # FF00, TEM and RSTn mean nothing outside a scan.
        walk.problem("a marker that has no meaning here", at, at + 2)
        walk.add("stray", Role.STRAY, at, at + 2)
        at += 2
    return at


def _skip_garbage(walk: _Walk, at: int) -> int:
    match = _found(_NEXT_MARKER, walk.data, at)
    stop = match.start() if match else len(walk.data)
    walk.problem("bytes that belong to no segment", at, stop)
    walk.add("stray", Role.STRAY, at, stop)
    return stop


def _segment(walk: _Walk, at: int, code: int) -> int:
    """Add the marker segment at *at* and return its end."""
    data, size = walk.data, len(walk.data)
    if at + 4 > size:
        raise TruncatedImage("jpeg", at, needed=4, available=size - at)
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    if length < 2:  # B.1.1.4: the length counts its own two bytes
        raise MalformedImage("jpeg", at, "a segment length below 2")
    stop = at + 2 + length
    if stop > size:
        raise TruncatedImage("jpeg", at, needed=length + 2, available=size - at)
    kind = marker_name(code)
    role, name = _role(data, at + 4, stop, code)
    walk.add(kind, role, at, stop, body=Span(at + 4, stop), name=name)
    return stop


def _role(data: bytes, start: int, stop: int, code: int) -> tuple[Role, str]:
    if code in PICTURE_MARKERS:
        return Role.PICTURE, ""
    if code == 0xFE:
        return Role.METADATA, ""
    for signature, name, role in SIGNATURES.get(code, ()):
        if data.startswith(signature, start, stop):
            return role, name
    return Role.UNKNOWN, ""


def _entropy(walk: _Walk, at: int) -> int:
    """Add the entropy-coded data from *at*, and return where the next marker starts."""
    data, size = walk.data, len(walk.data)
    restarts = _restart_interval(walk) > 0
    while True:
        match, name = _found(_NEXT_MARKER, data, at), ""
        if match and 0xD0 <= data[match.end() - 1] <= 0xD7:
            match, name = _found(_END_OF_SCAN, data, match.start()), RESTARTS
        stop = match.start() if match else size
        walk.add("scan", Role.PICTURE, at, stop, name=name)
        fill = _FILL.match(data, stop)
        if not fill or fill.end() + 1 >= size:
            return stop
        marker, code = fill.end(), data[fill.end() + 1]
        if 0xD0 <= code <= 0xD7:
            walk.add("fill", Role.PADDING, stop, marker)
            at = marker
            continue
        if code == 0:
            # Fill belongs in front of markers. Some decoders read a stuffed FF here, some two.
            raise MalformedImage("jpeg", stop, "fill bytes inside coded data")
        if code >= 0xC0 or not restarts:
            return stop
        # A reserved marker inside a scan is damage. With restart intervals, decoders skip to
        # the next marker and go on there (T.81 F.2.2.5 leaves recovery to them; libjpeg's
        # jpeg_resync_to_restart discards the bytes between). They render nothing: stray.
        resume = _found(_RESUME, data, marker + 2)
        at = resume.start() if resume else size
        walk.problem("damage inside a scan, which decoders skip", stop, at)
        walk.add("stray", Role.STRAY, stop, at)
        if not resume or not 0xD0 <= data[at + 1] <= 0xD7:
            return at


def _found(two: re.Pattern[bytes], data: bytes, at: int) -> re.Match[bytes] | None:
    """Return what ``two.search(data, at)`` does, for a pattern of two bytes."""
    match = None
    while match is None and at < len(data):
        match = two.search(data, at, at + _STRETCH + 1)
        at += _STRETCH
    return match


def _restart_interval(walk: _Walk) -> int:
    for segment in reversed(walk.segments):
        if segment.kind == "DRI" and len(segment.body) == 2:
            return int.from_bytes(segment.body.of(walk.data), "big")
    return 0


def _dimensions(data: bytes, segments: tuple[Segment, ...]) -> tuple[int, int]:
    for segment in segments:
        if segment.kind.startswith("SOF") and len(segment.body) >= 6:
            head = segment.body.of(data)
            height = int.from_bytes(head[1:3], "big")
            return int.from_bytes(head[3:5], "big"), height or _lines(data, segments)
    return 0, 0


def _lines(data: bytes, segments: tuple[Segment, ...]) -> int:
    """Return the height that DNL gives where the frame header leaves it 0 (B.2.5)."""
    for segment in segments:
        if segment.kind == "DNL" and len(segment.body) == 2:
            return int.from_bytes(segment.body.of(data), "big")
    return 0
