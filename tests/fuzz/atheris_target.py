"""Coverage-guided fuzzing with atheris, which is not among the dependencies.

    pip install atheris
    PYTHONPATH=tests python tests/fuzz/atheris_target.py -max_total_time=3600 FOLDER

FOLDER keeps what was found; it starts with the seeds of `fuzz.mutate`.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Run until libFuzzer is told to stop."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["photoprivacy"]):
        # Formats are imported when their first file comes: too late to be instrumented.
        for room in ("containers", "metadata", "metadata.makers", "_plan", "_verify"):
            inside = importlib.import_module(f"photoprivacy.{room}").__path__
            for module in pkgutil.iter_modules(inside, f"photoprivacy.{room}."):
                importlib.import_module(module.name)
        from fuzz.mutate import POLICIES, holds, mutated, seeds

    def one(data: bytes) -> None:
        if data:
            holds(data[1:], POLICIES[data[0] % len(POLICIES)])

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if rng.random() < 0.3 or len(data) < 2:
            mixed: bytes = atheris.Mutate(data, most)
            return mixed
        return (data[:1] + mutated(data[1:], rng))[:most]

    folders = [Path(word) for word in sys.argv[1:] if not word.startswith("-")]
    for folder in folders[:1]:
        folder.mkdir(exist_ok=True, parents=True)
        for number, (name, data) in enumerate(seeds().items()):
            (folder / name.replace(" ", "-")).write_bytes(bytes((number % len(POLICIES),)) + data)
    atheris.Setup([*sys.argv, "-max_len=65536"], one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
