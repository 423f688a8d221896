"""PNG text of every kind, comments, and prompts of image generators wherever they stand."""

from __future__ import annotations

import json
import time
import zlib

import pytest

import builders_webp
from builders import com, jpeg
from builders import picture as jpeg_picture
from builders_exif import asciz, block, position
from builders_png import chunk, picture
from photoprivacy import Category, Finding, Policy, inspect, strip
from photoprivacy.metadata._prompts import is_prompt

A1111 = "a cat\nNegative prompt: dogs\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"
COMFY = json.dumps({"3": {"class_type": "KSampler", "inputs": {"seed": 1}}})
WORKFLOW = json.dumps({"last_node_id": 9, "nodes": [], "links": []})
NOVEL = json.dumps({"steps": 28, "sampler": "k_euler", "seed": 1, "uc": "dogs"})


def text(keyword: bytes, words: bytes) -> bytes:
    return chunk(b"tEXt", keyword + b"\x00" + words)


def found(*chunks: bytes) -> dict[str, Finding]:
    return {one.code: one for one in reversed(inspect(picture(*chunks)).findings)}


@pytest.mark.parametrize(
    "body",
    [
        chunk(b"tEXt", b"Author\x00Ada Example"),
        chunk(b"zTXt", b"Author\x00\x00" + zlib.compress(b"Ada Example")),
        chunk(b"iTXt", b"Author\x00\x00\x00en\x00Autorin\x00Ada Example"),
        chunk(b"iTXt", b"Author\x00\x01\x00\x00\x00" + zlib.compress(b"Ada Example")),
    ],
)
def test_text_of_every_kind_is_read(body: bytes) -> None:
    one = found(body)["text.author"]

    assert (one.value, one.category) == ("Ada Example", Category.RIGHTS)


def test_a_keyword_is_no_part_of_a_code_unless_it_is_a_known_one() -> None:
    one = found(text(b"Ada Example", b"was here"))["text.other"]

    assert (one.category, one.label) == (Category.CAPTION, "Text")
    assert (
        found(text(b"exif:BodySerialNumber", b"SN-1"))["text.exif-bodyserialnumber"].category
        is Category.SERIAL
    )


@pytest.mark.parametrize("body", [b"\n ", b"\n", b" ", b"exif\n  ", b"exif\n1\n ", b"1 ", b"a "])
def test_a_raw_profile_of_blanks_costs_no_more_time_than_its_length(body: bytes) -> None:
    words = chunk(b"zTXt", b"Raw profile type exif\x00\x00" + zlib.compress(body * 1_000_000))

    started = time.process_time()
    report = inspect(picture(words))

    assert time.process_time() - started < 5
    assert "Text: a raw profile that cannot be read" in [one.what for one in report.problems]


@pytest.mark.parametrize(
    "head", [b"\nexif\n      {}\n", b"exif\n{}\n", b"\nExif\n{:08}\n", b"\nAPP1\n      {}\n"]
)
def test_a_raw_profile_is_read_however_its_head_is_written(head: bytes) -> None:
    data = block([asciz(0x010F, "Maker")], gps=position())
    profile = head.decode().format(len(data)).encode() + data.hex().encode() + b"\nbehind it"
    name = b"Raw profile type APP1" if b"APP1" in head else b"Raw profile type exif"
    for body in (text(name, profile), chunk(b"zTXt", name + b"\x00\x00" + zlib.compress(profile))):
        report = inspect(picture(body))
        assert "exif.image.make" in {one.code for one in report.findings}
        assert report.coordinates is not None


@pytest.mark.parametrize(
    "body",
    [
        text(b"parameters", A1111.encode()),
        text(b"prompt", COMFY.encode()),
        text(b"workflow", WORKFLOW.encode()),
        text(b"Comment", NOVEL.encode()),
        text(b"invokeai_metadata", b'{"positive_prompt": "a cat"}'),
        text(b"sd-metadata", b"{}"),
        text(b"Description", A1111.encode()),
        text(b"made up", A1111.encode()),
    ],
)
def test_prompts_in_png_are_told(body: bytes) -> None:
    assert {one.category for one in found(body).values()} == {Category.AI_GENERATION}


def test_plain_words_beside_novelai_are_its_prompt() -> None:
    words = (
        text(b"Description", b"a cat"),
        text(b"Software", b"NovelAI"),
        text(b"Title", b"made by AI"),
    )
    codes = [one.code for one in inspect(picture(*words)).findings]

    assert codes.count("text.prompt") == 2
    assert found(words[0])["text.description"].category is Category.CAPTION


def test_a_prompt_in_a_comment_of_a_jpeg_is_told() -> None:
    [prompt] = inspect(jpeg(com(A1111.encode()), *jpeg_picture())).findings
    [comment] = inspect(jpeg(com(b"a quay"), *jpeg_picture())).findings

    assert (prompt.code, prompt.category) == ("comment.prompt", Category.AI_GENERATION)
    assert (comment.code, comment.category) == ("comment.text", Category.CAPTION)


def test_a_prompt_in_the_exif_of_a_webp_is_told_and_goes() -> None:
    data = block([asciz(0x010F, f"workflow:{WORKFLOW}"), asciz(0x0110, f"prompt:{COMFY}")])
    source = builders_webp.still(builders_webp.part(b"EXIF", data), flags=0x08)

    codes = [one.code for one in inspect(source).findings]
    assert codes == ["exif.image.prompt", "exif.image.prompt"]
    assert b"KSampler" not in strip(source, Policy.ARCHIVE).data


@pytest.mark.parametrize(
    "words",
    [
        "", "a quay", "Steps: down to the water", "The class_type of inputs", '{"a": 1, "seed": 2}',
        "workflow: ask Ada first", "Negative prompt for the actors", "Canon EOS R5", "x" * 300_000,
    ],
)  # fmt: skip
def test_words_of_people_are_no_prompt(words: str) -> None:
    assert not is_prompt(words)


@pytest.mark.parametrize("words", [A1111, COMFY, WORKFLOW, NOVEL, f"Prompt: {COMFY}"])
def test_what_generators_write_is_one(words: str) -> None:
    assert is_prompt(words)


def test_the_time_of_a_png_is_a_time() -> None:
    one = found(chunk(b"tIME", b"\x07\xea\x07\x0e\x12\x20\x05"))["png.time"]

    assert (one.value, one.category) == ("2026-07-14T18:32:05Z", Category.TIME)
