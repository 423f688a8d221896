"""Albums as plain values for JSON and back; ``album.schema.json`` says the same in its words."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from photoprivacy._time import CapturedAt
from photoprivacy.albums._checks import MAX_NAME, check_text, check_whole, join, nth
from photoprivacy.albums._migrate import SCHEMA
from photoprivacy.albums._model import Album, Photo, Section
from photoprivacy.albums._parts import Part, PartKind
from photoprivacy.errors import InvalidAlbum
from photoprivacy.geo import Coordinates, Place

#: Longest document that is read, in characters: 100,000 photos take about half of it.
MAX_DOCUMENT: Final = 64 * 1024 * 1024
#: Deepest nesting of unknown fields that is kept.
MAX_DEPTH: Final = 16

_PLACE_TEXTS: Final = (
    "country_code",
    "country",
    "region",
    "city",
    "neighbourhood",
    "key",
    "timezone",
    "source",
)
_PART_FIELDS: Final = ("id", "sha256", "format", "size", "name")
_PHOTO_NEEDS: Final = ("id", "sha256", "format", "size", "width", "height")
_PHOTO_FIELDS: Final = (
    *_PHOTO_NEEDS,
    "coded_sha256",
    "orientation",
    "cropped",
    "name",
    "caption",
    "alt",
)
# Stricter than datetime.fromisoformat, which also takes week dates and zones.
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?", re.ASCII)
_KINDS: Final = {kind.value: kind for kind in PartKind}

Plain = dict[str, Any]
_Places = dict[tuple[object, float, float], Place]
_T = TypeVar("_T", Album, Photo, Part, Section)


def album_to_dict(album: Album) -> Plain:
    """Return *album* as plain values for JSON, its schema among them."""
    return head_to_dict(album) | {"photos": [photo_to_dict(photo) for photo in album.photos]}


def head_to_dict(album: Album) -> Plain:
    """Return what *album* says besides its photos."""
    plain: Plain = {
        "schema": SCHEMA,
        "id": album.id,
        "title": album.title,
        "description": album.description,
        "cover": album.cover,
        "sections": [
            _written({"title": one.title, "photos": list(one.photos)}, one.extra)
            for one in album.sections
        ],
    }
    return _written(plain, album.extra)


def photo_to_dict(photo: Photo) -> Plain:
    """Return *photo* as plain values for JSON."""
    plain: Plain = {
        "id": photo.id,
        "sha256": photo.sha256,
        "coded_sha256": photo.coded_sha256,
        "format": photo.format,
        "size": photo.size,
        "width": photo.width,
        "height": photo.height,
        "orientation": photo.orientation,
        "cropped": photo.cropped,
        "captured_at": None,
        "place": None,
        "coordinates": _plain_point(photo.coordinates),
        "name": photo.name,
        "caption": photo.caption,
        "alt": photo.alt,
        "people": list(photo.people),
        "parts": [_plain_part(part) for part in photo.parts],
    }
    if (taken := photo.captured_at) is not None:
        plain["captured_at"] = {
            "local": taken.local.isoformat(),
            "offset_minutes": None
            if taken.offset is None
            else taken.offset // dt.timedelta(minutes=1),
            "source": taken.source,
        }
    if photo.place is not None:
        plain["place"] = {name: getattr(photo.place, name) for name in _PLACE_TEXTS}
        plain["place"]["coordinates"] = _plain_point(photo.place.coordinates)
    return _written(plain, photo.extra)


def album_from_dict(document: Plain) -> Album:
    """Return the album of a document of schema ``photoprivacy.album/1``.

    Raises:
        InvalidAlbum: It does not follow the schema; ``path`` says where.
    """
    rest = _object(document, "")
    if rest.pop("schema", None) != SCHEMA:
        raise InvalidAlbum("schema", "is not one that this version reads")
    if "photos" not in rest:
        raise InvalidAlbum("photos", "is missing")
    photos = _list(rest, "photos", "")
    sections = _list(rest, "sections", "")
    known = _known(rest, ("id", "title", "description", "cover"), ("id", "title"), "")
    places: _Places = {}
    return _built(
        Album,
        "",
        **known,
        photos=[_photo(one, f"photos[{at}]", places) for at, one in enumerate(photos)],
        sections=[_section(one, nth("sections", at)) for at, one in enumerate(sections)],
        extra=_kept(rest, ""),
    )


def photo_from_dict(value: object, path: str = "") -> Photo:
    """Return the photo that *value* spells.

    Args:
        value: What `photo_to_dict` returned, after any detour through JSON.
        path: Where it stands in its document, for errors.

    Raises:
        InvalidAlbum: It does not follow the schema.
    """
    return _photo(value, path, {})


def _photo(value: object, path: str, places: _Places) -> Photo:
    rest = _object(value, path)
    extra: Plain = {}
    taken = _inner(rest, extra, "captured_at", path, _moment)
    place = _known_place(rest, places)
    if place is None:
        place = _inner(rest, extra, "place", path, _place)
    coordinates = _inner(rest, extra, "coordinates", path, _point)
    people = _list(rest, "people", path)
    parts = _list(rest, "parts", path)
    known = _known(rest, _PHOTO_FIELDS, _PHOTO_NEEDS, path)
    return _built(
        Photo,
        path,
        **known,
        captured_at=taken,
        place=place,
        coordinates=coordinates,
        people=people,
        parts=[_part(one, nth(join(path, "parts"), at)) for at, one in enumerate(parts)],
        extra=extra | _kept(rest, path),
    )


def _plain_part(part: Part) -> Plain:
    plain: Plain = {name: getattr(part, name) for name in _PART_FIELDS}
    return _written(plain | {"kind": part.kind.value}, part.extra)


def _plain_point(at: Coordinates | None) -> Plain | None:
    if at is None:
        return None
    return {"latitude": at.latitude, "longitude": at.longitude}


def _written(plain: Plain, extra: Mapping[str, object]) -> Plain:
    """Return *plain* with unknown fields put back where they stood."""
    for name, value in extra.items():
        known = plain.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            _written(known, value)
        elif name not in plain:
            plain[name] = value
    return plain


def _object(value: object, path: str) -> Plain:
    if not isinstance(value, dict):
        raise InvalidAlbum(path, "is not an object")
    return dict(value)


def _list(rest: Plain, name: str, path: str) -> list[Any]:
    value = rest.pop(name, [])
    if not isinstance(value, list):
        raise InvalidAlbum(join(path, name), "is not a list")
    return value


def _known(rest: Plain, fields: tuple[str, ...], needed: tuple[str, ...], path: str) -> Plain:
    for name in needed:
        if name not in rest:
            raise InvalidAlbum(join(path, name), "is missing")
    return {name: rest.pop(name) for name in fields if name in rest}


def _built(kind: type[_T], path: str, /, **fields: Any) -> _T:
    try:
        return kind(**fields)
    except InvalidAlbum as error:
        raise InvalidAlbum(join(path, error.path), error.what) from None


def _inner(
    rest: Plain,
    extra: Plain,
    name: str,
    path: str,
    read: Callable[[Plain, str], Any],
) -> Any:
    """Take the object *name* out of *rest*; what *read* leaves of it goes to *extra*."""
    value = rest.pop(name, None)
    if value is None:
        return None
    where = join(path, name)
    inner = _object(value, where)
    result = read(inner, where)
    if inner:
        extra[name] = _kept(inner, where)
    return result


def _section(value: object, path: str) -> Section:
    rest = _object(value, path)
    photos = _list(rest, "photos", path)
    known = _known(rest, ("title",), ("title",), path)
    return _built(Section, path, **known, photos=photos, extra=_kept(rest, path))


def _part(value: object, path: str) -> Part:
    rest = _object(value, path)
    kind = rest.pop("kind", None)
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InvalidAlbum(join(path, "kind"), "is not a kind of part")
    known = _known(rest, _PART_FIELDS, _PART_FIELDS[:-1], path)
    return _built(Part, path, **known, kind=_KINDS[kind], extra=_kept(rest, path))


def _moment(inner: Plain, path: str) -> CapturedAt:
    local, offset = inner.pop("local", None), inner.pop("offset_minutes", None)
    if not isinstance(local, str) or _LOCAL.fullmatch(local) is None:
        raise InvalidAlbum(join(path, "local"), "is not a local time")
    if offset is not None:
        check_whole(join(path, "offset_minutes"), offset, -1439, 1439)
    try:
        at = dt.datetime.fromisoformat(local)
    except ValueError:
        raise InvalidAlbum(join(path, "local"), "is not a time of the calendar") from None
    return CapturedAt(
        local=at,
        offset=None if offset is None else dt.timedelta(minutes=offset),
        source=check_text(join(path, "source"), inner.pop("source", ""), MAX_NAME),
    )


def _known_place(rest: Plain, places: _Places) -> Place | None:
    """Take the place out of *rest* if an earlier photo had just the same, or remember it.

    Most photos of an album were taken where others were.
    """
    spelled = rest.get("place")
    if not isinstance(spelled, dict) or len(spelled) != len(_PLACE_TEXTS) + 1:
        return None
    texts = tuple(map(spelled.get, _PLACE_TEXTS))
    point = spelled.get("coordinates")
    if not isinstance(point, dict) or len(point) != 2 or set(map(type, texts)) != {str}:
        return None
    latitude, longitude = point.get("latitude"), point.get("longitude")
    # 1 and True are one key to a dictionary, and only one of them is a latitude.
    if type(latitude) is not float or type(longitude) is not float:
        return None
    key = (texts, latitude, longitude)
    if key not in places:
        try:
            places[key] = _place(spelled | {"coordinates": dict(point)}, "")
        except InvalidAlbum:
            return None  # the reader of this photo says where
    del rest["place"]
    return places[key]


def _place(inner: Plain, path: str) -> Place:
    texts: Plain = {name: inner.pop(name, "") for name in _PLACE_TEXTS}
    for name, value in texts.items():
        # Asked in short first: seven texts a photo are most of what an album holds.
        if not (type(value) is str and len(value) <= MAX_NAME and value.isascii()):
            check_text(join(path, name), value, MAX_NAME)
    point = inner.pop("coordinates", None)
    if point is None:
        return Place(**texts)
    own = _object(point, join(path, "coordinates"))
    place = Place(**texts, coordinates=_point(own, join(path, "coordinates")))
    if own:
        inner["coordinates"] = own
    return place


def _point(inner: Plain, path: str) -> Coordinates:
    return Coordinates(
        latitude=_degrees(inner, path, "latitude", 90),
        longitude=_degrees(inner, path, "longitude", 180),
    )


def _degrees(inner: Plain, path: str, name: str, limit: int) -> float:
    value = inner.pop(name, None)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidAlbum(join(path, name), "is not a number of degrees")
    if not -limit <= value <= limit:  # also NaN and numbers no float holds
        raise InvalidAlbum(join(path, name), f"is outside ±{limit} degrees")
    return float(value)


def _kept(rest: Plain, path: str) -> Plain:
    """Return unknown fields, if they can be written back."""
    for name, value in rest.items():
        check_text(path, name, MAX_NAME)
        _writable(value, path, MAX_DEPTH)
    return rest


def _writable(value: object, path: str, depth: int) -> None:
    if depth == 0:
        raise InvalidAlbum(path, f"nests deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        check_text(path, value, MAX_DOCUMENT)
    elif isinstance(value, float) and not math.isfinite(value):
        raise InvalidAlbum(path, "holds a number that JSON does not have")
    elif isinstance(value, list):
        for one in value:
            _writable(one, path, depth - 1)
    elif isinstance(value, dict):
        for name, one in value.items():
            check_text(path, name, MAX_NAME)
            _writable(one, path, depth - 1)
