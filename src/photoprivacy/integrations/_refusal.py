"""How a refusal is spelled in HTTP."""

from __future__ import annotations

import errno
import re
from http import HTTPStatus
from typing import Final

import attrs

from photoprivacy.errors import LimitExceeded, PhotoPrivacyError

#: The media type of a refusal (RFC 9457, 3).
PROBLEM: Final = "application/problem+json"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@attrs.frozen
class Refusal:
    """Why an upload is refused, as RFC 9457 spells it.

    Attributes:
        status: The HTTP status.
        code: The reason for programs, for example ``"unsupported-format"``.
        detail: The reason for people; it names structure, never content.
    """

    status: int
    code: str
    detail: str

    def to_dict(self) -> dict[str, str | int]:
        """Return the members of a problem details object (RFC 9457, 3.1)."""
        # 4.2.1: with this type the title is the status' own phrase.
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }


def refusal_of(error: PhotoPrivacyError | OSError) -> Refusal:
    """Return what to answer to *error*.

    413 for too many bytes, 507 for a full disk (RFC 4918, 11.5), 422 for what cannot be read or
    cleaned.

    Raises:
        OSError: It is *error*, and has nothing to do with the upload.
    """
    if isinstance(error, PhotoPrivacyError):
        if isinstance(error, LimitExceeded) and error.limit == "max_bytes":
            return too_large(error.value)
        code = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
        return Refusal(422, code, str(error))
    if error.errno in _FULL:
        return Refusal(507, "no-room", "there is no room for the photo")
    raise error


def too_large(most: int) -> Refusal:
    """Return the refusal of more than *most* bytes."""
    return Refusal(413, "too-large", f"a photo may have {most:,} bytes")


def unreadable() -> Refusal:
    """Return the refusal of a form that breaks its own rules."""
    return Refusal(400, "no-form", "the form cannot be read")


def missing(field: str) -> Refusal:
    """Return the refusal of a form that has no file in *field*."""
    return Refusal(422, "no-file", f"the form has no file named {field!r}")
