"""A plan: how the output is put together from the source, piece by piece.

Nothing is edited. A piece is copied from the source or written from scratch; what no
piece copies is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from photoprivacy._plan._exif import Entries
from photoprivacy.containers._model import Span
from photoprivacy.policy import Category, Policy


@attrs.frozen
class Copy:
    """These bytes of the source, as they are."""

    span: Span


@attrs.frozen
class Fresh:
    """Bytes written from scratch. They depend on the policy and kept values alone."""

    data: bytes = attrs.field(repr=False)


Piece = Copy | Fresh


@attrs.frozen(kw_only=True)
class Residue:
    """What an observer of the output can still tell about what was removed.

    Attributes:
        what: In words, never content: ``"length of a removed item"``.
        size: Bytes concerned.
    """

    what: str
    size: int


@attrs.frozen(kw_only=True)
class Rule:
    """One row of an allow-list.

    Attributes:
        category: The policy must allow this category; ``None`` for what every
            decoder needs and every policy keeps.
        reason: Why it may stay, with the clause of the specification.
    """

    category: Category | None
    reason: str

    def holds(self, policy: Policy) -> bool:
        """Return whether *policy* keeps what this row stands for."""
        return self.category is None or policy.allows(self.category)


@attrs.frozen(kw_only=True)
class Wanted:
    """What the output shall carry besides the picture; the same for every format.

    Attributes:
        policy: What may stay.
        exif: A fresh Exif block from its TIFF header on, or ``b""`` for none.
        entries: What that block holds, for a format that takes tags into its own directories.
        xmp: A fresh XMP packet, or ``b""`` for none.
        said: XMP property → text, what *xmp* says besides the word on AI training.
    """

    policy: Policy
    exif: bytes = attrs.field(default=b"", repr=False)
    entries: Entries = attrs.field(factory=dict, repr=False)
    xmp: bytes = attrs.field(default=b"", repr=False)
    said: Mapping[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class Plan:
    """The output, piece by piece.

    Attributes:
        pieces: In output order.
        residue: What the output still tells about what was removed.
    """

    pieces: tuple[Piece, ...]
    residue: tuple[Residue, ...] = ()

    def parts(self, data: bytes) -> Iterator[bytes | memoryview]:
        """Yield the output that this plan makes of the source *data*, without a copy."""
        view = memoryview(data)
        for piece in self.pieces:
            if isinstance(piece, Copy):
                yield view[piece.span.start : piece.span.stop]
            else:
                yield piece.data

    def carry_out(self, data: bytes) -> bytes:
        """Return the output that this plan makes of the source *data*."""
        return b"".join(self.parts(data))


def size_of(piece: Piece) -> int:
    """Return how many bytes of the output *piece* is."""
    return len(piece.span) if isinstance(piece, Copy) else len(piece.data)


def merged(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Return *pieces* with adjacent copies joined and empty ones left out."""
    out: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Copy):
            if not len(piece.span):
                continue
            last = out[-1] if out else None
            if isinstance(last, Copy) and last.span.stop == piece.span.start:
                out[-1] = Copy(Span(last.span.start, piece.span.stop))
                continue
        out.append(piece)
    return tuple(out)
