"""A client that talks to an app directly, without a server, and keeps cookies."""

from __future__ import annotations

from typing import Any

import anyio
import httpx


class Client:
    """Sends requests to *app* one by one and keeps the cookies it gets."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._cookies = httpx.Cookies()

    def request(
        self, method: str, path: str, *, follow: bool = False, **given: Any
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(self._app),
                base_url="http://gallery.test",
                cookies=self._cookies,
            ) as client:
                answer = await client.request(method, path, follow_redirects=follow, **given)
                self._cookies = client.cookies
                return answer

        return anyio.run(ask)

    def get(self, path: str, *, follow: bool = True, **given: Any) -> httpx.Response:
        return self.request("GET", path, follow=follow, **given)

    def head(self, path: str, *, follow: bool = True, **given: Any) -> httpx.Response:
        return self.request("HEAD", path, follow=follow, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        return self.request("POST", path, **given)
