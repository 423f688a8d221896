"""A strict walker over clean MP4 and MOV files, and its view of whatever the source was.

Written from ISO/IEC 14496-12 and the QuickTime File Format, apart from the parser that the
writer uses.
"""

from __future__ import annotations

import struct
from typing import Final

import attrs

from photoprivacy._verify._bmff_file import boxes
from photoprivacy._verify._bmff_movie import Track, opened, tracks_of
from photoprivacy._verify._bmff_remake import clean, same_samples
from photoprivacy._verify._model import Seen, Unclean, refuse
from photoprivacy._verify._movie_entries import entry_of
from photoprivacy._verify._movie_words import told
from photoprivacy.policy import Category, Policy

_QUICKTIME: Final = struct.pack(">I4s4s4x4s", 20, b"ftyp", b"qt  ", b"qt  ")
_XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_ISO: Final = struct.pack(">I4s4s4x16s", 32, b"ftyp", b"isom", b"isomiso4mp41mp42")
#: handler → category that must be allowed; None: always
_STAYS: Final = {b"vide": None, b"soun": Category.AUDIO}


@attrs.define
class _File:
    """What stands at the top level: (type, payload's start, end)."""

    data: bytes
    top: list[tuple[bytes, int, int]]

    def only(self, kind: bytes) -> bytes:
        found = [self.data[start:stop] for name, start, stop in self.top if name == kind]
        if len(found) != 1:
            refuse("a box missing, or twice", 0)
        return found[0]


def _read(data: bytes) -> _File:
    top: list[tuple[bytes, int, int]] = []
    try:
        for kind, _, body, end in boxes(data, 0, len(data)):
            top.append((kind, body, end))
    except Unclean:
        # What is no box behind the others, as long as the movie is there.
        if not any(kind == b"moov" for kind, _, _ in top):
            raise
    return _File(data, top)


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its samples against *source*.

    Raises:
        Unclean: Something stands in it that may not, or a sample is another.
    """
    new, old = _read(output), _read(source)
    kinds = [kind for kind, _, _ in new.top]
    if kinds not in ([b"ftyp", b"moov", b"mdat"], [b"ftyp", b"moov", b"mdat", b"uuid"]):
        refuse("boxes out of order, or more than a clean file has", 0)
    quicktime = source[4:12] == b"ftypqt  " or source[4:8] != b"ftyp"
    if not output.startswith(_QUICKTIME if quicktime else _ISO):
        refuse("brands other than those of all clean files", 0)
    _, start, stop = new.top[2]
    long = stop - start + 8 > 0xFFFFFFFF
    head = struct.pack(">I4sQ", 1, b"mdat", stop - start + 16)
    if not long:
        head = struct.pack(">I4s", stop - start + 8, b"mdat")
    if output[start - len(head) : start] != head:
        refuse("a box that does not state its size", start)
    moov, theirs = new.only(b"moov"), old.only(b"moov")
    moov, xmp = _words(new, moov, stop, quicktime=quicktime)
    if b"mvex" in opened(theirs):
        refuse("a video in fragments", 0)
    kept = _kept(theirs, policy)
    made = tracks_of(moov)
    if len(made) != len(kept) or moov != clean(
        theirs, source, kept, made, policy, entry_of, quicktime=quicktime
    ):
        refuse("a movie other than the source's", new.top[1][1])
    samples = sorted(same_samples(output, source, made, kept))
    at = start
    for low, high in samples:
        if low > at or low < start:
            refuse("bytes that belong to no sample", at)
        at = max(at, high)
    if at != stop:
        refuse("bytes that belong to no sample", at)
    return Seen(xmp=xmp, plain=(output[: new.top[1][2]], xmp))


def _words(new: _File, moov: bytes, end: int, *, quicktime: bool) -> tuple[bytes, bytes]:
    """Return a clean movie's tracks, and its XMP packet: in the movie, or in a box behind it."""
    size = len(new.data)
    if not quicktime:
        if end == size:
            return moov, b""
        packet = new.data[end + 24 :]
        if (
            new.data[end : end + 24] != struct.pack(">I4s", size - end, b"uuid") + _XMP
            or not packet
        ):
            refuse("bytes behind the samples", end)
        return moov, packet
    if end != size:
        refuse("bytes behind the samples", end)
    words = opened(moov).get(b"udta", [])
    if not words:
        return moov, b""
    packet = b"".join(opened(words[0]).get(b"XMP_", []))
    inside = told(packet) + struct.pack(">I4s", 8 + len(packet), b"XMP_") + packet
    tail = struct.pack(">I4s", 8 + len(inside), b"udta") + inside
    if not packet or not moov.endswith(tail):
        refuse("user data that says something else than its packet, or not last", 0)
    return moov[: -len(tail)], packet


def profile_of(source: bytes) -> bytes:  # noqa: ARG001 - all walkers' shape
    """Return nothing: profiles of videos stand in their sample entries, and are compared there."""
    return b""


def _kept(moov: bytes, policy: Policy) -> list[Track]:
    every = tracks_of(moov)
    out: list[Track] = []
    for handler, category in _STAYS.items():
        mine = [track for track in every if track.handler == handler]
        if category is None or policy.allows(category):
            out += [track for track in mine if track.flags & 1] or mine
    for track in out:
        track.refers = []
        _check_home(track)
    if not any(track.handler == b"vide" for track in out):
        refuse("a video without pictures", 0)
    return sorted(out, key=every.index)


def _check_home(track: Track) -> None:
    """8.7.2: every data reference says by its last bit that samples are in this file."""
    for body in opened(track.inside[b"minf"][0]).get(b"dinf", []):
        for table in opened(body).get(b"dref", []):
            inside = [content for found in opened(table[8:]).values() for content in found]
            if not inside or not all(content[3] & 1 for content in inside):
                refuse("a video whose samples are in another file", 0)
