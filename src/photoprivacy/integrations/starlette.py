"""Starlette, and what FastAPI shares with it: uploads that are clean before a handler sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from photoprivacy.errors import MissingExtra, PhotoPrivacyError
from photoprivacy.integrations._upload import (
    FRAME,
    PROBLEM,
    CleanUpload,
    Refusal,
    cleaned,
    missing,
    refusal_of,
    too_large,
)
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy

try:
    import python_multipart  # noqa: F401 - what Starlette reads forms with, when it comes to it
    from starlette.concurrency import run_in_threadpool
    from starlette.datastructures import UploadFile
    from starlette.exceptions import HTTPException
    from starlette.responses import JSONResponse
except ModuleNotFoundError:
    raise MissingExtra("fastapi") from None

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from photoprivacy.library import Library


class UploadRefused(HTTPException):
    """An upload that is not taken; `install` makes a problem details object of it (RFC 9457).

    Attributes:
        refusal: Why.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.status, refusal.detail)
        self.refusal = refusal


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


class LimitBody:
    """ASGI middleware that stops a request whose body is too large, while it comes in.

    Frameworks put a whole body on disk before a handler may say how much it wants. One that
    announces more is not read at all; one that only turns out to be more is read no further.

    Args:
        app: What to protect.
        max_bytes: The most that a photo may have. A body may have a mebibyte more, for the frame
            of the form and its other fields.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int = Limits().max_bytes) -> None:
        self._app = app
        self._most = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on with its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._most + FRAME:
            response = JSONResponse(
                too_large(self._most).to_dict(), 413, {"Connection": "close"}, PROBLEM
            )
            await response(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most + FRAME:
                raise UploadRefused(too_large(self._most))
            return message

        await self._app(scope, counted, send)


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


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


__all__ = ["CleanUpload", "LimitBody", "UploadRefused", "clean_file", "install"]
