"""Two small servers on loopback that take posts: what Bluesky's and Mastodon's clients ask of them.

They hold to the lexicons of atproto (com.atproto.server.createSession, com.atproto.repo.uploadBlob,
com.atproto.repo.createRecord) and to Mastodon's documented API, as far as a post with a picture
needs it, and keep what arrived.
"""

from __future__ import annotations

import base64
import contextlib
import email
import email.policy
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import attrs

NAME, PASSWORD, TOKEN = "ada.test", "app-pass-word-here", "a-token-of-mastodon"
_DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
_CID = "bafkreibjfgx2gprinfvicegelk5kosd6y2frmqpqzwqkg7usac74l3t2v4"
_TIME = "2026-07-04T10:00:00.000Z"


@attrs.define
class Arrived:
    """What a server got.

    Attributes:
        pictures: Bytes of each upload, and the media type that its sender, or for Bluesky the
            server by looking at it, says.
        descriptions: Mastodon's descriptions of media, in order of arrival.
        records: Records of Bluesky, statuses of Mastodon.
    """

    url: str
    pictures: list[tuple[bytes, str]] = attrs.field(factory=list)
    descriptions: list[str] = attrs.field(factory=list)
    records: list[dict[str, object]] = attrs.field(factory=list)


class _Refused(Exception):
    """The request is not one that the service would take."""


def _sniffed(data: bytes) -> str:
    for start, media_type in ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG", "image/png")):
        if data.startswith(start):
            return media_type
    return "application/octet-stream"


def _jwt() -> str:
    def part(values: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()

    expires = int(time.time()) + 3600
    return f"{part({'alg': 'HS256'})}.{part({'sub': _DID, 'exp': expires})}.c2lnbmVk"


class _Handler(BaseHTTPRequestHandler):
    arrived: ClassVar[Arrived]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, body: bytes) -> None:
        try:
            status, said = 200, self.reply(urlsplit(self.path).path, body)
        except _Refused as error:
            status, said = 400, {"error": "InvalidRequest", "message": str(error)}
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def known(self, bearer: str | None) -> None:
        """Raise unless the caller shows what it was given."""
        said = self.headers.get("Authorization", "")
        if not said.startswith("Bearer ") or (bearer is not None and said != f"Bearer {bearer}"):
            raise _Refused("who are you?")

    def reply(self, path: str, body: bytes) -> dict[str, object]:
        """Return the answer to a request."""
        raise NotImplementedError


class _Bluesky(_Handler):
    def reply(self, path: str, body: bytes) -> dict[str, object]:
        match path.removeprefix("/xrpc/"):
            case "com.atproto.server.createSession":
                if json.loads(body) != {"identifier": NAME, "password": PASSWORD}:
                    raise _Refused("wrong name or password")
                return {"did": _DID, "handle": NAME, "accessJwt": _jwt(), "refreshJwt": _jwt()}
            case "app.bsky.actor.getProfile":
                return {"did": _DID, "handle": NAME}
            case "com.atproto.repo.uploadBlob":
                self.known(None)
                media_type = _sniffed(body)
                self.arrived.pictures.append((body, media_type))
                blob = {"$type": "blob", "ref": {"$link": _CID}, "mimeType": media_type}
                return {"blob": blob | {"size": len(body)}}
            case "com.atproto.repo.createRecord":
                self.known(None)
                self.arrived.records.append(json.loads(body))
                return {"uri": f"at://{_DID}/app.bsky.feed.post/3l6oveex3ii2l", "cid": _CID}
            case _:
                raise _Refused(f"no such method: {path}")


class _Mastodon(_Handler):
    def reply(self, path: str, body: bytes) -> dict[str, object]:
        query = parse_qs(urlsplit(self.path).query)
        match path.rstrip("/"):
            case "/api/v1/instance" | "/api/v2/instance":
                numbers: dict[str, object] = {"mastodon": 7}
                return {"title": "Test", "version": "4.5.0", "api_versions": numbers}
            case "/api/v2/media":
                self.known(TOKEN)
                kind = self.headers["Content-Type"].encode()
                whole = b"Content-Type: " + kind + b"\r\n\r\n" + body
                message = email.message_from_bytes(whole, policy=email.policy.HTTP)
                said = query.get("description", [])
                for part in message.iter_parts():
                    payload = part.get_payload(decode=True)
                    assert isinstance(payload, bytes)
                    name = part.get_param("name", header="content-disposition")
                    if name == "file":
                        self.arrived.pictures.append((payload, part.get_content_type()))
                    elif name == "description":
                        said = [payload.decode()]
                self.arrived.descriptions += said
                return {"id": "22", "type": "image", "url": None, "description": said[0]}
            case "/api/v1/statuses":
                self.known(TOKEN)
                posted = parse_qs(body.decode())
                self.arrived.records.append({**posted})
                return {"id": "103", "created_at": _TIME, "content": posted["status"][0]}
            case _:
                raise _Refused(f"no such method: {path}")


@contextlib.contextmanager
def _serving(kind: type[_Handler]) -> Iterator[Arrived]:
    arrived = Arrived("")
    handler = type("Handler", (kind,), {"arrived": arrived})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    arrived.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield arrived
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def bluesky() -> contextlib.AbstractContextManager[Arrived]:
    """Return a personal data server for one account, while it is entered."""
    return _serving(_Bluesky)


def mastodon() -> contextlib.AbstractContextManager[Arrived]:
    """Return a server of Mastodon for one account, while it is entered."""
    return _serving(_Mastodon)
