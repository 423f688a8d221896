"""Flask: uploads that are clean before a view sees them."""

from __future__ import annotations

from typing import Any

from photoprivacy._strip import strip
from photoprivacy.errors import MissingExtra, PhotoPrivacyError
from photoprivacy.integrations._upload import CleanUpload, status_of
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


def clean_file(
    upload: Any, policy: Policy = Policy.SHARE, *, limits: Limits = Limits()
) -> CleanUpload:
    """Return the clean copy of an uploaded file, as ``request.files["photo"]`` gives it.

    Raises:
        werkzeug.exceptions.RequestEntityTooLarge: More than ``limits.max_bytes``.
        werkzeug.exceptions.UnprocessableEntity: It cannot be read or cleaned. The
            description names structure, never content.
        MissingExtra: Flask is not installed.
    """
    try:
        from werkzeug.exceptions import RequestEntityTooLarge, UnprocessableEntity
    except ModuleNotFoundError:
        raise MissingExtra("flask") from None

    try:
        cleaned = strip(upload.read(limits.max_bytes + 1), policy, limits=limits)
    except PhotoPrivacyError as error:
        refusal = RequestEntityTooLarge if status_of(error) == 413 else UnprocessableEntity
        raise refusal(str(error)) from None
    return CleanUpload(data=cleaned.data, format=cleaned.format, filename=upload.filename or "")


__all__ = ["CleanUpload", "clean_file"]
