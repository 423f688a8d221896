"""Values of Exif entries: in words, and in the spelling by which they stand in the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from photoprivacy.metadata._exif import MOST_TEXT, Entry, text_of
from photoprivacy.metadata._findings import Value
from photoprivacy.metadata._make import spelling
from photoprivacy.metadata._tags import GPS

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


def user_comment(raw: bytes, order: str) -> str:
    """Return the text of a UserComment, in whatever spelling it says or seems to have.

    Args:
        raw: Its bytes, the code in front included.
        order: Byte order of its block, ``"<"`` or ``">"``.
    """
    code, body = raw[:8], raw[8 : 8 + MOST_TEXT]
    coding = _CODES.get(code)
    if coding is None:
        return text_of(raw)
    return coding(body, order).strip("\x00 \ufeff")


def _utf_16(body: bytes, order: str) -> str:
    """Return text of two bytes a unit; Exif leaves open in which order they stand.

    A mark settles it. Else the bytes of which fewer differ are the high ones, and among equals
    those of which more are 0, as ExifTool tells them apart; where neither does, the block's
    order holds.
    """
    if body[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return body.decode("utf-16", "replace")
    whole = body[: len(body) // 2 * 2]
    little, big = ((len(set(high)), -high.count(0)) for high in (whole[1::2], whole[::2]))
    told = order if little == big else "<" if little < big else ">"
    return body.decode("utf-16-le" if told == "<" else "utf-16-be", "replace")


def _jis(body: bytes, _order: str) -> str:
    """Return text of JIS X 0208, which escapes announce; some write it as Shift JIS instead."""
    try:
        return body.rstrip(b"\x00").decode("iso2022_jp")
    except UnicodeDecodeError:
        return body.decode("shift_jis", "replace")


#: Exif 3.0, Table 9: the first 8 bytes of UserComment say how the rest is spelled.
_CODES: Final[dict[bytes, Callable[[bytes, str], str]]] = {
    b"ASCII\x00\x00\x00": lambda body, _: text_of(body),
    b"UNICODE\x00": _utf_16,
    b"JIS\x00\x00\x00\x00\x00": _jis,
    bytes(8): lambda body, _: text_of(body),
}


def plain(entry: Entry) -> Value:
    """Return the value of *entry* as a `Finding` may carry it."""
    if entry.tag in _XP and entry.ifd != GPS:
        return entry.raw[:MOST_TEXT].decode("utf-16-le", "replace").rstrip("\x00")
    if _coded(entry):
        return user_comment(entry.raw, entry.order)
    value = entry.value
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, bytes):
        return value[:256]
    return joined(value)


def joined(value: object) -> str:
    """Return numbers and fractions as a text."""
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(part, int) for part in value):
            return f"{value[0]}/{value[1]}"
        return ", ".join(joined(part) for part in value)
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
