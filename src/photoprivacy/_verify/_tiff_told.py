"""What a clean TIFF tells in its first page: tags of the owner's, and directories of Exif and GPS.

Held to the same rules as a fresh Exif block, whatever the byte order (Exif 3.0, 4.6; TIFF 6.0, 8).
"""

from __future__ import annotations

from typing import Final

from photoprivacy._verify._exif import IMAGE, IN_IMAGE, INNER, PHOTO, Entry, check_ifd
from photoprivacy._verify._model import refuse
from photoprivacy._verify._tiff_file import Fields, File, directory
from photoprivacy.policy import Policy

_MAKER_NOTE: Final = 37500
#: type → bytes that a byte order turns round (TIFF 6.0, 2)
_TURNED: Final = {3: 2, 4: 4, 5: 4}


def told(new: File, page: Fields, policy: Policy) -> list[bytes]:
    """Take what the first *page* tells out of its fields, check it, and return its values.

    Raises:
        Unclean: It tells what *policy* does not allow, in another way than one may, or in
            directories that do not follow each other.
    """
    fields = {tag: page.pop(tag) for tag in sorted(page) if tag in IN_IMAGE or tag in INNER}
    if not fields:
        return []
    _check(new, IMAGE, fields, policy, 0)
    plain = [value for _, _, value in fields.values()]
    end = new.ends[0]
    for tag, name in INNER.items():
        if tag not in fields:
            continue
        # Exif 3.0, 4.6.3: a LONG; here to what begins where everything before it ends.
        if new.first(fields, tag, 0) != end:
            refuse("a directory in a place of its own", end)
        inner, following, stop = directory(new, end)
        if following:
            refuse("a further directory behind one of Exif or GPS", end)
        if name == PHOTO and _MAKER_NOTE in inner:
            refuse("a maker's note in a file without a gain map", end)
        _check(new, name, inner, policy, end)
        plain += [value for _, _, value in inner.values()]
        end = stop
    return plain


def _check(new: File, ifd: str, fields: Fields, policy: Policy, at: int) -> None:
    entries = [
        Entry(ifd, at, tag, kind, count, _big_endian(value, kind, new.sign))
        for tag, (kind, count, value) in fields.items()
    ]
    check_ifd(ifd, entries, policy, at)


def _big_endian(value: bytes, kind: int, sign: str) -> bytes:
    unit = _TURNED.get(kind, 1)
    if sign == ">" or unit == 1:
        return value
    return b"".join(value[at : at + unit][::-1] for at in range(0, len(value), unit))
