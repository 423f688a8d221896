"""How a clean JPEG XL is put together: the codestream copied, its boxes written anew."""

from __future__ import annotations

from typing import Final

from photoprivacy._plan._bmff_properties import boxed
from photoprivacy._plan._model import Copy, Fresh, Piece, Plan, Residue, Rule, Wanted, merged
from photoprivacy.containers._jxl import CODESTREAM, SIGNATURE, JxlContainer
from photoprivacy.containers._model import Container, Role
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Unknown

#: What may stay in a JPEG XL. Everything else goes. Clauses of ISO/IEC 18181-2.
KEEP: Final[dict[str, Rule]] = {
    "JXL ": Rule(category=None, reason="signature (9.1)"),
    "ftyp": Rule(category=None, reason="brand (9.2); the same for all"),
    "jxll": Rule(category=None, reason="what a decoder must be able to do (9.5)"),
    "jxlc": Rule(category=None, reason="codestream (9.8); parts are joined"),
}
_USUAL_LEVEL: Final = 5
#: Frames say their length piece by piece, coded (18181-1, F.3): only a decoder finds the end.
_TAIL: Final = Residue(what="bytes behind the codestream, which cannot be told from it", size=0)
_NO_JPEG: Final = Residue(what="the JPEG it was made of cannot be rebuilt any more", size=0)


def plan_jxl(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: There is no picture in it.
        CannotStrip: It has a gain map that shall stay, or unknown boxes that are to be refused.
    """
    if not isinstance(container, JxlContainer):
        raise TypeError("a JPEG XL is planned from a JxlContainer")
    if container.damage is not None:
        raise container.damage
    if wanted.policy.unknown is Unknown.REFUSE:
        _refuse_unknown(container)
    if container.gain_map and wanted.policy.allows(Category.HDR):
        raise CannotStrip("a gain map in a JPEG XL")
    stream: list[Piece] = [Copy(part) for part in container.parts]
    if data.startswith(CODESTREAM) and not wanted.exif and not wanted.xmp:
        return Plan(pieces=merged(stream), residue=(_TAIL,))
    head = [SIGNATURE, boxed(b"ftyp", b"jxl " + bytes(4) + b"jxl ")]
    if container.level != _USUAL_LEVEL:
        head.append(boxed(b"jxll", bytes((container.level,))))
    if wanted.exif:
        # 9.7.2: four bytes say how far the TIFF header is from behind them.
        head.append(boxed(b"Exif", bytes(4), wanted.exif))
    if wanted.xmp:
        head.append(boxed(b"xml ", wanted.xmp))
    size = sum(map(len, container.parts)) + 8
    if size > 0xFFFFFFFF:
        raise CannotStrip("a picture of more than 4 GiB")
    head.append(size.to_bytes(4, "big") + b"jxlc")
    residue = (_TAIL, _NO_JPEG) if container.rebuilds_jpeg else (_TAIL,)
    return Plan(pieces=merged([Fresh(b"".join(head)), *stream]), residue=residue)


def _refuse_unknown(container: JxlContainer) -> None:
    for segment in container.segments:
        if segment.role in (Role.UNKNOWN, Role.STRAY, Role.TRAILER):
            where = segment.span.start
            raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")
