"""What a build made, and what is in it."""

from __future__ import annotations

import tarfile
import tomllib
import zipfile
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
VERSION = PROJECT["version"]
INFO = f"photoprivacy-{VERSION}.dist-info"
WHEN = "1767225600"  # 2026-01-01, as a release would take it from its last commit


@attrs.frozen(kw_only=True)
class Built:
    """What one build made."""

    wheel: Path
    sdist: Path


def members(archive: Path) -> dict[str, bytes]:
    """Return path → bytes of every file, without the folder at the top of a source archive."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    found = {}
    with tarfile.open(archive) as packed:
        for one in packed:
            assert one.isfile(), one.name
            top, _, path = one.name.partition("/")
            assert top == f"photoprivacy-{VERSION}"
            stream = packed.extractfile(one)
            assert stream is not None
            found[path] = stream.read()
    return found
