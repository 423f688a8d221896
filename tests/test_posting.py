"""The recipes that post a photo do: what arrives is clean, fits, and is described."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import posting
from photoprivacy import Format, inspect
from photoprivacy.destinations import ACCEPTS, Destination, prepare
from photoprivacy.testing import assert_clean, sample_photo

COOKBOOK = Path(__file__).parent.parent / "docs" / "cookbook.md"
ENVIRONMENT = {
    "BLUESKY_NAME": posting.NAME,
    "BLUESKY_APP_PASSWORD": posting.PASSWORD,
    "MASTODON_TOKEN": posting.TOKEN,
}


def recipe(client: str) -> str:
    """Return the one block of the cookbook that imports *client*."""
    blocks = re.findall(r"^```python\n(.*?)^```", COOKBOOK.read_text(), re.DOTALL | re.MULTILINE)
    (found,) = (block for block in blocks if f"from {client} import" in block)
    return str(found)


def post(
    client: str, server: Callable[[], contextlib.AbstractContextManager[posting.Arrived]]
) -> posting.Arrived:
    """Run the recipe that uses *client* as it stands in the page, and return what arrived."""
    pytest.importorskip(client)
    with server() as arrived, pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setenv("BLUESKY_SERVER", arrived.url)
        patch.setenv("MASTODON_SERVER", arrived.url)
        patch.setenv("NO_PROXY", "*")
        exec(compile(recipe(client), client, "exec"), ModuleType("example").__dict__)
    return arrived


def looked_at(arrived: posting.Arrived, destination: Destination, folder: Path) -> None:
    """Fail unless the one picture that arrived is the clean one, and is small enough."""
    [(data, media_type)] = arrived.pictures
    wants = ACCEPTS[destination]
    assert media_type == Format.JPEG.media_type
    assert inspect(data).format in wants.formats
    assert wants.most_bytes is not None
    assert len(data) <= wants.most_bytes
    assert data == prepare(sample_photo(), destination).data
    assert_clean(data)
    if shutil.which("exiftool") is None:
        return
    (folder / "arrived.jpg").write_bytes(data)
    command = ["exiftool", "-j", "-G0", "-a", "-u", "-ee3", str(folder / "arrived.jpg")]
    (told,) = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    groups = {name.split(":")[0] for name in told if ":" in name}
    assert groups <= {"ExifTool", "File", "JFIF", "Composite", "ICC_Profile"}, groups


@pytest.mark.filterwarnings(
    # atproto hands bytes to httpx as its `data`, which httpx takes and would rather not.
    "ignore:Use 'content=:DeprecationWarning"
)
def test_a_photo_posted_with_atproto_arrives_clean_and_described(tmp_path: Path) -> None:
    arrived = post("atproto", posting.bluesky)

    looked_at(arrived, Destination.BLUESKY, tmp_path)
    [record] = arrived.records
    assert record["collection"] == "app.bsky.feed.post"
    said: Any = record["record"]
    assert said["text"] == "On the way home"
    [image] = said["embed"]["images"]
    assert image["alt"] == "A tram in the rain"
    assert image["aspectRatio"] == {"width": 320, "height": 240} | {
        name: value for name, value in image["aspectRatio"].items() if name == "$type"
    }
    assert image["image"]["mimeType"] == "image/jpeg"
    assert image["image"]["size"] == len(arrived.pictures[0][0])


def test_a_photo_posted_with_mastodon_py_arrives_clean_and_described(tmp_path: Path) -> None:
    arrived = post("mastodon", posting.mastodon)

    looked_at(arrived, Destination.MASTODON, tmp_path)
    assert arrived.descriptions == ["A tram in the rain"]
    [status] = arrived.records
    assert (status["status"], status["media_ids[]"]) == (["On the way home"], ["22"])


def test_a_server_of_these_tests_takes_nothing_from_strangers() -> None:
    httpx = pytest.importorskip("httpx")
    with posting.bluesky() as bluesky, posting.mastodon() as mastodon:
        for url in (
            f"{bluesky.url}/xrpc/com.atproto.repo.uploadBlob",
            f"{mastodon.url}/api/v1/statuses",
        ):
            assert httpx.post(url, content=b"x", trust_env=False).status_code == 400
    assert not bluesky.pictures
    assert not mastodon.records
