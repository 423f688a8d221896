"""Which tracks of an image sequence stay, and how their samples are described (23008-12, 7)."""

from __future__ import annotations

import struct
from typing import Final

import attrs

from photoprivacy._plan._bmff_moov import Kept
from photoprivacy._plan._bmff_properties import Once, boxed, full_box, kept_property
from photoprivacy._plan._model import Rule
from photoprivacy._plan._nal_units import picture_samples
from photoprivacy.containers._bmff_blocks import auxiliary_name
from photoprivacy.containers._bmff_boxes import Box
from photoprivacy.containers._bmff_movie import Movie, SampleEntry, Track
from photoprivacy.containers._bmff_names import AUXILIARY
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Policy

#: sample entry → why it may stay
ENTRIES: Final[dict[str, Rule]] = {
    "hvc1": Rule(category=None, reason="coded pictures (14496-15, 8.4.1)"),
    "hev1": Rule(category=None, reason="coded pictures (14496-15, 8.4.1)"),
    "av01": Rule(category=None, reason="coded pictures (AV1-ISOBMFF, 2.2)"),
}
#: what may stand in a sample entry: what says how to decode and how to show its pictures
IN_ENTRIES: Final = frozenset(
    {
        *("hvcC", "av1C", "ccst", "auxi", "colr", "pasp", "clap"),
        *("pixi", "clli", "mdcv", "cclv", "amve", "ndwt"),
    }
)


def kept_tracks(data: bytes, movie: Movie, policy: Policy) -> tuple[Kept, ...]:
    """Return the track of pictures, and those of its transparency.

    Raises:
        CannotStrip: There is none, or decoders may show more than is understood here.
    """
    if movie.fragmented:
        raise CannotStrip("a sequence in fragments")
    shown = [track for track in movie.tracks if track.handler == "pict" and not _aside(track)]
    if not shown:
        raise CannotStrip("a sequence without a track of pictures")
    main = shown[0]
    beside = [
        track
        for track in movie.tracks
        if track.handler == "auxv"
        and main.id in _targets(track, "auxl")
        and _shows_alpha(data, track)
    ]
    for track in (main, *beside):
        if not track.plain:
            raise CannotStrip("a sequence that is turned while it is played")
        if len(track.entries) != 1 or track.entries[0].type not in ENTRIES:
            raise CannotStrip("a sequence coded in a way that is not known to be clean")
        if not track.sizes or not track.timescale:
            raise CannotStrip("a sequence without samples")
        sync = track.sync or ()
        if list(sync) != sorted(set(sync)) or any(not 0 < n <= len(track.sizes) for n in sync):
            raise CannotStrip("a sequence that begins where it has no pictures")
    # Layers and alternatives are for movies (8.3.2); readers of sequences know neither.
    return tuple(
        picture_samples(data, attrs.evolve(track, layer=0, group=0, apertures=()), policy)
        for track in (main, *beside)
    )


def _aside(track: Track) -> bool:
    return any(kind in ("auxl", "thmb") for kind, _ in track.references)


def _targets(track: Track, kind: str) -> set[int]:
    return {target for name, targets in track.references if name == kind for target in targets}


def _shows_alpha(data: bytes, track: Track) -> bool:
    kinds = [
        auxiliary_name(data, box)
        for entry in track.entries
        for box in entry.properties
        if box.type == "auxi"
    ]
    if not kinds:
        raise CannotStrip("an auxiliary track that does not say what it shows")
    return kinds[0] == "alpha"


def fresh_entry(data: bytes, entry: SampleEntry, policy: Policy) -> bytes:
    """12.1.3: size, 72 dots an inch, one picture a sample, 24 bits, and no compressor's name."""
    body = bytes(6) + b"\x00\x01" + bytes(16)
    body += entry.width.to_bytes(2, "big") + entry.height.to_bytes(2, "big")
    body += (
        struct.pack(">3I", 0x480000, 0x480000, 0) + b"\x00\x01" + bytes(32) + b"\x00\x18\xff\xff"
    )
    once = Once()
    parts = [once.take(_described(data, box, entry.type, policy)) for box in entry.properties]
    return boxed(entry.type.encode("latin-1"), body, *parts)


def _described(data: bytes, box: Box, kind: str, policy: Policy) -> bytes:
    if box.type not in IN_ENTRIES:
        return b""
    body = box.body.of(data)
    if box.type == "ccst":
        # 23008-12, 7.2.3: two bits and a number of 4 bits; the rest is reserved.
        if len(body) < 8:
            raise CannotStrip("a property that is cut short")
        return full_box(b"ccst", 0, bytes((body[4] & 0xFC, 0, 0, 0)))
    if box.type == "auxi":
        # 23008-12, 7.5.3.2; a type that is not known may say anything.
        shows = body[4:].partition(b"\x00")[0]
        known = shows.decode("latin-1") in AUXILIARY
        return full_box(b"auxi", 0, shows + b"\x00") if known else b""
    return kept_property(data, box, kind, essential=False, policy=policy)
