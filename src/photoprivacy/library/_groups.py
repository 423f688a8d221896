"""Which files of a folder are one photo: told by their names, before any is read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Final

import attrs

from photoprivacy.albums import PartKind

#: Endings of what is shown.
_PHOTOS: Final = frozenset(
    {".heic", ".heif", ".hif", ".avif", ".jpg", ".jpeg", ".jxl", ".png", ".webp"}
)
#: Endings of the video of a Live Photo (MOV) or a motion photo (MP4).
_MOTION: Final = frozenset({".mov", ".mp4"})
#: Endings of raw files, by those who make the cameras.
_RAW: Final = frozenset(
    {
        ".dng",  # Adobe, Apple, Google, Leica, Ricoh
        *(".crw", ".cr2", ".cr3"),  # Canon
        *(".nef", ".nrw"),  # Nikon
        *(".arw", ".sr2", ".srf"),  # Sony
        ".raf",  # Fujifilm
        ".orf",  # Olympus, OM System
        *(".rw2", ".raw"),  # Panasonic
        *(".pef", ".ptx"),  # Pentax
        ".srw",  # Samsung
        *(".3fr", ".fff"),  # Hasselblad
        ".iiq",  # Phase One
        ".x3f",  # Sigma
        *(".mrw", ".kdc", ".dcr", ".erf"),  # Minolta, Kodak, Epson
    }
)
# Google Camera: 00000IMG_00000_BURST20180224150059_COVER.jpg, 00001IMG_00001_BURST2018….jpg
_BURST: Final = re.compile(r"\A\d{5}IMG_\d{5}_BURST(\d{14,17})(_COVER)?\Z", re.ASCII)


@attrs.frozen(kw_only=True)
class FileGroup:
    """Files that are one photo.

    Attributes:
        photo: The path of the one that is shown.
        parts: The paths of the others, and what each is to the photo.
    """

    photo: str = attrs.field(repr=False)
    parts: tuple[tuple[str, PartKind], ...] = attrs.field(default=(), repr=False)


def group_files(paths: Iterable[str | os.PathLike[str]]) -> tuple[FileGroup, ...]:
    """Return which of *paths* are one photo, in the order in which the photos were given.

    Files of one folder and one name but for its ending belong together where one of them, and one
    alone, is a photo: a video beside it is its motion, a raw file what it was developed from.
    Frames of one burst of Google Camera are parts of its cover. A file that belongs to no other is
    a group of its own, whatever it is.

    >>> [group] = group_files(["a/IMG_1.HEIC", "a/IMG_1.MOV"])
    >>> group.photo, group.parts[0][1].value
    ('a/IMG_1.HEIC', 'motion')
    """
    given = [os.fspath(path) for path in paths]
    named: dict[tuple[str, str], list[str]] = {}
    bursts: dict[tuple[str, str], list[str]] = {}
    for path in given:
        folder, name = os.path.split(path)
        stem, _ = os.path.splitext(name)
        named.setdefault((folder, stem.casefold()), []).append(path)
        if (burst := _BURST.match(stem)) and _ending(path) in _PHOTOS:
            bursts.setdefault((folder, burst[1]), []).append(path)
    parts: dict[str, list[tuple[str, PartKind]]] = {}
    taken: set[str] = set()
    for frames in bursts.values():
        cover = next((path for path in frames if "_COVER." in os.path.basename(path)), frames[0])
        for path in frames:
            if path != cover:
                parts.setdefault(cover, []).append((path, PartKind.BURST))
                taken.add(path)
    for alike in named.values():
        photos = [path for path in alike if _ending(path) in _PHOTOS]
        if len(photos) != 1 or photos[0] in taken:
            continue
        for path in alike:
            ending = _ending(path)
            kind = PartKind.RAW if ending in _RAW else PartKind.MOTION
            if ending in _RAW or ending in _MOTION:
                parts.setdefault(photos[0], []).append((path, kind))
                taken.add(path)
    return tuple(
        FileGroup(photo=path, parts=tuple(parts.get(path, ())))
        for path in given
        if path not in taken
    )


def is_video(path: str) -> bool:
    """Return whether *path* is named like the video of a Live Photo or of a motion photo."""
    return _ending(path) in _MOTION


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].casefold()
