"""Which photos belong together: frozen values that any app can store."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from photoprivacy._time import CapturedAt
from photoprivacy.albums._ids import is_id, new_id
from photoprivacy.errors import InvalidAlbum
from photoprivacy.geo import Coordinates, Place

#: Longest texts, in characters: a title fits a page's head, a caption a page.
MAX_NAME: Final = 255
MAX_TITLE: Final = 300
MAX_TEXT: Final = 20_000
MAX_PIXELS: Final = 2**31 - 1
MAX_SIZE: Final = 2**53 - 1  # the largest whole number every JSON reader agrees on


def join(path: str, name: str) -> str:
    """Return the path of field *name* of the object at *path*."""
    return f"{path}.{name}" if path else name


def item(index: int) -> str:
    """Return the path of a photo of an album."""
    return f"photos[{index}]"


_Validator = Callable[[object, "attrs.Attribute[Any]", object], None]


def _text(longest: int) -> _Validator:
    def check(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        check_text(attribute.name, value, longest)

    return check


def check_text(path: str, value: object, longest: int) -> str:
    """Return *value* if it is a text that can be stored.

    Raises:
        InvalidAlbum: It is not.
    """
    if not isinstance(value, str):
        raise InvalidAlbum(path, "is not a text")
    if len(value) > longest:
        raise InvalidAlbum(path, f"is longer than {longest} characters")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise InvalidAlbum(path, "holds half a character (a lone surrogate)")
    return value


def _spelled(pattern: str, what: str) -> _Validator:
    compiled = re.compile(pattern)

    def check(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, str) or compiled.fullmatch(value) is None:
            raise InvalidAlbum(attribute.name, f"is not {what}")

    return check


def _identifier(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not is_id(value):
        raise InvalidAlbum(attribute.name, "is not 32 hexadecimal digits")


def _whole(low: int, high: int) -> _Validator:
    def check(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        check_whole(attribute.name, value, low, high)

    return check


def check_whole(path: str, value: object, low: int, high: int) -> int:
    """Return *value* if it is a whole number from *low* to *high*.

    Raises:
        InvalidAlbum: It is not. ``True`` is not a number here.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidAlbum(path, "is not a whole number")
    if not low <= value <= high:
        raise InvalidAlbum(path, f"is not between {low} and {high}")
    return value


