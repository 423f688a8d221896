"""Damaged files by the thousand: only this library's errors come out, and clean files are clean."""

from __future__ import annotations

import os
import random
import time
from collections import Counter

import pytest

from fuzz.mutate import POLICIES, holds, memory_of, mutated, seeds


@pytest.mark.parametrize("name", seeds())
def test_the_seeds_themselves_are_cleaned(name: str) -> None:
    for policy in POLICIES:
        assert holds(seeds()[name], policy) == "clean"


@pytest.mark.parametrize("name", seeds())
def test_a_damaged_file_ends_clean_or_in_a_typed_error(name: str) -> None:
    rng = random.Random(f"{name} 1")
    ends = Counter(holds(mutated(seeds()[name], rng), rng.choice(POLICIES)) for _ in range(200))
    assert ends["clean"] >= 5
    assert ends.total() == 200
    # Our own output was not clean: nothing came out, and a mistake of ours is behind it.
    assert ends["noticed"] <= 4


def test_memory_is_bounded_by_the_file() -> None:
    rng = random.Random(2)
    for name in seeds():
        for _ in range(3):
            assert memory_of(mutated(seeds()[name], rng), rng.choice(POLICIES)) < 4


@pytest.mark.slow
def test_damaged_files_for_as_long_as_one_likes() -> None:
    """As many seconds as ``PHOTOPRIVACY_FUZZ_SECONDS`` says, an hour by default."""
    until = time.monotonic() + float(os.environ.get("PHOTOPRIVACY_FUZZ_SECONDS", "3600"))
    rng = random.Random(os.environ.get("PHOTOPRIVACY_FUZZ_SEED"))
    ends: Counter[str] = Counter()
    while time.monotonic() < until:
        data = mutated(rng.choice(list(seeds().values())), rng)
        ends[holds(data, rng.choice(POLICIES))] += 1
    print(dict(ends))  # noqa: T201 - what docs record
    assert ends["noticed"] * 500 <= ends.total()
