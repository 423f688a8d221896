"""The deployment of the docs: a real nginx with that very configuration, on loopback."""

from __future__ import annotations

import contextlib
import json
import logging.config
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
import httpx
import pytest

from gallery.conftest import Shown, slot
from gallery.test_app import Tags
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._serve import serve

PAGE = (Path(__file__).parents[2] / "docs" / "gallery.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def tool(name: str) -> str:
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        pytest.skip(f"needs {name}")
    return path


@attrs.frozen(kw_only=True)
class Deployed:
    base: str
    log: Path
    errors: Path

    def logged(self) -> str:
        time.sleep(0.2)
        return self.log.read_text() + self.errors.read_text()


@pytest.fixture
def deployed(shown: Shown, tmp_path: Path) -> Iterator[Deployed]:
    nginx, openssl = tool("nginx"), tool("openssl")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=photos.example.org",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serve(Gallery(shown.library, trusted_proxies=["127.0.0.1"])) as behind:
        text = block("nginx")
        for said, here in (
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("/etc/ssl/photos.pem", f"{tmp_path}/cert.pem"),
            ("/etc/ssl/photos.key", f"{tmp_path}/key.pem"),
            ("/var/log/nginx/photos.log", f"{tmp_path}/access.log"),
            ("/var/log/nginx/photos.error.log", f"{tmp_path}/error.log"),
            ("http://127.0.0.1:8000/", f"{behind}/"),
        ):
            assert text.count(said) == 1, said
            text = text.replace(said, here)
        spools = "".join(
            f"{kind}_temp_path {tmp_path}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        config = tmp_path / "nginx.conf"
        config.write_text(
            f"daemon off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/own.log;\n"
            f"{'user root;' if os.geteuid() == 0 else ''}\n"
            f"events {{}}\nhttp {{\n{spools}{text}\n}}\n"
        )
        started = [nginx, "-p", str(tmp_path), "-c", str(config)]
        process = subprocess.Popen(started, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(100):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.05)
        yield Deployed(
            base=f"https://127.0.0.1:{port}/s",
            log=tmp_path / "access.log",
            errors=tmp_path / "error.log",
        )
        process.terminate()
        process.communicate()


def browser() -> httpx.Client:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return httpx.Client(verify=trusting, follow_redirects=True, timeout=30)


def test_an_album_works_behind_nginx_and_leaves_no_token_in_its_logs(
    shown: Shown, deployed: Deployed
) -> None:
    link = shown.link()
    token = link.strip("/")
    with browser() as asking:
        answer = asking.get(deployed.base + link)
        assert answer.status_code == 200
        assert "Spring" in answer.text
        assert str(answer.url) == deployed.base + slot(link)
        kept = [one for one in asking.cookies.jar if one.name == "photoprivacy"]
        assert [(one.path, one.secure) for one in kept] == [(f"/s{slot(link).rstrip('/')}", True)]
        tags = Tags(answer.text)
        addresses = {one for one in tags.values("src", "href") if not one.startswith("#")}
        assert len(addresses) > 8
        for address in addresses:
            assert asking.get(answer.url.join(address)).status_code == 200
        whole = asking.get(answer.url.join("album.zip"))
        assert whole.headers["content-length"] == str(len(whole.content))
        given = {"Range": "bytes=1000-", "If-Range": whole.headers["etag"]}
        part = asking.get(answer.url.join("album.zip"), headers=given)
        assert (part.status_code, part.content) == (206, whole.content[1000:])
        assert asking.get(f"{deployed.base}/{'A' * 86}/").status_code == 404
        assert asking.get(f"{deployed.base}/{token}/plain?{token}").status_code == 200
        assert asking.get(f"{deployed.base}/%41%51{token[2:]}/x").status_code == 404
    logged = deployed.logged()
    assert logged.count("/s/[link]/") >= 4
    assert f"{slot(link)}[link]" in logged
    assert token not in logged
    assert token[2:] not in logged
    assert "album.zip" in logged


def test_a_password_is_typed_once_behind_nginx(shown: Shown, deployed: Deployed) -> None:
    link = shown.link(password="open sesame")
    with browser() as asking:
        form = asking.get(deployed.base + link)
        assert 'type="password"' in form.text
        wrong = asking.post(form.url, data={"password": "x"})
        assert wrong.status_code == 403
        answer = asking.post(form.url, data={"password": "open sesame"})
        assert "Spring" in answer.text
        assert all(cookie.secure for cookie in asking.cookies.jar)
    assert "sesame" not in deployed.logged()


def test_a_revoked_link_breaks_an_archive_off_behind_nginx_too(
    shown: Shown, deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = shown.library.share(shown.album_id)
    real, calls = type(shown.library._gate).still, []

    def still(gate: object, *given: object) -> object:
        calls.append(1)
        if len(calls) == 14:
            shown.library.revoke(share.id)
        return real(gate, *given)  # type: ignore[arg-type]

    with browser() as asking:
        url = f"{deployed.base}/{share.token}/album.zip"
        asking.head(url)  # what it is made of is known now
        monkeypatch.setattr(type(shown.library._gate), "still", still)
        calls.extend([1] * 10)
        with pytest.raises(httpx.RemoteProtocolError):
            asking.get(url)
    assert len(calls) >= 14


def test_the_logging_of_the_docs_is_one(caplog: pytest.LogCaptureFixture) -> None:
    logging.config.dictConfig(json.loads(block("json")) | {"disable_existing_loggers": False})
    for name in ("uvicorn.access", "uvicorn.error"):
        (handler,) = logging.getLogger(name).handlers
        assert [type(one).__name__ for one in handler.filters] == ["RedactTokens"]
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).propagate = True
