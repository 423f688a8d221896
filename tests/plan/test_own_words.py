"""A photo whose caption is a word of our own packets is cleaned like any other."""

from __future__ import annotations

import re

import pytest

import builders_gif
from builders import com, jfif, jpeg, picture
from builders_gain_map import with_gain_map
from builders_png import chunk
from builders_png import picture as png
from photoprivacy import Policy, strip
from photoprivacy._plan._own_words import own_words

WORDS = sorted(set(re.findall(rb"[A-Za-z0-9:_./>#() -]{6,}", own_words())))
HOSTS = {
    "png": lambda word: png(chunk(b"tEXt", b"Software\x00" + word)),
    "jpeg": lambda word: jpeg(jfif(), com(word), *picture()),
    "gain map": lambda word: with_gain_map(header=(com(word),)),
    "gif": lambda word: builders_gif.gif(builders_gif.image(), builders_gif.comment(word)),
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_word_of_the_format_may_be_a_removed_value(host: str) -> None:
    tried = 0
    for word in WORDS:
        for policy in (Policy.SHARE, Policy(ai_training="DMI-PROHIBITED")):
            source = HOSTS[host](word[:200])
            assert strip(source, policy).removed
            tried += 1
    assert tried >= 200


def test_a_value_that_is_no_such_word_must_be_gone() -> None:
    assert b"LEAKCANARY" not in own_words()
    assert b"Lisbon" not in own_words()
