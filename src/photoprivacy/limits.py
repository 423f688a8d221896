"""Budgets for reading hostile files: one frozen value, passed in, never global."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True, repr=False)
class Limits:
    """How much work one file may cause.

    Exceeding a limit raises `LimitExceeded` where the walk cannot go on safely,
    and becomes a problem of the report where it can.

    Attributes:
        max_bytes: Largest file that is read into memory, in bytes.
        max_segments: Segments, chunks or boxes of one file.
        max_depth: Nesting of boxes, IFDs and XML elements.
        max_inflated: Bytes that one compressed text or profile may inflate to.
        max_block: Bytes of one metadata block (an Exif block, an XMP packet) that are read.
        max_ifd_entries: Entries over all IFDs of one Exif block.
        max_items: Items of one HEIF or AVIF file.
        max_extents: Extents of one item.
        max_findings: Findings kept for one file.
        max_scans: Scans of one JPEG. Encoders write up to twenty; a decoder goes over the whole
            picture for each.
        max_pixels: Pixels of one picture that a rendition may decode, or a PNG or all pages of a
            TIFF together may inflate to.
    """

    max_bytes: int = 512 * 1024 * 1024
    max_segments: int = 200_000
    max_depth: int = 20
    max_inflated: int = 16 * 1024 * 1024
    max_block: int = 32 * 1024 * 1024
    max_ifd_entries: int = 20_000
    max_items: int = 4_000
    max_extents: int = 64
    max_findings: int = 10_000
    max_scans: int = 100
    max_pixels: int = 200_000_000

    def __repr__(self) -> str:
        """Return what differs from the defaults; signatures that show it stay readable."""
        usual = {field.name: field.default for field in attrs.fields(Limits)}
        given = {name: getattr(self, name) for name in usual if getattr(self, name) != usual[name]}
        return f"Limits({', '.join(f'{name}={value}' for name, value in given.items())})"
