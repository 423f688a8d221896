"""Bodies that are too large, stopped while they come in; for any ASGI app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photoprivacy.errors import MissingExtra
from photoprivacy.integrations._refusal import PROBLEM, Refusal, too_large
from photoprivacy.integrations._upload import FRAME
from photoprivacy.limits import Limits

try:
    from starlette.exceptions import HTTPException
    from starlette.responses import JSONResponse
except ModuleNotFoundError:
    raise MissingExtra("fastapi") from None

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class UploadRefused(HTTPException):
    """An upload that is not taken; `install` makes a problem details object of it (RFC 9457).

    Attributes:
        refusal: Why.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.status, refusal.detail)
        self.refusal = refusal


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
            await self._refuse(too_large(self._most), scope, receive, send)
            return
        seen = 0
        begun = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most + FRAME:
                raise UploadRefused(too_large(self._most))
            return message

        async def told(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, told)
        except UploadRefused as error:
            # An app that knows nothing of this; Starlette's has answered by now.
            if begun:
                raise
            await self._refuse(error.refusal, scope, receive, send)

    async def _refuse(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        response = JSONResponse(refusal.to_dict(), refusal.status, {"Connection": "close"}, PROBLEM)
        await response(scope, receive, send)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])  # digits without end are too many in any case
    return 0


__all__ = ["LimitBody", "UploadRefused"]
