"""FastAPI and Starlette: uploads that are clean before a handler sees them."""

from __future__ import annotations

from typing import Any

import attrs

from photoprivacy._strip import strip
from photoprivacy.containers import Format
from photoprivacy.errors import LimitExceeded, MissingExtra, PhotoPrivacyError
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


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


async def clean_upload(
    upload: Any, policy: Policy = Policy.SHARE, *, limits: Limits = Limits()
) -> CleanUpload:
    """Return the clean copy of a Starlette or FastAPI ``UploadFile``.

    The work runs in a thread, so that the event loop goes on.

    Raises:
        HTTPException: 413 for a file over ``limits.max_bytes``, 422 for one that cannot be
            read or cleaned. The detail names structure, never content.
        MissingExtra: Starlette is not installed.
    """
    try:
        from starlette.concurrency import run_in_threadpool
        from starlette.exceptions import HTTPException
    except ModuleNotFoundError:
        raise MissingExtra("fastapi") from None

    data = await upload.read(limits.max_bytes + 1)
    try:
        cleaned = await run_in_threadpool(strip, data, policy, limits=limits)
    except LimitExceeded as error:
        status = 413 if error.limit == "max_bytes" else 422
        raise HTTPException(status, str(error)) from None
    except PhotoPrivacyError as error:
        raise HTTPException(422, str(error)) from None
    return CleanUpload(data=cleaned.data, format=cleaned.format, filename=upload.filename or "")
