"""Which photos belong together: frozen values that any app can store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from photoprivacy._time import CapturedAt
from photoprivacy.albums import _checks as checks
from photoprivacy.albums._checks import join, nth
from photoprivacy.albums._ids import is_id, new_id
from photoprivacy.albums._parts import Part
from photoprivacy.errors import InvalidAlbum
from photoprivacy.geo import Coordinates, Place


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _part_tuple(value: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(value)


def _photo_tuple(value: Iterable[Photo]) -> tuple[Photo, ...]:
    return tuple(value)


def _section_tuple(value: Iterable[Section]) -> tuple[Section, ...]:
    return tuple(value)


def _different(path: str, values: Iterable[object], kind: type[Photo | Part]) -> None:
    """Refuse a value of another type, or two of the same ``id``."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if not isinstance(value, kind):
            raise InvalidAlbum(nth(path, index), f"is not a {kind.__name__}")
        if value.id in seen:
            raise InvalidAlbum(join(nth(path, index), "id"), "stands here twice")
        seen.add(value.id)


@attrs.frozen(kw_only=True)
class Photo:
    """One photo of an album, as its owner knows it.

    Its ``repr`` shows its identifier and its shape, nothing else. Recipients never get
    this value: they get a `SharedPhoto`.

    Attributes:
        id: 32 hexadecimal digits.
        sha256: SHA-256 of the original file, 64 hexadecimal digits.
        coded_sha256: SHA-256 of the coded picture alone, the same for the original and for its
            clean copies; ``None`` where it is not known.
        format: The file's format: ``"jpeg"``, ``"heic"``.
        size: Length of the original in bytes.
        width: Pixels across as coded, inside its crop, before orientation.
        height: Pixels down as coded, inside its crop, before orientation.
        orientation: Exif orientation 1-8 that a viewer applies.
        cropped: Whether pixels outside its crop are in the file, and in a lossless copy.
        captured_at: When it was taken.
        place: Where it was taken, by name.
        coordinates: Where it was taken, exactly.
        name: The original file's name.
        caption: The owner's words under the photo.
        alt: The owner's description for those who cannot see it.
        people: Who is in it, as its own metadata says; nobody looks for faces here. No link
            shows it.
        parts: More files of the same photo: a Live Photo's video, a raw file, a burst's frames.
        extra: Fields of the document that this version does not know, kept as they came.

    Raises:
        InvalidAlbum: A field does not fit. Its ``path`` is the field's name.
    """

    id: str = attrs.field(factory=new_id, validator=checks.identifier)
    sha256: str = attrs.field(validator=checks.digest, repr=False)
    coded_sha256: str | None = attrs.field(
        default=None, validator=checks.maybe(checks.digest), repr=False
    )
    format: str = attrs.field(validator=checks.format_name)
    size: int = attrs.field(validator=checks.whole(0, checks.MAX_SIZE))
    width: int = attrs.field(validator=checks.whole(1, checks.MAX_PIXELS))
    height: int = attrs.field(validator=checks.whole(1, checks.MAX_PIXELS))
    orientation: int = attrs.field(default=1, validator=checks.whole(1, 8))
    cropped: bool = attrs.field(default=False, validator=checks.kind_of(bool))
    captured_at: CapturedAt | None = attrs.field(
        default=None, validator=checks.maybe(checks.moment), repr=False
    )
    place: Place | None = attrs.field(
        default=None, validator=checks.maybe(checks.kind_of(Place)), repr=False
    )
    coordinates: Coordinates | None = attrs.field(
        default=None, validator=checks.maybe(checks.kind_of(Coordinates)), repr=False
    )
    name: str = attrs.field(default="", validator=checks.text(checks.MAX_NAME), repr=False)
    caption: str = attrs.field(default="", validator=checks.text(checks.MAX_TEXT), repr=False)
    alt: str = attrs.field(default="", validator=checks.text(checks.MAX_TEXT), repr=False)
    people: tuple[str, ...] = attrs.field(
        default=(), converter=_texts, validator=checks.texts, repr=False
    )
    parts: tuple[Part, ...] = attrs.field(default=(), converter=_part_tuple)
    extra: Mapping[str, object] = attrs.field(
        factory=dict, converter=checks.frozen_mapping, repr=False, hash=False
    )

    @parts.validator
    def _parts_differ(self, _attribute: object, value: tuple[Part, ...]) -> None:
        _different("parts", value, Part)

    def part(self, part_id: str) -> Part | None:
        """Return the part of that ``id``, or ``None``."""
        return next((part for part in self.parts if part.id == part_id), None)

    def with_part(self, part: Part) -> Photo:
        """Return this photo with *part* at the end of its parts, or in its namesake's place."""
        return attrs.evolve(self, parts=_with(self.parts, part))

    def without_part(self, part_id: str) -> Photo:
        """Return this photo without that part.

        Raises:
            InvalidAlbum: There is no such part.
        """
        if self.part(part_id) is None:
            raise InvalidAlbum("parts", "has no such part")
        return attrs.evolve(self, parts=(part for part in self.parts if part.id != part_id))


