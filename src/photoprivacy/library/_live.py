"""Which videos are the other half of which Live Photos: told by what both files say."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Final

import attrs

from photoprivacy._inspect import inspect
from photoprivacy.albums import PartKind
from photoprivacy.errors import PhotoPrivacyError
from photoprivacy.library._groups import FileGroup, is_video
from photoprivacy.limits import Limits

#: What a Live Photo and its video both say: MakerNote 0x0011 of Apple, MediaGroupUUID; and
#: com.apple.quicktime.content.identifier (Apple, "Live Photo" in PHLivePhoto's documentation).
_PHOTO_SAYS: Final = "maker.apple.content-identifier"
_VIDEO_SAYS: Final = "movie.identifier"


def match_live_photos(
    groups: Iterable[FileGroup], *, limits: Limits = Limits()
) -> tuple[FileGroup, ...]:
    """Return *groups* with the videos of Live Photos where they belong, whatever their names.

    A video and a photo that say the same content identifier are one Live Photo, if no other photo
    says it. A pair by name of which both say one, and not the same, is none. Files are read for
    that: all videos, and photos where a video says an identifier. What cannot be read says none.

    Args:
        groups: What `group_files` returned.
        limits: How much work one file may cause.
    """
    given = list(groups)
    videos: dict[str, str] = {}
    for group in given:
        for path in (group.photo, *(path for path, _ in group.parts)):
            if is_video(path) and (said := _identifier(path, _VIDEO_SAYS, limits)):
                videos[path] = said
    if not videos:
        return tuple(given)
    photos = {
        group.photo: _identifier(group.photo, _PHOTO_SAYS, limits)
        for group in given
        if not is_video(group.photo)
    }
    apart: list[FileGroup] = []
    for group in given:
        own = photos.get(group.photo, "")
        strange = [path for path, _ in group.parts if own and videos.get(path, own) != own]
        parts = tuple(part for part in group.parts if part[0] not in strange)
        apart.append(attrs.evolve(group, parts=parts))
        apart += [FileGroup(photo=path) for path in strange]
    return _joined(apart, photos, videos)


def _joined(
    groups: list[FileGroup], photos: dict[str, str], videos: dict[str, str]
) -> tuple[FileGroup, ...]:
    by_identifier: dict[str, list[str]] = {}
    for path, said in photos.items():
        by_identifier.setdefault(said, []).append(path)
    moving = {
        group.photo for group in groups if any(kind is PartKind.MOTION for _, kind in group.parts)
    }
    further: dict[str, str] = {}
    for group in groups:
        candidates = by_identifier.get(videos.get(group.photo, "none"), [])
        if len(candidates) == 1 and candidates[0] not in moving:
            moving.add(candidates[0])
            further[candidates[0]] = group.photo
    taken = set(further.values())
    return tuple(
        attrs.evolve(group, parts=(*group.parts, (further[group.photo], PartKind.MOTION)))
        if group.photo in further
        else group
        for group in groups
        if group.photo not in taken
    )


def _identifier(path: str, code: str, limits: Limits) -> str:
    """Return what the file says under *code*; empty for nothing, or for more than one thing."""
    with contextlib.suppress(PhotoPrivacyError, OSError):
        said = {
            one.value.strip().upper()
            for one in inspect(path, limits=limits).findings
            if one.code == code and isinstance(one.value, str)
        }
        if len(said) == 1:
            return said.pop()
    return ""
