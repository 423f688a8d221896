"""The values of a movie (ISO/IEC 14496-12, 8; QuickTime File Format): tracks and samples."""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy.containers._bmff_boxes import Box
from photoprivacy.containers._model import Span

#: 8.2.2.2: shown as it is.
UNITY: Final = b"".join(
    value.to_bytes(4, "big") for value in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
)


@attrs.frozen(kw_only=True)
class Edit:
    """One line of an edit list (8.6.6), in time units of the movie and of the media."""

    duration: int
    start: int
    rate: int


@attrs.frozen(kw_only=True)
class SampleEntry:
    """How the samples of a track are coded (8.5.2).

    Attributes:
        type: Which coding.
        width: Of its pictures in pixels, 0 for sound.
        height: The same.
        depth: Bits a pixel, as the entry says it; 0 for sound.
        properties: The boxes inside it.
        name: Where the name of the compressor stands; empty for sound.
        head: All fields in front of the boxes.
    """

    type: str
    width: int
    height: int
    properties: tuple[Box, ...]
    name: Span
    depth: int = 24
    head: Span = attrs.field(factory=lambda: Span(0, 0))


@attrs.frozen(kw_only=True)
class Track:
    """One track.

    Attributes:
        id: What references call it.
        handler: What it shows: ``"pict"``, ``"auxv"``, ``"soun"`` …
        flags: Bit 0 enabled, 1 in the movie, 2 in the preview (8.3.2).
        duration: In time units of the movie; all bits set where it is not known.
        matrix: How it is turned while it is shown (8.3.2): nine numbers.
        layer: What lies in front of what, the lowest first.
        group: Tracks of one number other than 0 are alternatives of each other.
        apertures: What QuickTime says of its sizes: type, width and height in 1/65536 pixels.
        away: Whether its samples are in another file.
        width: Of the presentation, in 1/65536 pixels.
        height: The same.
        timescale: Time units of the media a second.
        media_duration: In those units.
        edits: Its edit list.
        repeats: Whether the edit list is played again and again (8.6.6.3).
        references: Type, and the tracks it points to (8.3.3).
        entries: Its sample entries.
        times: Runs of samples of one duration: (how many, media time units).
        shifts: Runs of samples of one composition offset, ``()`` where there are none.
        sync: Numbers of samples that can be decoded alone, ``None`` for all of them.
        sizes: Length of each sample in bytes.
        counts: How many samples each chunk holds.
        chunks: Where each chunk is.
        unsigned: Whether composition offsets stand in the form without a sign.
    """

    id: int = 0
    handler: str = ""
    flags: int = 0
    duration: int = 0
    matrix: bytes = UNITY
    layer: int = 0
    group: int = 0
    apertures: tuple[tuple[str, bytes], ...] = ()
    away: bool = False
    width: int = 0
    height: int = 0
    timescale: int = 0
    media_duration: int = 0
    edits: tuple[Edit, ...] = ()
    repeats: bool = False
    references: tuple[tuple[str, tuple[int, ...]], ...] = ()
    entries: tuple[SampleEntry, ...] = ()
    times: tuple[tuple[int, int], ...] = ()
    shifts: tuple[tuple[int, int], ...] = ()
    sync: tuple[int, ...] | None = None
    sizes: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    chunks: tuple[Span, ...] = ()
    unsigned: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is shown unturned."""
        return self.matrix == UNITY


@attrs.frozen(kw_only=True)
class Movie:
    """A ``moov`` box taken apart.

    Attributes:
        timescale: Time units of the movie a second.
        duration: In those units.
        tracks: In file order.
        boxes: Every box inside it, holders too, in file order.
        fragmented: Whether samples may also stand in fragments (8.8.1).
        rate: How fast it is played, in 1/65536.
        volume: How loud, in 1/256.
        matrix: How all of it is turned (8.2.2).
    """

    timescale: int = 0
    duration: int = 0
    rate: int = 0x10000
    volume: int = 0x100
    matrix: bytes = UNITY
    tracks: tuple[Track, ...] = ()
    boxes: tuple[Box, ...] = ()
    fragmented: bool = False