@attrs.frozen(kw_only=True)
class Section:
    """Photos of an album under a heading of their own.

    Attributes:
        title: The heading.
        photos: The ``id`` of each, in the order of the section.
        extra: Fields of the document that this version does not know, kept as they came.

    Raises:
        InvalidAlbum: A field does not fit. Its ``path`` says which.
    """

    title: str = attrs.field(validator=checks.text(checks.MAX_TITLE), repr=False)
    photos: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    extra: Mapping[str, object] = attrs.field(
        factory=dict, converter=checks.frozen_mapping, repr=False, hash=False
    )


@attrs.frozen(kw_only=True)
class Album:
    """Photos that belong together, in the owner's order. Edits return new values.

    It holds no secret: no key, no epoch, no share, no home.

    Attributes:
        id: 32 hexadecimal digits.
        title: What recipients read above the photos.
        photos: In the owner's order; no two with the same ``id``.
        description: The owner's words about the album.
        cover: The ``id`` of the photo that stands for the album, or ``None``.
        sections: Headings over some of the photos; a photo stands under one at most.
        extra: Fields of the document that this version does not know, kept as they came.

    Raises:
        InvalidAlbum: A field does not fit. Its ``path`` says which.

    >>> album = Album(title="Lisbon")
    >>> album.retitled("Lisboa").title
    'Lisboa'
    """

    id: str = attrs.field(factory=new_id, validator=checks.identifier)
    title: str = attrs.field(validator=checks.text(checks.MAX_TITLE), repr=False)
    photos: tuple[Photo, ...] = attrs.field(default=(), converter=_photo_tuple)
    description: str = attrs.field(default="", validator=checks.text(checks.MAX_TEXT), repr=False)
    cover: str | None = attrs.field(default=None)
    sections: tuple[Section, ...] = attrs.field(default=(), converter=_section_tuple)
    extra: Mapping[str, object] = attrs.field(
        factory=dict, converter=checks.frozen_mapping, repr=False, hash=False
    )

    @photos.validator
    def _photos_differ(self, _attribute: object, value: tuple[Photo, ...]) -> None:
        _different("photos", value, Photo)

    @cover.validator
    def _cover_is_a_photo_of_the_album(self, _attribute: object, value: object) -> None:
        if value is not None and not any(photo.id == value for photo in self.photos):
            raise InvalidAlbum("cover", "is not a photo of this album")

    @sections.validator
    def _sections_hold_photos_of_the_album(self, _attribute: object, value: object) -> None:
        assert isinstance(value, tuple)  # noqa: S101 - the converter's promise
        left = {photo.id for photo in self.photos} if value else set[str]()
        for index, section in enumerate(value):
            path = nth("sections", index)
            if not isinstance(section, Section):
                raise InvalidAlbum(path, "is not a Section")
            for at, photo_id in enumerate(section.photos):
                # A photo under two headings would be counted twice.
                if not is_id(photo_id) or photo_id not in left:
                    where = nth(join(path, "photos"), at)
                    raise InvalidAlbum(where, "is not a photo of this album, or stands here twice")
                left.remove(photo_id)

    def photo(self, photo_id: str) -> Photo | None:
        """Return the photo of that ``id``, or ``None``."""
        return next((photo for photo in self.photos if photo.id == photo_id), None)

    def with_photo(self, photo: Photo) -> Album:
        """Return this album with *photo* at its end, or in the place of its namesake."""
        return attrs.evolve(self, photos=_with(self.photos, photo))

    def without_photo(self, photo_id: str) -> Album:
        """Return this album without that photo; cover and sections go without it too.

        Raises:
            InvalidAlbum: There is no such photo.
        """
        if self.photo(photo_id) is None:
            raise InvalidAlbum("photos", "has no such photo")
        return attrs.evolve(
            self,
            photos=(photo for photo in self.photos if photo.id != photo_id),
            cover=None if self.cover == photo_id else self.cover,
            sections=(
                attrs.evolve(section, photos=(one for one in section.photos if one != photo_id))
                for section in self.sections
            ),
        )

    def reordered(self, photo_ids: Iterable[str]) -> Album:
        """Return this album with those photos first, in that order; the others follow as before.

        Raises:
            InvalidAlbum: There is no such photo, or one is named twice.
        """
        rest = {photo.id: photo for photo in self.photos}
        first: list[Photo] = []
        for index, photo_id in enumerate(photo_ids):
            photo = rest.pop(photo_id, None)
            if photo is None:
                raise InvalidAlbum(nth("photo_ids", index), "is not in this album, or named twice")
            first.append(photo)
        return attrs.evolve(self, photos=(*first, *rest.values()))

    def retitled(self, title: str) -> Album:
        """Return this album under another title."""
        return attrs.evolve(self, title=title)

    def described(self, description: str) -> Album:
        """Return this album with other words about it."""
        return attrs.evolve(self, description=description)

    def covered(self, photo_id: str | None) -> Album:
        """Return this album with another cover, or without one.

        Raises:
            InvalidAlbum: There is no such photo.
        """
        return attrs.evolve(self, cover=photo_id)

    def sectioned(self, sections: Iterable[Section]) -> Album:
        """Return this album with other sections.

        Raises:
            InvalidAlbum: One names a photo that is not here, or that another names as well.
        """
        return attrs.evolve(self, sections=sections)


def _with(values: tuple[Any, ...], new: Photo | Part) -> tuple[Any, ...]:
    if any(old.id == new.id for old in values):
        return tuple(new if old.id == new.id else old for old in values)
    return (*values, new)
