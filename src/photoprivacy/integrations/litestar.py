"""Litestar: uploads that are clean before a handler sees them."""

from __future__ import annotations

import asyncio
from typing import Any

from photoprivacy._strip import strip
from photoprivacy.errors import MissingExtra, PhotoPrivacyError
from photoprivacy.integrations._upload import CleanUpload, status_of
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


async def clean_upload(
    upload: Any, policy: Policy = Policy.SHARE, *, limits: Limits = Limits()
) -> CleanUpload:
    """Return the clean copy of a Litestar ``UploadFile``, which is read and closed.

    The work runs in a thread, so that the event loop goes on.

    Raises:
        HTTPException: 413 for a file over ``limits.max_bytes``, 422 for one that cannot be
            read or cleaned. The detail names structure, never content.
        MissingExtra: Litestar is not installed.
    """
    try:
        from litestar.exceptions import HTTPException
    except ModuleNotFoundError:
        raise MissingExtra("litestar") from None

    data = await upload.read(limits.max_bytes + 1)
    await upload.close()  # Litestar leaves that to whoever reads; nobody needs the old file
    try:
        cleaned = await asyncio.to_thread(strip, data, policy, limits=limits)
    except PhotoPrivacyError as error:
        raise HTTPException(detail=str(error), status_code=status_of(error)) from None
    return CleanUpload(data=cleaned.data, format=cleaned.format, filename=upload.filename or "")


__all__ = ["CleanUpload", "clean_upload"]