def _maybe(kind: type) -> _Validator:
    def check(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value is not None and not isinstance(value, kind):
            raise InvalidAlbum(attribute.name, f"is not a {kind.__name__}")

    return check


def _moment(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    _maybe(CapturedAt)(instance, attribute, value)
    if isinstance(value, CapturedAt):
        check_moment(attribute.name, value)


def check_moment(path: str, value: CapturedAt) -> None:
    """Refuse a time that could not be written and read back.

    Raises:
        InvalidAlbum: The local time knows a zone, or the offset is not in whole minutes.
    """
    if value.local.tzinfo is not None:
        raise InvalidAlbum(join(path, "local"), "is not a local time without a zone")
    offset = value.offset
    if offset is not None and (abs(offset) >= dt.timedelta(days=1) or offset.microseconds):
        raise InvalidAlbum(join(path, "offset_minutes"), "is not an offset from UTC")
    if offset is not None and offset.seconds % 60:
        raise InvalidAlbum(join(path, "offset_minutes"), "is not in whole minutes")
    check_text(join(path, "source"), value.source, MAX_NAME)


def _frozen_mapping(value: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType(dict(value))


@attrs.frozen(kw_only=True)
class Photo:
    """One photo of an album, as its owner knows it.

    Its ``repr`` shows its identifier and its shape, nothing else. Recipients never get
    this value: they get a `SharedPhoto`.

    Attributes:
        id: 32 hexadecimal digits.
        sha256: SHA-256 of the original file, 64 hexadecimal digits.
        format: The file's format: ``"jpeg"``, ``"heic"``.
        size: Length of the original in bytes.
        width: Pixels across as coded, before orientation.
        height: Pixels down as coded, before orientation.
        orientation: Exif orientation 1-8 that a viewer applies.
        captured_at: When it was taken.
        place: Where it was taken, by name.
        coordinates: Where it was taken, exactly.
        name: The original file's name.
        caption: The owner's words under the photo.
        alt: The owner's description for those who cannot see it.
        extra: Fields of the document that this version does not know, kept as they came.

    Raises:
        InvalidAlbum: A field does not fit. Its ``path`` is the field's name.
    """

    id: str = attrs.field(factory=new_id, validator=_identifier)
    sha256: str = attrs.field(
        validator=_spelled(r"[0-9a-f]{64}", "64 hexadecimal digits"), repr=False
    )
    format: str = attrs.field(validator=_spelled(r"[a-z0-9]{1,16}", "a format's name"))
    size: int = attrs.field(validator=_whole(0, MAX_SIZE))
    width: int = attrs.field(validator=_whole(1, MAX_PIXELS))
    height: int = attrs.field(validator=_whole(1, MAX_PIXELS))
    orientation: int = attrs.field(default=1, validator=_whole(1, 8))
    captured_at: CapturedAt | None = attrs.field(default=None, validator=_moment, repr=False)
    place: Place | None = attrs.field(default=None, validator=_maybe(Place), repr=False)
    coordinates: Coordinates | None = attrs.field(
        default=None, validator=_maybe(Coordinates), repr=False
    )
    name: str = attrs.field(default="", validator=_text(MAX_NAME), repr=False)
    caption: str = attrs.field(default="", validator=_text(MAX_TEXT), repr=False)
    alt: str = attrs.field(default="", validator=_text(MAX_TEXT), repr=False)
    extra: Mapping[str, object] = attrs.field(
        factory=dict, converter=_frozen_mapping, repr=False, hash=False
    )


def _tuple(value: Iterable[Photo]) -> tuple[Photo, ...]:
    return tuple(value)


def _photos(_instance: object, _attribute: attrs.Attribute[Any], value: object) -> None:
    assert isinstance(value, tuple)  # noqa: S101 - the converter's promise
    seen: set[str] = set()
    for index, photo in enumerate(value):
        if not isinstance(photo, Photo):
            raise InvalidAlbum(item(index), "is not a Photo")
        if photo.id in seen:
            raise InvalidAlbum(join(item(index), "id"), "stands in the album twice")
        seen.add(photo.id)


@attrs.frozen(kw_only=True)
class Album:
    """Photos that belong together, in the owner's order. Edits return new values.

    It holds no secret: no key, no epoch, no share.

    Attributes:
        id: 32 hexadecimal digits.
        title: What recipients read above the photos.
        photos: In the owner's order; no two with the same ``id``.
        description: The owner's words about the album.
        cover: The ``id`` of the photo that stands for the album, or ``None``.
        extra: Fields of the document that this version does not know, kept as they came.

    Raises:
        InvalidAlbum: A field does not fit. Its ``path`` says which.

    >>> album = Album(title="Lisbon")
    >>> album.retitled("Lisboa").title
    'Lisboa'
    """

    id: str = attrs.field(factory=new_id, validator=_identifier)
    title: str = attrs.field(validator=_text(MAX_TITLE), repr=False)
    photos: tuple[Photo, ...] = attrs.field(default=(), converter=_tuple, validator=_photos)
    description: str = attrs.field(default="", validator=_text(MAX_TEXT), repr=False)
    cover: str | None = attrs.field(default=None)
    extra: Mapping[str, object] = attrs.field(
        factory=dict, converter=_frozen_mapping, repr=False, hash=False
    )

    @cover.validator
    def _cover_is_a_photo_of_the_album(self, _attribute: object, value: object) -> None:
        if value is not None and not any(photo.id == value for photo in self.photos):
            raise InvalidAlbum("cover", "is not a photo of this album")

    def photo(self, photo_id: str) -> Photo | None:
        """Return the photo of that ``id``, or ``None``."""
        return next((photo for photo in self.photos if photo.id == photo_id), None)

    def with_photo(self, photo: Photo) -> Album:
        """Return this album with *photo* at its end, or in the place of its namesake."""
        if self.photo(photo.id) is None:
            return attrs.evolve(self, photos=(*self.photos, photo))
        return attrs.evolve(
            self, photos=tuple(photo if old.id == photo.id else old for old in self.photos)
        )

    def without_photo(self, photo_id: str) -> Album:
        """Return this album without that photo; the cover goes with it.

        Raises:
            InvalidAlbum: There is no such photo.
        """
        if self.photo(photo_id) is None:
            raise InvalidAlbum("photos", "has no such photo")
        return attrs.evolve(
            self,
            photos=tuple(photo for photo in self.photos if photo.id != photo_id),
            cover=None if self.cover == photo_id else self.cover,
        )

    def retitled(self, title: str) -> Album:
        """Return this album under another title."""
        return attrs.evolve(self, title=title)
