"""The gallery as a view: under ASGI and under WSGI, and past Django's own ideas of headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from photoprivacy.errors import MissingExtra
from photoprivacy.gallery import Gallery

_LONGEST_FORM: Final = 64 * 1024


def gallery_view(library: Any, **options: Any) -> Callable[..., Any]:
    """Return a view that shows a library's albums.

    It takes what follows the place where it is mounted: ``path("s/<path:rest>", view)``.

    Args:
        library: A `Library`: where links lead. It may be a lazy object around one.
        **options: What `Gallery` takes.
    """
    made: list[Gallery] = []

    def gallery() -> Gallery:
        if not made:
            inner: Any = library
            made.append(Gallery(inner, **options))
        return made[0]

    async def view(request: HttpRequest, rest: str) -> HttpResponseBase:
        root = request.path[: len(request.path) - len(rest)].rstrip("/")
        scope = getattr(request, "scope", None)
        if scope is not None:
            query = request.META.get("QUERY_STRING", "").encode("latin-1")
            inner = {**scope, "root_path": root, "query_string": query}
            return await _answered(gallery(), request, inner)
        return _answered_in_wsgi(gallery(), request, root, rest)

    # The gallery has forms without Django's token (its own cookie is for one path alone), and says
    # itself who may show it in a frame.
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


async def _answered(app: Any, request: HttpRequest, scope: dict[str, Any]) -> HttpResponseBase:
    messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=2)
    body = [request.read(_LONGEST_FORM)]

    async def receive() -> dict[str, Any]:
        if body:
            return {"type": "http.request", "body": body.pop(), "more_body": False}
        await asyncio.Event().wait()  # until the task is cancelled
        return {"type": "http.disconnect"}

    task = asyncio.ensure_future(_run(app(scope, receive, messages.put)))
    start, first = await _next(messages, task), await _next(messages, task)
    assert start is not None  # noqa: S101 - the gallery answers everything
    assert first is not None  # noqa: S101 - as above
    if not first.get("more_body"):
        return _response(first.get("body", b""), start["status"], start["headers"])

    async def pieces() -> AsyncIterator[bytes]:
        try:
            yield first["body"]
            while (message := await _next(messages, task)) is not None:
                yield message.get("body", b"")
                if not message.get("more_body"):
                    return
        finally:
            task.cancel()

    response: Any = _response(pieces(), start["status"], start["headers"])
    # Also where nobody ever asks for the first piece.
    response._resource_closers.append(task.cancel)
    return response  # type: ignore[no-any-return]


async def _run(work: Awaitable[None]) -> None:
    await work


async def _next(messages: Any, task: asyncio.Future[None]) -> dict[str, Any] | None:
    """Return the next message, or ``None`` if there comes none any more."""
    asked = asyncio.ensure_future(messages.get())
    await asyncio.wait({asked, task}, return_when=asyncio.FIRST_COMPLETED)
    if not asked.done() and not messages.empty():
        await asked
    if asked.done():
        found: dict[str, Any] = asked.result()
        return found
    asked.cancel()
    task.result()  # what went wrong, if anything did
    return None


def _answered_in_wsgi(app: Any, request: Any, root: str, rest: str) -> HttpResponseBase:
    try:
        from a2wsgi import ASGIMiddleware
    except ModuleNotFoundError:
        raise MissingExtra("django") from None
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        started[:] = [int(status.split(maxsplit=1)[0]), headers]

    environ = {**request.environ, "SCRIPT_NAME": root, "PATH_INFO": f"/{rest}"}
    pieces: Iterator[bytes] = iter(ASGIMiddleware(app)(environ, start))  # type: ignore[arg-type]
    first = next(pieces, b"")  # by now it has been said what comes
    status, headers = started
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    lengths = {int(value) for name, value in headers if name.lower() == "content-length"}
    if not first or lengths == {len(first)}:
        any(pieces)  # let it end
        return _response(first, status, raw)

    def all_of_it() -> Iterator[bytes]:
        yield first
        yield from pieces

    return _response(all_of_it(), status, raw)


def _response(body: Any, status: int, headers: list[tuple[bytes, bytes]]) -> HttpResponseBase:
    kind = HttpResponse if isinstance(body, bytes) else StreamingHttpResponse
    response: Any = kind(body, status=status)
    del response["Content-Type"]  # its own says what it is, or that there is none
    for name, value in headers:
        if name.lower() == b"set-cookie":
            response.cookies.load(value.decode("latin-1"))  # where Django's middleware looks
        else:
            response[name.decode("latin-1")] = value.decode("latin-1")
    response.xframe_options_exempt = True
    return response  # type: ignore[no-any-return]


__all__ = ["gallery_view"]
