"""The second pair of eyes: nothing leaves `strip` that was not looked at from here.

Shares no parser and no table with the writer; only the types of values, and the policy.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Final

from photoprivacy._verify import _exif, _xmp
from photoprivacy._verify._model import Seen, Unclean, refuse
from photoprivacy.containers._model import Format
from photoprivacy.errors import VerificationFailed
from photoprivacy.policy import Category, Policy

_WALKERS: Final = {
    Format.JPEG: "_jpeg",
    Format.PNG: "_png",
    Format.WEBP: "_webp",
    Format.HEIC: "_bmff",
    Format.AVIF: "_bmff",
    Format.GIF: "_gif",
    Format.TIFF: "_tiff",
    Format.JXL: "_jxl",
    Format.JP2: "_jp2",
    Format.MP4: "_movie",
    Format.MOV: "_movie",
}
#: Formats in which nothing but Exif says which side is up.
_TURNED_BY_EXIF: Final = frozenset({Format.JPEG, Format.PNG, Format.WEBP})
#: A value shorter than this stands in any file by chance.
_TELLING: Final = 6


def verify(
    source: bytes,
    output: bytes,
    format: Format,  # noqa: A002 - what a reader of a file calls it
    policy: Policy,
    *,
    secrets: Iterable[bytes],
    orientation: int,
    said: Mapping[str, str] | None = None,
) -> None:
    """Return when *output* is a clean copy of *source* under *policy*.

    Args:
        source: The file that was cleaned.
        output: What the writer made of it.
        format: What both are.
        policy: What may stay.
        secrets: Spellings of removed values; none of six bytes or more may be left.
        orientation: The Exif orientation that the output must state; 1 means none.
        said: XMP property → text, what the output must say besides the word on AI training.

    Raises:
        VerificationFailed: It is not clean. The reason names structure and place, no content.
    """
    try:
        walker = importlib.import_module(f"photoprivacy._verify.{_WALKERS[format]}")
        seen: Seen = walker.check(source, output, policy)
        if _exif.check(seen.exif, policy, source) != orientation:
            refuse("an orientation other than the source's", 0)
        by_exif = format in _TURNED_BY_EXIF and policy.allows(Category.ORIENTATION)
        if by_exif and walker.turn_of(source) != orientation:
            refuse("an orientation that viewers of the source do not see", 0)
        _xmp.check(seen, policy, said or {})
        if policy.allows(Category.COLOR) and seen.profile != walker.profile_of(source):
            refuse("a colour profile other than the source's", 0)
        _nothing_left(seen.plain, secrets)
    except Unclean as reason:
        raise VerificationFailed(str(reason)) from None
    except Exception as error:  # noqa: BLE001
        # Whatever goes wrong while looking is a no, never a yes.
        msg = f"the check itself failed ({type(error).__name__})"
        raise VerificationFailed(msg) from None


def _nothing_left(plain: tuple[bytes, ...], secrets: Iterable[bytes]) -> None:
    for secret in secrets:
        if len(secret) >= _TELLING and any(secret in part for part in plain):
            refuse("a removed value", 0)


__all__ = ["verify"]
