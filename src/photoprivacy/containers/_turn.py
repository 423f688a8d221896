"""Which side of a picture is up, as the block of Exif says it that decoders look at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from photoprivacy.containers._model import Block, BlockKind
from photoprivacy.containers._tiff_tags import WIDTHS

_ORIENTATION: Final = 274
#: types of whole numbers (TIFF 6.0, 2). Exif asks for SHORT; decoders take what is there.
_WHOLE: Final = frozenset({1, 3, 4, 6, 8, 9, 13})


def turn_of(exif: bytes) -> int:
    """Return the orientation (1 to 8) that the first IFD of *exif* states, 1 for none.

    Exif 3.0, 4.5.2: the header of TIFF and no other. Browsers look at nothing else.
    """
    order = {b"II*\x00": False, b"MM\x00*": True}.get(exif[:4])
    if order is None:
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], "big" if order else "little")

    first = number(4, 4)
    if not 8 <= first <= len(exif) - 2:
        return 1
    count = min(number(first, 2), (len(exif) - first - 2) // 12)
    for at in range(first + 2, first + 2 + 12 * count, 12):
        kind = number(at + 2, 2)
        if number(at, 2) == _ORIENTATION and kind in WIDTHS:
            value = number(at + 8, WIDTHS[kind])
            good = kind in _WHOLE and number(at + 4, 4) == 1 and 1 <= value <= 8
            return value if good else 1
    return 1


def turn_told(blocks: Iterable[Block], read: Block | None) -> int | None:
    """Return what a container says of the side that is up, ``None`` where there is no Exif at all.

    Args:
        blocks: All blocks of the picture.
        read: The one block of Exif that decoders read, ``None`` when they read none.
    """
    if not any(block.kind is BlockKind.EXIF for block in blocks):
        return None
    return turn_of(read.data) if read is not None else 1
