"""Flask: uploads that are clean before a view sees them, and the gallery under a prefix."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from photoprivacy.errors import MissingExtra, PhotoPrivacyError
from photoprivacy.integrations._refusal import PROBLEM, Refusal, missing, refusal_of, too_large
from photoprivacy.integrations._upload import FRAME, CleanUpload, cleaned
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy

try:
    from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
    from werkzeug.wrappers import Response
except ModuleNotFoundError:
    raise MissingExtra("flask") from None

if TYPE_CHECKING:
    from flask import Flask

    from photoprivacy.library import Library


class UploadRefused(HTTPException):
    """An upload that is not taken; Flask answers with problem details (RFC 9457).

    Attributes:
        refusal: Why.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.code: int | None = refusal.status
        self.refusal = refusal

    def get_response(self, *_args: Any, **_kwargs: Any) -> Any:
        """Return the answer."""
        return Response(json.dumps(self.refusal.to_dict()), self.refusal.status, mimetype=PROBLEM)


def clean_file(
    upload: Any, policy: Policy = Policy.SHARE, *, limits: Limits = Limits()
) -> CleanUpload:
    """Return the clean copy of an uploaded file, as ``request.files["photo"]`` gives it.

    Raises:
        UploadRefused: 413 for a file over ``limits.max_bytes``, 507 for a full disk, 422 for what
            is no file, or cannot be read or cleaned. The detail names structure, never content.
    """
    if upload is None:
        raise UploadRefused(missing("photo"))
    try:
        return cleaned(upload.stream, upload.filename, policy, limits)
    except (PhotoPrivacyError, OSError) as error:
        raise UploadRefused(refusal_of(error)) from None


class PhotoPrivacy:
    """The extension: refuses bodies that are too large early, and mounts a gallery.

    Args:
        app: The app, or ``None`` to call `init_app` later.
        limits: Their ``max_bytes`` is the most that a photo may have, unless the app says
            ``MAX_CONTENT_LENGTH`` itself.
        library: Whose gallery to mount, if any.
        prefix: Where to mount it; a link is then ``{prefix}/{token}/``.

    Raises:
        MissingExtra: The gallery's own extra is not installed, or a2wsgi is not.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        limits: Limits = Limits(),
        library: Library | None = None,
        prefix: str = "/s",
    ) -> None:
        self._limits = limits
        self._library = library
        self._prefix = prefix
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Set *app* up."""
        if app.config.get("MAX_CONTENT_LENGTH") is None:
            app.config["MAX_CONTENT_LENGTH"] = self._limits.max_bytes + FRAME
        app.register_error_handler(RequestEntityTooLarge, self._too_large)
        app.extensions["photoprivacy"] = self
        if self._library is not None:
            self._mount(app, self._library)

    def _too_large(self, _error: HTTPException) -> Any:
        return UploadRefused(too_large(self._limits.max_bytes)).get_response()

    def _mount(self, app: Any, library: Library) -> None:
        from werkzeug.middleware.dispatcher import DispatcherMiddleware

        from photoprivacy.gallery import Gallery

        try:
            from a2wsgi import ASGIMiddleware
        except ModuleNotFoundError:
            raise MissingExtra("flask") from None
        gallery: Any = Gallery(library)
        mounted: Any = ASGIMiddleware(gallery)
        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {self._prefix: mounted})


__all__ = ["CleanUpload", "PhotoPrivacy", "UploadRefused", "clean_file"]
