"""FastAPI and Starlette: uploads that are clean before a handler sees them."""

from __future__ import annotations

from typing import Any

from photoprivacy._strip import strip
from photoprivacy.errors import MissingExtra, PhotoPrivacyError
from photoprivacy.integrations._upload import CleanUpload, status_of
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


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
    except PhotoPrivacyError as error:
        raise HTTPException(status_of(error), str(error)) from None
    return CleanUpload(data=cleaned.data, format=cleaned.format, filename=upload.filename or "")


__all__ = ["CleanUpload", "clean_upload"]
