"""Figures of share tokens: their length, and how long they take beside others' tokens.

Needs PyJWT and itsdangerous, which nothing else here does: run it with
``python tests/bench/tokens.py`` in an environment of its own that has them and the package.
Every round takes each measurement once, in turn; the figures are medians over rounds, and the
ratios are medians of the ratios within a round, so that a noisy machine is noisy for all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import platform
import statistics
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

from photoprivacy.sharing import Rendition, ShareSigner, narrow

ROUNDS = 31
KEY = bytes(range(32))
ALBUM = "00112233445566778899aabbccddeeff"
END = dt.datetime.now(dt.UTC) + dt.timedelta(days=7)


def microseconds(work: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times * 1e6


def main() -> None:
    itsdangerous: Any = import_module("itsdangerous")
    jwt: Any = import_module("jwt")
    signer = ShareSigner({1: KEY})
    share = signer.issue(ALBUM, epoch=2**63 + 1, expires=END)
    photos = [f"{number:032x}" for number in range(500)]
    one = narrow(share.token, photo=photos[0], rendition=Rendition.DISPLAY)
    timed = itsdangerous.URLSafeTimedSerializer(
        KEY, signer_kwargs={"digest_method": hashlib.sha256}
    )
    # What a share says, as others would write it.
    said = {"a": ALBUM, "s": ["view", "download"], "k": 1, "l": "city"}
    ends = int(END.timestamp())
    dangerous = timed.dumps({**said, "e": ends})
    web = jwt.encode({**said, "exp": ends}, KEY, "HS256")

    works: dict[str, tuple[Callable[[], object], int]] = {
        "verify": (lambda: signer.verify(share.token), 500),
        "verify narrowed": (lambda: signer.verify(one), 500),
        "itsdangerous": (lambda: timed.loads(dangerous, max_age=604_800), 500),
        "PyJWT": (lambda: jwt.decode(web, KEY, ["HS256"]), 500),
        "issue": (lambda: signer.issue(ALBUM, epoch=2**63 + 1, expires=END), 200),
        "500 narrowed": (
            lambda: [narrow(share.token, photo=p, rendition=Rendition.DISPLAY) for p in photos],
            1,
        ),
    }
    for work, times in works.values():
        microseconds(work, times)
    rounds = [
        {name: microseconds(work, times) for name, (work, times) in works.items()}
        for _ in range(ROUNDS)
    ]
    median = {name: statistics.median(one[name] for one in rounds) for name in works}
    over = {
        name: statistics.median(one[name] / one["verify"] for one in rounds)
        for name in ("itsdangerous", "PyJWT")
    }
    print(f"CPython {platform.python_version()}, {platform.machine()}")
    print(f"itsdangerous {version('itsdangerous')}, PyJWT {version('PyJWT')}")
    print(f"characters: full share {len(share.token)}, narrowed to photo and size {len(one)},")
    print(f"            itsdangerous {len(dangerous)}, PyJWT {len(web)}")
    for name in ("verify", "verify narrowed", "issue", "itsdangerous", "PyJWT"):
        print(f"{name:>16}: {median[name]:6.1f} µs")
    print(f"{'500 narrowed':>16}: {median['500 narrowed'] / 1000:6.2f} ms")
    print(f"times as long as verify: itsdangerous {over['itsdangerous']:.2f} (aim 1.0), ", end="")
    print(f"PyJWT {over['PyJWT']:.2f} (aim 1.5)")


if __name__ == "__main__":
    main()
