"""How a clean QOI is put together: header and chunks copied, the end written anew."""

from __future__ import annotations

from typing import Final

from photoprivacy.containers._qoi import END

from photoprivacy._plan._model import Copy, Fresh, Plan, Rule, Wanted, merged
from photoprivacy.containers._model import Container, Role
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Unknown

#: What may stay in a QOI. Everything else goes.
KEEP: Final[dict[str, Rule]] = {
    "header": Rule(
        category=None, reason="size, channels, colour space: all that a decoder is told"
    ),
    "chunks": Rule(category=None, reason="coded pixels, up to the last one"),
    "end": Rule(category=None, reason="the marker that decoders look for; written anew"),
}


def plan_qoi(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        CannotStrip: Something is to be said in it, or unknown bytes are to be refused.
    """
    if wanted.exif or wanted.xmp:
        raise CannotStrip("QOI has no place for what the policy keeps")
    trailers = [one for one in container.segments if one.role is Role.TRAILER]
    if trailers and wanted.policy.unknown is Unknown.REFUSE:
        where = trailers[0].span.start
        raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")
    copied = [Copy(one.span) for one in container.segments if one.kind in ("header", "chunks")]
    return Plan(pieces=merged([*copied, Fresh(END)]))
