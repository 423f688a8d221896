"""Litestar: a dependency that gives a handler the clean copy of an upload, and a plugin."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from photoprivacy.errors import MissingExtra, PhotoPrivacyError
from photoprivacy.integrations._refusal import PROBLEM, Refusal, missing, refusal_of, unreadable
from photoprivacy.integrations._upload import CleanUpload, cleaned
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy

try:
    from litestar import Request, Response, asgi
    from litestar.datastructures import UploadFile
    from litestar.di import Provide
    from litestar.exceptions import HTTPException
    from litestar.plugins import InitPlugin
except ModuleNotFoundError:
    raise MissingExtra("litestar") from None

if TYPE_CHECKING:
    from litestar.config.app import AppConfig

    from photoprivacy.library import Library


class UploadRefused(HTTPException):
    """An upload that is not taken; `PhotoPrivacy` makes problem details of it (RFC 9457).

    Attributes:
        refusal: Why.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(detail=refusal.detail, status_code=refusal.status)
        self.refusal = refusal


async def clean_file(
    upload: Any, policy: Policy = Policy.SHARE, *, limits: Limits = Limits()
) -> CleanUpload:
    """Return the clean copy of a Litestar ``UploadFile``, which is closed.

    The work is done in a thread, so that the event loop goes on.

    Raises:
        UploadRefused: 413 for a file over ``limits.max_bytes``, 507 for a full disk, 422 for what
            is no file, or cannot be read or cleaned. The detail names structure, never content.
    """
    if not isinstance(upload, UploadFile):
        raise UploadRefused(missing("photo"))
    try:
        return await asyncio.to_thread(cleaned, upload.file, upload.filename, policy, limits)
    except (PhotoPrivacyError, OSError) as error:
        raise UploadRefused(refusal_of(error)) from None
    finally:
        await upload.close()  # Litestar leaves that to whoever reads; nobody needs the old file


def clean_upload(
    field: str = "photo", policy: Policy = Policy.SHARE, *, limits: Limits = Limits()
) -> Provide:
    """Return a dependency that is the clean copy of the file in a form's *field*.

    ``@post("/photos", dependencies={"photo": clean_upload("photo")})``, and the handler takes
    ``photo: NamedDependency[CleanUpload]``. The dependency raises what `clean_file` does.
    """

    async def dependency(request: Request[Any, Any, Any]) -> CleanUpload:
        try:
            form = await request.form()
        except (ValueError, LookupError):
            # Bytes that are no text, or in no code that there is: Litestar's parser says so thus.
            raise UploadRefused(unreadable()) from None
        upload = form.get(field)
        if not isinstance(upload, UploadFile):
            raise UploadRefused(missing(field))
        return await clean_file(upload, policy, limits=limits)

    return Provide(dependency)


class PhotoPrivacy(InitPlugin):
    """The plugin: problem details, and a gallery under a prefix.

    How large a body may be is Litestar's own ``request_max_body_size``, ten million bytes unless
    the app says more; no plugin can.

    Args:
        library: Whose gallery to mount, if any.
        prefix: Where to mount it; a link is then ``{prefix}/{token}/``.
    """

    def __init__(self, *, library: Library | None = None, prefix: str = "/s") -> None:
        self._library = library
        self._prefix = prefix

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """Set an app up."""
        app_config.exception_handlers[UploadRefused] = _problem
        app_config.exception_handlers[413] = _too_large
        if self._library is not None:
            from photoprivacy.gallery import Gallery

            mounted = asgi(self._prefix, is_mount=True, copy_scope=True)
            app_config.route_handlers.append(mounted(Gallery(self._library).__call__))
        return app_config


def _too_large(request: Any, _error: Exception) -> Response[Any]:
    return _problem(request, UploadRefused(Refusal(413, "too-large", "the form is too large")))


def _problem(_request: Any, error: UploadRefused) -> Response[Any]:
    refusal = error.refusal
    return Response(refusal.to_dict(), status_code=refusal.status, media_type=PROBLEM)


__all__ = ["CleanUpload", "PhotoPrivacy", "UploadRefused", "clean_file", "clean_upload"]
