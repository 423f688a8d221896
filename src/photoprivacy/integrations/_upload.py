"""What every adapter hands on, and how a refusal is spelled in HTTP."""

from __future__ import annotations

import attrs

from photoprivacy.containers import Format
from photoprivacy.errors import LimitExceeded, PhotoPrivacyError


@attrs.frozen(kw_only=True)
class CleanUpload:
    """An uploaded photo that was cleaned.

    Attributes:
        data: The clean file.
        format: What it is.
        filename: The name the client gave; it may tell something itself.
    """

    data: bytes = attrs.field(repr=False)
    format: Format
    filename: str = attrs.field(repr=False)


def status_of(error: PhotoPrivacyError) -> int:
    """Return the HTTP status of a refusal: 413 for too many bytes, 422 for all else."""
    too_large = isinstance(error, LimitExceeded) and error.limit == "max_bytes"
    return 413 if too_large else 422
