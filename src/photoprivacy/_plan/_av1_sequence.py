"""How long an AV1 sequence header is (AV1, 5.5): what stands behind its last number is no part."""

from __future__ import annotations


class _Bits:
    """Reads bits from the front, the highest first (4.10.2); zeros behind the last one."""

    def __init__(self, body: bytes) -> None:
        self._value = int.from_bytes(body, "big")
        self._size = 8 * len(body)
        self.at = 0

    def __call__(self, count: int = 1) -> int:
        self.at += count
        shift = self._size - self.at
        value = self._value >> shift if shift >= 0 else self._value << -shift
        return value & ((1 << count) - 1)

    def skip(self, count: int) -> None:
        self.at += count

    def uvlc(self) -> None:
        """4.10.3: as many bits as there are zeros in front of a one."""
        zeros = 0
        while self.at < self._size and not self():
            zeros += 1
        self.skip(zeros if zeros < 32 else 0)


def sequence_header_bits(body: bytes) -> int:
    """Return how many bits the numbers of a sequence header have; -1 where they do not fit."""
    bits = _Bits(body)
    profile = bits(3)
    bits.skip(1)
    reduced = bits()
    if reduced:
        bits.skip(5)
    else:
        _operating_points(bits)
    width, height = bits(4) + 1, bits(4) + 1
    bits.skip(width + height)
    if not reduced and bits():
        bits.skip(7)  # 5.5.1: lengths of numbers of frames
    bits.skip(3)
    if not reduced:
        _tools(bits)
    bits.skip(3)
    _colours(bits, profile)
    bits.skip(1)
    return bits.at if bits.at < 8 * len(body) else -1


def _operating_points(bits: _Bits) -> None:
    """5.5.1 to 5.5.4: timing, and for each operating point what decoders must be able to do."""
    model = delay = 0
    if bits():
        bits.skip(64)
        if bits():
            bits.uvlc()
        model = bits()
        if model:
            delay = bits(5) + 1
            bits.skip(42)
    initial = bits()
    for _ in range(bits(5) + 1):
        bits.skip(12)
        if bits(5) > 7:
            bits.skip(1)
        if model and bits():
            bits.skip(2 * delay + 1)
        if initial and bits():
            bits.skip(4)


def _tools(bits: _Bits) -> None:
    """5.5.1: which tools of prediction between frames are in use."""
    bits.skip(4)
    order = bits()
    if order:
        bits.skip(2)
    # Two is "each frame says it", in both.
    screen = 2 if bits() else bits()
    if screen and not bits():
        bits.skip(1)
    if order:
        bits.skip(3)


def _colours(bits: _Bits, profile: int) -> None:
    """5.5.2: depth, planes, code points, and where the colours are."""
    high = bits()
    twelve = bits() if profile == 2 and high else 0
    grey = 0 if profile == 1 else bits()
    described = (bits(8), bits(8), bits(8)) if bits() else (2, 2, 2)
    if grey:
        bits.skip(1)
        return
    if described != (1, 13, 0):
        bits.skip(1)
        halved = profile == 0
        if profile == 2 and twelve:
            halved = bool(bits() and bits())
        if halved:
            bits.skip(2)
    bits.skip(1)
