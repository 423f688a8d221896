"""How a clean MP4 or MOV is put together: samples copied, every index written anew.

``ftyp``, ``moov``, ``mdat``, in this order, with nothing between: the same output whatever stood
around the samples, and however much of it.
"""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy._plan._bmff import media_data
from photoprivacy._plan._bmff_layout import Homes, Layout
from photoprivacy._plan._bmff_moov import Kept, Style, fresh_moov
from photoprivacy._plan._bmff_properties import boxed
from photoprivacy._plan._model import Fresh, Piece, Plan, Residue, Rule, Wanted, merged
from photoprivacy._plan._movie_entries import PICTURES, SOUNDS, picture_entry, sound_entry
from photoprivacy._plan._movie_words import user_data
from photoprivacy._plan._nal_units import picture_samples
from photoprivacy._plan._prores import PRORES
from photoprivacy.containers._bmff_movie import SampleEntry, Track
from photoprivacy.containers._bmff_names import XMP_UUID
from photoprivacy.containers._model import Container, Format, Role
from photoprivacy.containers._movie import MovieContainer
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy, Unknown

#: handler of a track → why it may stay. Everything else goes: time codes, positions, faces, words.
TRACKS: Final[dict[str, Rule]] = {
    "vide": Rule(category=None, reason="pictures (14496-12, 12.1)"),
    "soun": Rule(category=Category.AUDIO, reason="sound (14496-12, 12.2)"),
}
#: 14496-12, 4.3, and QuickTime File Format: major brand, minor version, compatible brands. The
#: same for all, since makers have brands of their own.
BRANDS: Final = {
    Format.MP4: b"isom" + bytes(4) + b"isomiso4mp41mp42",
    Format.MOV: b"qt  " + bytes(4) + b"qt  ",
}
_ENABLED: Final = 1
#: RDD 36, 5.1.1: four letters of whoever made the encoder, inside the coded frame.
_NAMES_ENCODER: Final = "each frame of ProRes names its encoder by four letters"


def plan_movie(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: The file is damaged where its pictures are.
        CannotStrip: No rewrite of it is known to be lossless and clean.
    """
    if not isinstance(container, MovieContainer):
        raise TypeError("an MP4 or MOV is planned from a MovieContainer")
    if container.damage is not None:
        raise container.damage
    policy = wanted.policy
    if policy.unknown is Unknown.REFUSE:
        _refuse_unknown(container)
    if container.fragmented:
        raise CannotStrip("a video in fragments")
    tracks = tuple(_kept(data, track, policy) for track in _staying(container, policy))
    layout = Layout.of(span for kept in tracks for spans in kept.chunks for span in spans)
    _check_homes(container, layout)
    ftyp = boxed(b"ftyp", BRANDS[container.format])
    quicktime = container.format is Format.MOV
    # QuickTime has user data in the movie, and XMP a box there (ISO 16684-3, 1.1.5).
    words = b""
    if quicktime and wanted.xmp:
        words = boxed(b"udta", user_data(wanted.said), boxed(b"XMP_", wanted.xmp))
    style = Style(entry=_entry, quicktime=quicktime, words=words)
    wide = layout.size + len(data) > 0x7FFFFFFF

    def index(base: int) -> bytes:
        moov = fresh_moov(
            data, container.movie, tracks, style,
            layout=layout, base=base, wide=wide, policy=policy,
        )  # fmt: skip
        return ftyp + moov + media_data(layout.size)

    # Offsets have one width, so the index is as long whatever they say.
    head = index(len(index(0)))
    pieces: list[Piece] = [Fresh(head), *layout.copies()]
    if wanted.xmp and not quicktime:
        # ISO 16684-3, 1.1.4: behind everything else, in a box of its own.
        pieces.append(Fresh(boxed(b"uuid", XMP_UUID, wanted.xmp)))
    frames = sum(len(kept.sizes) for kept in tracks if kept.track.entries[0].type in PRORES)
    residue = (Residue(what=_NAMES_ENCODER, size=4 * frames),) if frames else ()
    return Plan(pieces=merged(pieces), residue=residue)


def _staying(container: MovieContainer, policy: Policy) -> list[Track]:
    """Return the tracks that stay: those that players play (8.3.2: bit 0), and may."""
    found = []
    for handler, rule in TRACKS.items():
        tracks = [track for track in container.movie.tracks if track.handler == handler]
        enabled = [track for track in tracks if track.flags & _ENABLED]
        if handler == "vide" or rule.holds(policy):
            found += enabled or tracks
    order = {track.id: number for number, track in enumerate(container.movie.tracks)}
    return sorted(found, key=lambda track: order[track.id])


def _kept(data: bytes, track: Track, policy: Policy) -> Kept:
    table = PICTURES if track.handler == "vide" else SOUNDS
    if len(track.entries) != 1 or track.entries[0].type not in table:
        raise CannotStrip("a video coded in a way that is not known to be clean")
    if track.away:
        raise CannotStrip("a video whose samples are in another file")
    if not track.sizes or not track.timescale:
        raise CannotStrip("a track without samples")
    if track.entries[0].type[:2] == "dv" and not policy.allows(Category.HDR):
        raise CannotStrip("a video of Dolby Vision, which is nothing without")
    sync = track.sync or ()
    if list(sync) != sorted(set(sync)) or any(not 0 < n <= len(track.sizes) for n in sync):
        raise CannotStrip("a video that begins where it has no pictures")
    plain = attrs.evolve(track, references=())
    return picture_samples(data, plain, policy) if track.handler == "vide" else Kept.whole(plain)


def _entry(data: bytes, entry: SampleEntry, policy: Policy) -> bytes:
    write = picture_entry if entry.type in PICTURES else sound_entry
    return write(data, entry, policy)


def _check_homes(container: MovieContainer, layout: Layout) -> None:
    """Check that samples lie where samples lie (8.1.1)."""
    homes = Homes.of(box.body for box in container.boxes if box.type == "mdat")
    # Stretches of the layout may cross from one mdat into the next only over its header.
    if not all(map(homes.hold, layout.spans)):
        raise CannotStrip("samples that lie outside mdat")


def _refuse_unknown(container: MovieContainer) -> None:
    for segment in container.segments:
        if segment.role in (Role.UNKNOWN, Role.STRAY, Role.TRAILER):
            where = segment.span.start
            raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")
