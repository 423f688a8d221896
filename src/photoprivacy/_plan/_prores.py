"""ProRes frames (SMPTE RDD 36): what stands behind a frame in its sample is no part of it."""

from __future__ import annotations

import struct
from typing import Final

from photoprivacy.containers._model import Span
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Policy, Unknown

#: sample entries of ProRes, from proxy to 4444 XQ
PRORES: Final = frozenset({"apch", "apcn", "apcs", "apco", "ap4h", "ap4x"})
_HEADER, _MATRIX = 20, 64
_CUT: Final = "a frame of ProRes that is cut short"


def frame_of(data: bytes, sample: Span, policy: Policy) -> Span:
    """Return where the frame of a sample is.

    Raises:
        CannotStrip: It is none, or has bytes in it that are no picture; or some stand behind it,
            and the policy refuses that.
    """
    if len(sample) < 8 + _HEADER or data[sample.start + 4 : sample.start + 8] != b"icpf":
        raise CannotStrip("a sample that is no frame of ProRes")
    # 5.1: the size of all of it stands in front.
    frame = Span(
        sample.start, sample.start + int.from_bytes(data[sample.start : sample.start + 4], "big")
    )
    if not 8 + _HEADER <= len(frame) <= len(sample):
        raise CannotStrip(_CUT)
    head = frame.start + 8
    size, _, _, width, height, look = struct.unpack_from(">HHIHHB", data, head)
    flags = data[head + 19]
    # 5.1.1: two tables of numbers may stand behind; what else does is not known.
    if size != _HEADER + _MATRIX * (flags & 3).bit_count():
        raise CannotStrip("a frame of ProRes with more in front than is known")
    at = head + size
    fields = 2 if look >> 2 & 3 else 1
    for _ in range(fields):
        at = _picture(data, Span(at, frame.stop), width, -(-height // fields))
    # 5.1: stuffing, which is zeros.
    if data[at : frame.stop].strip(b"\x00"):
        raise CannotStrip("a frame of ProRes with more behind than is known")
    if frame.stop != sample.stop and policy.unknown is Unknown.REFUSE:
        raise CannotStrip("the policy refuses bytes of unknown purpose: inside the coded picture")
    return frame


def _picture(data: bytes, where: Span, width: int, height: int) -> int:
    """Return where a picture ends (5.2): a header, the size of each slice, and the slices."""
    if where.stop - where.start < 8:
        raise CannotStrip(_CUT)
    head = data[where.start] >> 3
    size = int.from_bytes(data[where.start + 1 : where.start + 5], "big")
    log2 = data[where.start + 7] >> 4 & 3
    across, down = -(-width // 16), -(-height // 16)
    # 5.3: slices of so many macroblocks, and at the end of a row ever smaller ones.
    slices = down * ((across >> log2) + (across & (1 << log2) - 1).bit_count())
    table = where.start + head
    stop = where.start + size
    if head != 8 or table + 2 * slices > min(stop, where.stop) or stop > where.stop:
        raise CannotStrip(_CUT)
    end = table + 2 * slices + sum(struct.unpack_from(f">{slices}H", data, table))
    if end > stop or data[end:stop].strip(b"\x00"):
        raise CannotStrip("a picture of ProRes whose slices do not fill it")
    return stop
