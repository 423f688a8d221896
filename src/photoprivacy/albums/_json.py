"""Albums as JSON; ``album.schema.json`` says the same in JSON Schema's words."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from photoprivacy._time import CapturedAt
from photoprivacy.albums._model import (
    MAX_NAME,
    Album,
    Photo,
    check_text,
    check_whole,
    join,
)
from photoprivacy.albums._model import item as item_at
from photoprivacy.errors import InvalidAlbum
from photoprivacy.geo import Coordinates, Place

SCHEMA: Final = "photoprivacy.album/1"
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
# Stricter than datetime.fromisoformat, which also takes week dates and zones.
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?", re.ASCII)

_Object = dict[str, Any]
_T = TypeVar("_T", Album, Photo)


def dumps(album: Album) -> str:
    """Return *album* as one line of JSON, schema ``photoprivacy.album/1``.

    It holds what the owner knows, coordinates and file names included: it is not
    for recipients.

    >>> loads(dumps(Album(title="Lisbon"))).title
    'Lisbon'
    """
    return json.dumps(
        _written({"schema": SCHEMA, **_plain_album(album)}, album.extra),
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    )


def loads(text: str | bytes) -> Album:
    """Return the album that *text* holds.

    Raises:
        InvalidAlbum: It does not follow the schema; ``path`` says where.
    """
    document = parse_object(text)
    schema = document.get("schema")
    read = _READERS.get(schema) if isinstance(schema, str) else None
    if read is None:
        raise InvalidAlbum("schema", "is not one that this version reads")
    return read(document)


def parse_object(text: str | bytes) -> _Object:
    """Return the JSON object that *text* holds, strictly.

    Raises:
        InvalidAlbum: It holds none, or one that readers could disagree about.
    """
    if len(text) > MAX_DOCUMENT:
        raise InvalidAlbum("", f"is longer than {MAX_DOCUMENT} characters")
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except InvalidAlbum:
        raise
    except (ValueError, RecursionError):
        # The parser's own message may quote the document.
        raise InvalidAlbum("", "is not JSON") from None
    if not isinstance(value, dict):
        raise InvalidAlbum("", "is not an object")
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    # RFC 8259, 4: what a repeated name means is anybody's guess.
    value = dict(pairs)
    if len(value) != len(pairs):
        raise InvalidAlbum("", "names a field twice")
    return value


def _constant(_name: str) -> float:
    # RFC 8259, 6: Infinity and NaN are not permitted.
    raise InvalidAlbum("", "holds a number that JSON does not have")


def photo_to_dict(photo: Photo) -> _Object:
    """Return *photo* as plain values for JSON."""
    plain: _Object = {
        "id": photo.id,
        "sha256": photo.sha256,
        "format": photo.format,
        "size": photo.size,
        "width": photo.width,
        "height": photo.height,
        "orientation": photo.orientation,
        "captured_at": None,
        "place": None,
        "coordinates": _plain_point(photo.coordinates),
        "name": photo.name,
        "caption": photo.caption,
        "alt": photo.alt,
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


def photo_from_dict(value: object, path: str) -> Photo:
    """Return the photo that *value* spells.

    Raises:
        InvalidAlbum: It does not follow the schema; *path* is where it stands.
    """
    rest = _object(value, path)
    extra: _Object = {}
    taken = _part(rest, extra, "captured_at", path, _moment)
    place = _part(rest, extra, "place", path, _place)
    coordinates = _part(rest, extra, "coordinates", path, _point)
    known: _Object = {name: rest.pop(name) for name in _PHOTO_FIELDS if name in rest}
    _complete(known, _PHOTO_NEEDS, path)
    return _built(
        Photo,
        path,
        **known,
        captured_at=taken,
        place=place,
        coordinates=coordinates,
        extra=extra | _kept(rest, path),
    )


_PHOTO_NEEDS: Final = ("id", "sha256", "format", "size", "width", "height")
_PHOTO_FIELDS: Final = (*_PHOTO_NEEDS, "orientation", "name", "caption", "alt")


def album_from_dict(document: Mapping[str, Any]) -> Album:
    """Return the album of a document of schema ``photoprivacy.album/1``.

    Raises:
        InvalidAlbum: It does not follow the schema.
    """
    rest = _object(document, "")
    del rest["schema"]
    photos = rest.pop("photos", None)
    if not isinstance(photos, list):
        raise InvalidAlbum("photos", "is not a list")
    known: _Object = {
        name: rest.pop(name) for name in ("id", "title", "description", "cover") if name in rest
    }
    _complete(known, ("id", "title"), "")
    return _built(
        Album,
        "",
        **known,
        photos=tuple(photo_from_dict(item, item_at(at)) for at, item in enumerate(photos)),
        extra=_kept(rest, ""),
    )


#: Every schema ever written, and what reads it.
_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Album]]] = {SCHEMA: album_from_dict}


def _plain_album(album: Album) -> _Object:
    return {
        "id": album.id,
        "title": album.title,
        "description": album.description,
        "cover": album.cover,
        "photos": [photo_to_dict(photo) for photo in album.photos],
    }


def _plain_point(at: Coordinates | None) -> _Object | None:
    if at is None:
        return None
    return {"latitude": at.latitude, "longitude": at.longitude}


def _written(plain: _Object, extra: Mapping[str, object]) -> _Object:
    """Return *plain* with unknown fields put back where they stood."""
    for name, value in extra.items():
        known = plain.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            _written(known, value)
        elif name not in plain:
            plain[name] = value
    return plain


def _object(value: object, path: str) -> _Object:
    if not isinstance(value, dict):
        raise InvalidAlbum(path, "is not an object")
    return dict(value)


def _complete(known: Mapping[str, Any], needed: tuple[str, ...], path: str) -> None:
    for name in needed:
        if name not in known:
            raise InvalidAlbum(join(path, name), "is missing")


def _built(kind: type[_T], path: str, **fields: Any) -> _T:
    try:
        return kind(**fields)
    except InvalidAlbum as error:
        raise InvalidAlbum(join(path, error.path), error.what) from None


def _part(
    rest: _Object,
    extra: _Object,
    name: str,
    path: str,
    read: Callable[[_Object, str], Any],
) -> Any:
    """Take the object *name* out of *rest*; what *read* leaves of it goes to *extra*."""
    value = rest.pop(name, None)
    if value is None:
        return None
    inner = _object(value, join(path, name))
    result = read(inner, join(path, name))
    if inner:
        extra[name] = _kept(inner, join(path, name))
    return result


def _moment(inner: _Object, path: str) -> CapturedAt:
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


def _place(inner: _Object, path: str) -> Place:
    texts: _Object = {
        name: check_text(join(path, name), inner.pop(name, ""), MAX_NAME) for name in _PLACE_TEXTS
    }
    point = inner.pop("coordinates", None)
    if point is None:
        return Place(**texts)
    own = _object(point, join(path, "coordinates"))
    place = Place(**texts, coordinates=_point(own, join(path, "coordinates")))
    if own:
        inner["coordinates"] = own
    return place


def _point(inner: _Object, path: str) -> Coordinates:
    values = {}
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = inner.pop(name, None)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidAlbum(join(path, name), "is not a number of degrees")
        if not -limit <= value <= limit:  # also NaN and numbers no float holds
            raise InvalidAlbum(join(path, name), f"is outside ±{limit} degrees")
        values[name] = float(value)
    return Coordinates(**values)


def _kept(rest: _Object, path: str) -> _Object:
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
        for item in value:
            _writable(item, path, depth - 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            check_text(path, name, MAX_NAME)
            _writable(item, path, depth - 1)
