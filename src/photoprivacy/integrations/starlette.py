"""Starlette, and what FastAPI shares with it: uploads that are clean before a handler sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from photoprivacy.errors import MissingExtra, PhotoPrivacyError
from photoprivacy.integrations._body import LimitBody, UploadRefused
from photoprivacy.integrations._refusal import PROBLEM, missing, refusal_of
from photoprivacy.integrations._upload import CleanUpload, cleaned
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy

try:
    import python_multipart  # noqa: F401 - what Starlette reads forms with, when it comes to it
    from starlette.concurrency import run_in_threadpool
    from starlette.datastructures import UploadFile
    from starlette.responses import JSONResponse
except ModuleNotFoundError:
    raise MissingExtra("fastapi") from None

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request

    from photoprivacy.library import Library


async def clean_file(
    upload: Any, policy: Policy = Policy.SHARE, *, limits: Limits = Limits()
) -> CleanUpload:
    """Return the clean copy of an ``UploadFile``, as ``(await request.form())["photo"]`` is one.

    The work is done in a thread, so that the event loop goes on.

    Raises:
        UploadRefused: 413 for a file over ``limits.max_bytes``, 507 for a full disk, 422 for what
            is no file, or cannot be read or cleaned. The detail names structure, never content.
    """
    if not isinstance(upload, UploadFile):
        raise UploadRefused(missing("photo"))
    try:
        return await run_in_threadpool(cleaned, upload.file, upload.filename, policy, limits)
    except (PhotoPrivacyError, OSError) as error:
        raise UploadRefused(refusal_of(error)) from None


def install(
    app: Starlette,
    *,
    limits: Limits = Limits(),
    library: Library | None = None,
    prefix: str = "/s",
) -> None:
    """Make *app* refuse uploads with problem details, and bodies that are too large early.

    Args:
        app: A Starlette or FastAPI app.
        limits: Their ``max_bytes`` is the most that a photo may have.
        library: Whose gallery to mount, if any.
        prefix: Where to mount it; a link is then ``{prefix}/{token}/``.
    """
    app.add_exception_handler(UploadRefused, _problem)
    app.add_middleware(LimitBody, max_bytes=limits.max_bytes)
    if library is not None:
        from photoprivacy.gallery import Gallery

        app.mount(prefix, Gallery(library))


async def _problem(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, UploadRefused)  # noqa: S101 - it is registered for nothing else
    return JSONResponse(error.refusal.to_dict(), error.refusal.status, media_type=PROBLEM)


__all__ = ["CleanUpload", "LimitBody", "UploadRefused", "clean_file", "install"]
