"""The bill of materials in the wheel: well formed, complete, and of one mind with NOTICE."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import pytest

from release.archives import INFO, PROJECT, ROOT, VERSION, WHEN, Built, members

pytestmark = pytest.mark.release


@pytest.fixture(scope="module")
def bill(built: Built) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(members(built.wheel)[f"{INFO}/sboms/photoprivacy.cdx.json"])
    return made


def how(component: dict[str, Any]) -> str:
    (one,) = [p["value"] for p in component["properties"] if p["name"] == "photoprivacy:how"]
    return str(one)


def bundled(bill: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in bill["components"] if how(one) == "bundled"}


def licence(component: dict[str, Any]) -> str:
    (one,) = component["licenses"]
    said = one["license"]
    return str(said.get("id") or said["name"])


def test_it_is_valid_cyclonedx(bill: dict[str, Any]) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    # The schema is in the package; nothing is fetched.
    checker = JsonStrictValidator(SchemaVersion.V1_6)
    assert checker.validate_str(json.dumps(bill)) is None
    broken = {**bill, "components": [{**bill["components"][0], "type": "thing"}]}
    assert checker.validate_str(json.dumps(broken)) is not None


def test_it_says_what_it_is_of_and_nothing_random(bill: dict[str, Any]) -> None:
    assert bill["metadata"]["component"]["version"] == VERSION
    assert bill["metadata"]["timestamp"] == "2026-01-01T00:00:00Z"
    assert WHEN == "1767225600"
    assert "serialNumber" not in bill
    references = [one["bom-ref"] for one in bill["components"]]
    assert len(set(references)) == len(references)
    (own, *rest) = bill["dependencies"]
    assert own["dependsOn"] == references == [one["ref"] for one in rest]


def test_every_front_end_package_stands_in_it_as_the_lock_file_pins_it(
    bill: dict[str, Any],
) -> None:
    path = ROOT / "src" / "photoprivacy" / "gallery" / "_frontend" / "package-lock.json"
    lock = json.loads(path.read_text("utf-8"))["packages"]
    found = {name: one for name, one in bundled(bill).items() if one["type"] == "library"}
    # What the page asks for by name, and what that brings into the built files.
    assert set(lock[""]["dependencies"]) | {"kdbush"} == set(found)
    for name, one in found.items():
        pinned = lock[f"node_modules/{name}"]
        digest = base64.b64decode(pinned["integrity"].removeprefix("sha512-")).hex()
        assert one["hashes"] == [{"alg": "SHA-512", "content": digest}]
        assert (one["version"], licence(one)) == (pinned["version"], pinned["license"])


def test_hashes_of_data_are_those_of_the_files_in_the_wheel(
    bill: dict[str, Any], built: Built
) -> None:
    inside = members(built.wheel)
    data = [one for one in bundled(bill).values() if one["type"] == "data"]
    files = [file for one in data for file in one["components"]]
    assert len(data) == 3
    assert len(files) == 6
    for file in files:
        (stated,) = file["hashes"]
        assert stated["content"] == hashlib.sha256(inside[file["name"]]).hexdigest()


def test_every_dependency_of_a_user_stands_in_it(bill: dict[str, Any]) -> None:
    needed = {one["name"]: one for one in bill["components"] if how(one) == "dependency"}
    for row in PROJECT["dependencies"]:
        name = re.split(r"[>=<\[]", row)[0]
        assert needed[name]["scope"] == "required"
    extras = PROJECT["optional-dependencies"]
    for extra in set(extras) - {"all", "test", "docs", "dev"}:
        for row in extras[extra]:
            one = needed[re.split(r"[>=<\[]", row)[0]]
            assert one["scope"] == "optional"
            assert {"name": "photoprivacy:extra", "value": extra} in one["properties"]
    assert not {"pytest", "sphinx", "ruff"} & set(needed)


#: How NOTICE names a licence.
WORDS = {
    "CC-BY-4.0": "CC BY 4.0",
    "Public domain": "public domain",
    "MIT": "MIT",
    "ISC": "ISC",
    "BSD-2-Clause": "BSD-2-Clause",
}


def test_notice_names_everything_bundled_and_its_licence(bill: dict[str, Any]) -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    headings = [line for line in notice.splitlines() if line and not line.startswith(" ")]
    assert len(bundled(bill)) == 9
    for name, one in bundled(bill).items():
        whose = WORDS[licence(one)]
        told = f"{name} {one['version']} ({whose})" if "version" in one else whose
        assert any(name in line and told in line for line in headings), name


def test_notice_names_nothing_that_is_not_there(bill: dict[str, Any]) -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    named = re.findall(r"(Natural Earth|[\w-]+) (\d+\.\d+\.\d+) \(", notice)
    found = {n.lower(): one["version"] for n, one in bundled(bill).items() if "version" in one}
    assert len(named) >= 6
    for name, version in named:
        assert found[name.lower()] == version
