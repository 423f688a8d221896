"""What a file becomes when it is taken in: a `Photo`, or a part of one."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Final, TypeVar

import attrs

from photoprivacy._inspect import Report, inspect
from photoprivacy._plan import Copy, Plan
from photoprivacy._source import Source
from photoprivacy._strip import Prepared, prepared, strip
from photoprivacy._time import CapturedAt
from photoprivacy.albums import Part, PartKind, Photo
from photoprivacy.albums._checks import MAX_NAME, check_moment, check_text
from photoprivacy.containers import Container, Format, parse
from photoprivacy.containers._bmff_crop import window_of
from photoprivacy.containers._model import Role, Span
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

_T = TypeVar("_T")

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

    def photo(self, photo_id: str, data: bytes, name: str, aside: Aside) -> Photo:
        """Return what *data* tells, once a clean copy of it was made: recipients get no other.

        Args:
            photo_id: Its name.
            data: The file.
            name: Its file name, for the owner.
            aside: Takes work that holds no lock of the interpreter.

        Raises:
            UnsupportedFormat: It is no photo that we read, or one that cannot be shown.
            MalformedImage: It is too damaged.
            CannotStrip: No clean copy of it is known to be lossless.
        """
        # First, where it is being kept aside: those who open files wait for the interpreter, and
        # a digest leaves it to them.
        whole = hashlib.sha256(data).hexdigest() if aside.busy else ""
        ready = prepared(data, limits=self.limits)
        coded = aside.do(functools.partial(coded_sha256, ready, self.limits))
        stripped = ready.made()
        report = stripped.before
        if report.width < 1 or report.height < 1:
            raise MalformedImage(report.format.value, 0, "holds no picture")
        check_drawn(data, report.format)
        # How much was cropped away is nobody's business, and a page lays out what is shown.
        shown = window_of(data, ready.container, report.width, report.height)
        left, top, right, bottom = shown or (0, 0, report.width, report.height)
        return Photo(
            id=photo_id,
            sha256=whole or hashlib.sha256(data).hexdigest(),
            coded_sha256=coded(),
            format=report.format.value,
            size=len(data),
            width=right - left,
            height=bottom - top,
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


@attrs.frozen
class Aside:
    """Where work is done besides what this thread does, for big files; else when it is asked for.

    Hashing, writing and waiting for the disk hold no lock of the interpreter.
    """

    _threads: Executor | None

    @property
    def busy(self) -> bool:
        """Whether work is begun at once."""
        return self._threads is not None

    def do(self, work: Callable[[], _T]) -> Callable[[], _T]:
        """Return what waits for *work* and returns what it returned."""
        return work if self._threads is None else self._threads.submit(work).result


@contextlib.contextmanager
def kept_aside(
    blobs: BlobStore, key: str, data: bytes, *, unless: str
) -> Iterator[tuple[Aside, Callable[[], None]]]:
    """Keep *data* while the block looks at it; the second that is given returns once it is kept.

    When the block fails, or the store does, everything under *unless* goes again.
    """
    keep = functools.partial(blobs.put, key, data)
    try:
        if len(data) < _WORTH_A_THREAD:
            yield Aside(None), keep
            return
        # The executor waits for its threads: nothing is put any more when something is removed.
        with ThreadPoolExecutor(2) as threads:
            aside = Aside(threads)
            yield aside, aside.do(keep)
    except BaseException:
        with contextlib.suppress(Exception):
            blobs.remove(unless)
        raise


def coded_sha256(ready: Prepared, limits: Limits) -> str:
    """Return the digest of the coded picture as it stands in the clean copy.

    An original and its clean copies have the same one, for it is always that of a clean copy.
    Where the whole picture is copied it is read where it stands; the copy tells where not.
    """
    data, pictures = ready.data, _pictures(ready.container)
    if not _all_copied(pictures, ready.plan):
        data = ready.plan.carry_out(data)
        pictures = _pictures(parse(data, limits))
    view = memoryview(data)
    digest = hashlib.sha256()
    for span in pictures:
        digest.update(view[span.start : span.stop])
    return digest.hexdigest()


def _pictures(container: Container) -> list[Span]:
    return [one.body for one in container.segments if one.role is Role.PICTURE]


def _all_copied(pictures: list[Span], made: Plan) -> bool:
    """Return whether a plan copies all *pictures* whole, and in their order."""
    copies = iter(piece.span for piece in made.pieces if isinstance(piece, Copy))
    copy = next(copies, None)
    for picture in pictures:
        while copy is not None and not copy.start <= picture.start <= picture.stop <= copy.stop:
            copy = next(copies, None)
        if copy is None:
            return False
    return bool(pictures)


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
