"""What a field of an album may hold; each refusal says where, never what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from photoprivacy._time import CapturedAt
from photoprivacy.albums._ids import is_id
from photoprivacy.errors import InvalidAlbum

#: Longest texts, in characters: a title fits a page's head, a caption a page.
MAX_NAME: Final = 255
MAX_TITLE: Final = 300
MAX_TEXT: Final = 20_000
MAX_PIXELS: Final = 2**31 - 1
MAX_SIZE: Final = 2**53 - 1  # the largest whole number every JSON reader agrees on

# Half of a UTF-16 pair: no encoding of Unicode can write it.
_LONE: Final = re.compile("[\ud800-\udfff]")

# One for all: hardly any photo has unknown fields.
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})

Validator = Callable[[object, "attrs.Attribute[Any]", object], None]


def join(path: str, name: str) -> str:
    """Return the path of field *name* of the object at *path*."""
    return f"{path}.{name}" if path else name


def nth(path: str, index: int) -> str:
    """Return the path of an element of the list at *path*."""
    return f"{path}[{index}]"


def check_text(path: str, value: object, longest: int) -> str:
    """Return *value* if it is a text that can be stored.

    Raises:
        InvalidAlbum: It is not.
    """
    if not isinstance(value, str):
        raise InvalidAlbum(path, "is not a text")
    if len(value) > longest:
        raise InvalidAlbum(path, f"is longer than {longest} characters")
    if not value.isascii() and _LONE.search(value) is not None:
        raise InvalidAlbum(path, "holds half a character (a lone surrogate)")
    return value


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


def text(longest: int) -> Validator:
    """Return a validator of texts."""

    def check(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        # Asked in short first, here and below: an album has ten thousand photos.
        if not (type(value) is str and len(value) <= longest and value.isascii()):
            check_text(attribute.name, value, longest)

    return check


def texts(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Validate a tuple of short texts."""
    assert isinstance(value, tuple)  # noqa: S101 - the converter's promise
    for index, one in enumerate(value):
        check_text(nth(attribute.name, index), one, MAX_NAME)


def spelled(pattern: str, what: str) -> Validator:
    """Return a validator of texts that follow *pattern* from end to end."""
    compiled = re.compile(pattern)

    def check(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, str) or compiled.fullmatch(value) is None:
            raise InvalidAlbum(attribute.name, f"is not {what}")

    return check


digest: Final = spelled(r"[0-9a-f]{64}", "64 hexadecimal digits")
format_name: Final = spelled(r"[a-z0-9]{1,16}", "a format's name")


def identifier(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Validate an identifier."""
    if not is_id(value):
        raise InvalidAlbum(attribute.name, "is not 32 hexadecimal digits")


def whole(low: int, high: int) -> Validator:
    """Return a validator of whole numbers."""

    def check(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not (type(value) is int and low <= value <= high):
            check_whole(attribute.name, value, low, high)

    return check


def kind_of(kind: type) -> Validator:
    """Return a validator of values of one type."""

    def check(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, kind):
            raise InvalidAlbum(attribute.name, f"is not a {kind.__name__}")

    return check


def maybe(check: Validator) -> Validator:
    """Return a validator that lets ``None`` pass as well."""

    def checked(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value is not None:
            check(instance, attribute, value)

    return checked


def moment(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Validate a time of capture."""
    if not isinstance(value, CapturedAt):
        raise InvalidAlbum(attribute.name, "is not a CapturedAt")
    check_moment(attribute.name, value)


def frozen_mapping(value: Mapping[str, object]) -> Mapping[str, object]:
    """Return *value* as a mapping that nobody changes from outside."""
    return MappingProxyType(dict(value)) if value else _NOTHING
