"""Values of Exif entries: in words, and in the spelling by which they stand in the file."""

from __future__ import annotations

from typing import Final

from photoprivacy.metadata._exif import MOST_TEXT, Entry, text_of
from photoprivacy.metadata._findings import Value
from photoprivacy.metadata._make import spelling
from photoprivacy.metadata._tags import GPS

#: Exif 3.0, Table 9: the first 8 bytes of UserComment say how the rest is spelled.
_CODES: Final = {
    b"ASCII\x00\x00\x00": "utf-8",
    b"UNICODE\x00": "utf-16",
    b"JIS\x00\x00\x00\x00\x00": "shift_jis",
    bytes(8): "utf-8",
}
_XP: Final = range(0x9C9B, 0x9CA0)
#: Tags of GPS whose text begins with eight bytes that say how the rest is spelled.
_CODED_GPS: Final = (0x1B, 0x1C)
#: The same, wherever it stands: two directories may be one.
_USER_COMMENT: Final = 0x9286


def _coded(entry: Entry) -> bool:
    return entry.tag == _USER_COMMENT or (entry.tag in _CODED_GPS and entry.ifd == GPS)


def degrees(value: object) -> float | None:
    """Return degrees from one to three rationals (Exif 3.0, 4.6.6), ``None`` for nonsense.

    They are negative where the first of them that is not 0 is, which Exif does not have and some
    programs write.
    """
    parts = (
        value if isinstance(value, tuple) and value and isinstance(value[0], tuple) else (value,)
    )
    total, below = 0.0, False
    if len(parts) > 3:
        return None
    for part, unit in zip(parts, (1, 60, 3600), strict=False):
        if not isinstance(part, tuple) or len(part) != 2:
            return None
        top, bottom = part
        if bottom == 0:
            if top == 0 and unit == 3600:
                continue  # seconds of 0/0 are how some devices say that there are none
            return None
        amount = top / bottom
        # Some round 59.99 seconds up to 60, which is the next minute and no mistake.
        if abs(amount) > (180 if unit == 1 else 60) or (amount < 0 < total and not below):
            return None
        below = below or amount < 0
        total += abs(amount) / unit
    return -total if below else total


def toward(angle: float | None, side: str, sides: str) -> float | None:
    """Return *angle* with the sign of its hemisphere, ``None`` where both contradict.

    Args:
        angle: Degrees; negative ones name the second hemisphere already.
        side: A letter of *sides*.
        sides: ``"NS"`` or ``"EW"``.
    """
    if angle is None or (angle < 0 and side != sides[1]):
        return None
    return -abs(angle) if side == sides[1] else angle


def user_comment(raw: bytes) -> str:
    """Return the text of a UserComment, in whatever spelling it says or seems to have."""
    code, body = raw[:8], raw[8 : 8 + MOST_TEXT]
    encoding = _CODES.get(code)
    if encoding is None:
        return text_of(raw)
    if encoding == "utf-16":
        # Exif leaves the byte order open. A mark settles it; else text has more zero high
        # bytes than low bytes.
        if body[:2] in (b"\xfe\xff", b"\xff\xfe"):
            return body.decode("utf-16", "replace").strip("\x00 \ufeff")
        encoding = "utf-16-le" if body[1::2].count(0) >= body[::2].count(0) else "utf-16-be"
    return body.decode(encoding, "replace").strip("\x00 \ufeff")


def plain(entry: Entry) -> Value:
    """Return the value of *entry* as a `Finding` may carry it."""
    if entry.tag in _XP and entry.ifd != GPS:
        return entry.raw[:MOST_TEXT].decode("utf-16-le", "replace").rstrip("\x00")
    if _coded(entry):
        return user_comment(entry.raw)
    value = entry.value
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, bytes):
        return value[:256]
    return _joined(value)


def _joined(value: object) -> str:
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(part, int) for part in value):
            return f"{value[0]}/{value[1]}"
        return ", ".join(_joined(part) for part in value)
    return "not a number" if value is None else str(value)


def spellings(entry: Entry) -> tuple[bytes, ...]:
    """Return the bytes that must not be left over when *entry* goes."""
    # Numbers alone stand everywhere by chance; text and positions do not.
    if not (
        entry.type in (2, 7, 129) or (entry.ifd == GPS and len(entry.raw) >= 16) or entry.tag in _XP
    ):
        return ()
    coded = _coded(entry) and entry.raw[:8] in _CODES
    return spelling(entry.raw[8:] if coded else entry.raw)
