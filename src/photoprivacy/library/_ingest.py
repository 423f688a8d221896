"""What a file becomes when it is taken in: a `Photo`, or a part of one."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs

from photoprivacy._inspect import Report, inspect
from photoprivacy._source import Source
from photoprivacy._strip import strip
from photoprivacy._time import CapturedAt
from photoprivacy.albums import Part, PartKind, Photo
from photoprivacy.albums._checks import MAX_NAME, check_moment, check_text
from photoprivacy.containers import Format, parse
from photoprivacy.containers._model import Role
from photoprivacy.errors import (
    GeocoderUnavailable,
    InvalidAlbum,
    MalformedImage,
    PlaceError,
    UnsupportedFormat,
)
from photoprivacy.geo import Geocoder, Place
from photoprivacy.library._homes import HomeStore
from photoprivacy.library._stores import BlobStore
from photoprivacy.limits import Limits
from photoprivacy.policy import Category
from photoprivacy.renditions import check_drawn

#: Findings that name who is in the picture: IPTC Photo Metadata, Metadata Working Group, Microsoft.
_PEOPLE: Final = (
    "Iptc4xmpExt.PersonInImage",
    "mwg-rs.Name",
    "MPReg.PersonDisplayName",
)
_MOST_PEOPLE: Final = 200
#: A smaller file is written sooner than a thread begins.
_WORTH_A_THREAD: Final = 1 << 20
_MOVIES: Final = frozenset({Format.MP4, Format.MOV})


@attrs.frozen(kw_only=True)
class Ingest:
    """Reads files for an album.

    Args:
        geocoder: Who names places; the offline `Gazetteer` if ``None``.
        homes: Where nobody else is asked for a name.
        limits: How much work one file may cause.
    """

    geocoder: Geocoder | None
    homes: HomeStore
    limits: Limits

    def photo(self, photo_id: str, data: bytes, name: str) -> Photo:
        """Return what *data* tells, once a clean copy of it was made: recipients get no other.

        Its ``sha256`` is still to be filled in.

        Raises:
            UnsupportedFormat: It is no photo that we read, or one that cannot be shown.
            MalformedImage: It is too damaged.
            CannotStrip: No clean copy of it is known to be lossless.
        """
        stripped = strip(data, limits=self.limits)
        report = stripped.before
        if report.width < 1 or report.height < 1:
            raise MalformedImage(report.format.value, 0, "holds no picture")
        check_drawn(data, report.format)
        return Photo(
            id=photo_id,
            sha256="0" * 64,
            coded_sha256=coded_sha256(stripped.data, self.limits),
            format=report.format.value,
            size=len(data),
            width=report.width,
            height=report.height,
            orientation=report.orientation,
            cropped=any(one.category is Category.HIDDEN_PIXELS for one in stripped.kept),
            captured_at=_usable(report.captured_at),
            place=self._place(report),
            coordinates=report.coordinates,
            name=name,
            people=_people(report),
        )

    def part(self, part_id: str, data: bytes, kind: PartKind, name: str) -> Part:
        """Return what *data* is as a part of a photo.

        Raises:
            UnsupportedFormat: It is not what *kind* says.
            MalformedImage: It is too damaged to tell.
            CannotStrip: It is a video of which no clean copy is known to be lossless.
        """
        return Part(
            id=part_id,
            kind=kind,
            sha256=hashlib.sha256(data).hexdigest(),
            format=self._format_of(data, kind),
            size=len(data),
            name=name,
        )

    def _format_of(self, data: bytes, kind: PartKind) -> str:
        try:
            if kind is PartKind.MOTION:  # recipients may get its clean copy: see that there is one
                report = strip(data, limits=self.limits).before
            else:
                report = inspect(data, limits=self.limits)
        except UnsupportedFormat:
            # Raw files are kept, not read: there are more kinds of them than readers here.
            if kind is PartKind.RAW and data:
                return "raw"
            raise
        if (kind is PartKind.MOTION) != (report.format in _MOVIES):
            raise UnsupportedFormat(report.format.value)
        return report.format.value

    def _place(self, report: Report) -> Place | None:
        at = report.coordinates
        if at is None or at.suspect:
            return None
        from photoprivacy.places import GeopyGeocoder, place_of

        geocoder, homes = self.geocoder, self.homes.zones()
        if isinstance(geocoder, GeopyGeocoder):
            geocoder = geocoder.avoiding(homes)
        elif any(zone.hides(None, at=at) for zone in homes):
            geocoder = None  # nobody but the offline gazetteer is asked about home
        try:
            try:
                return place_of(at, geocoder)
            except GeocoderUnavailable:
                # A service that is away is no reason to have no name.
                return place_of(at)
        except PlaceError:
            # A photo whose place has no name for now is still a photo.
            return None


@contextlib.contextmanager
def kept_aside(
    blobs: BlobStore, key: str, data: bytes, *, unless: str
) -> Iterator[Callable[[], str]]:
    """Keep *data* while the block looks at it; what is given returns its SHA-256 once it is kept.

    When the block fails, or the store does, everything under *unless* goes again.
    """

    def keep() -> str:
        digest = hashlib.sha256(data).hexdigest()
        blobs.put(key, data)
        return digest

    try:
        if len(data) < _WORTH_A_THREAD:
            yield keep
            return
        # Hashing, writing and waiting for the disk hold no lock of the interpreter. The executor
        # waits for its thread, so nothing is put any more when something is removed below.
        with ThreadPoolExecutor(1) as aside:
            yield aside.submit(keep).result
    except BaseException:
        with contextlib.suppress(Exception):
            blobs.remove(unless)
        raise


def coded_sha256(clean: bytes, limits: Limits) -> str:
    """Return the digest of a clean copy's coded picture: what `strip` never changes.

    An original and its clean copies have the same one, for it is always taken of a clean copy.
    """
    view = memoryview(clean)
    digest = hashlib.sha256()
    for segment in parse(clean, limits).segments:
        if segment.role is Role.PICTURE:
            digest.update(view[segment.body.start : segment.body.stop])
    return digest.hexdigest()


def name_of(source: Source, name: str | None) -> str:
    """Return the name of a file for its owner, as far as an album can hold it."""
    if name is None:
        name = os.path.basename(source) if isinstance(source, str | os.PathLike) else ""
    return os.fsencode(os.fspath(name)).decode("utf-8", "replace")[:MAX_NAME]


def _people(report: Report) -> tuple[str, ...]:
    """Return who is in the picture, as its own metadata says, each once."""
    names: dict[str, None] = {}
    for finding in report.findings:
        if not finding.code.endswith(_PEOPLE) or not isinstance(finding.value, str):
            continue
        try:
            names[check_text("people", finding.value.strip(), MAX_NAME)] = None
        except InvalidAlbum:
            continue
    names.pop("", None)
    return tuple(names)[:_MOST_PEOPLE]


def _usable(taken: CapturedAt | None) -> CapturedAt | None:
    """Return *taken* if an album can hold it: files claim offsets no clock has."""
    if taken is None:
        return None
    try:
        check_moment("captured_at", taken)
    except InvalidAlbum:
        return None if taken.local.tzinfo else CapturedAt(local=taken.local, source="")
    return taken
