"""A million mutations of tokens, a hundred thousand chains: a part of them by default."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoprivacy.errors import InvalidToken
from photoprivacy.geo import Precision
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Expiry, Grant, Never, Scope, ShareSigner, _wire, narrow
from photoprivacy.sharing._caveats import encode_block
from photoprivacy.sharing._mac import mac
from photoprivacy.sharing._signer import _chained
from sharing.mutations import (
    BLIND,
    KNOWING,
    NOW,
    genuine_tokens,
    random_caveats,
    raw,
    spelled,
)

SEED = int(os.environ.get("PHOTOPRIVACY_SEED", "7"))
ALBUM = "00112233445566778899aabbccddeeff"
HEAD = 34
signer = ShareSigner({1: bytes(range(32)), 7: bytes(range(32, 80))})
TOKENS = genuine_tokens(signer, random.Random(SEED), 10)


def accepted(token: str) -> bool:
    try:
        signer.verify(token, now=NOW)
    except InvalidToken:
        return False
    return True


def test_the_mutated_tokens_were_genuine_before() -> None:
    rng = random.Random(SEED)
    tokens = genuine_tokens(signer, rng, 40)
    # Some name another photo or have no scope left; all that matters is that they verify.
    assert all(accepted(spelled(token)) for token in tokens)
    assert len({len(token) for token in tokens}) > 4


@pytest.mark.parametrize(
    "count", [20_000, pytest.param(1_000_000, marks=pytest.mark.slow)], ids=["smoke", "million"]
)
def test_no_mutation_of_a_token_verifies(count: int) -> None:
    rng = random.Random(SEED)
    genuine = genuine_tokens(signer, rng, 60)
    known = set(genuine)
    tried: Counter[str] = Counter()
    while tried.total() < count:
        # Most know the grammar: eight in ten.
        mutation = rng.choice(KNOWING if rng.random() < 0.8 else BLIND)
        mutated = mutation(rng, rng.choice(genuine), rng.choice(genuine))
        if mutated in known:
            continue
        assert not accepted(spelled(mutated)), (mutation.__name__, mutated.hex())
        tried[mutation.__name__] += 1
    assert len(tried) == len(KNOWING) + len(BLIND)
    knowing = sum(tried[mutation.__name__] for mutation in KNOWING)
    assert knowing > 0.6 * count
    assert min(tried.values()) > count // 100


def _ends(expires: Expiry) -> float:
    return expires.timestamp() if isinstance(expires, dt.datetime) else float("inf")


def _begins(grant: Grant) -> float:
    return grant.not_before.timestamp() if grant.not_before else float("-inf")


def _is_no_wider(narrowed: Grant, wide: Grant) -> bool:
    return (
        narrowed.scopes & wide.scopes == narrowed.scopes
        and _ends(narrowed.expires) <= _ends(wide.expires)
        and _begins(narrowed) >= _begins(wide)
        and narrowed.location <= wide.location
        and narrowed.time <= wide.time
        and narrowed.rendition <= wide.rendition
        and (wide.photo is None or narrowed.photo == wide.photo)
        and (narrowed.needs_unlock or not wide.needs_unlock)
        and (narrowed.album_id, narrowed.share_id) == (wide.album_id, wide.share_id)
        and narrowed.epoch == wide.epoch
    )


@pytest.mark.parametrize(
    "count", [1_000, pytest.param(100_000, marks=pytest.mark.slow)], ids=["smoke", "all"]
)
def test_no_chain_of_narrowing_widens(count: int) -> None:
    rng = random.Random(SEED)
    steps = 0
    for _ in range(count):
        token = signer.issue(
            ALBUM,
            epoch=rng.getrandbits(64),
            expires=Never if rng.random() < 0.5 else NOW + dt.timedelta(days=7),
            scopes=Scope(rng.randrange(32)),
            location=rng.choice(list(Precision)),
            time=rng.choice(list(TimePrecision)),
            needs_unlock=rng.random() < 0.5,
        ).token
        grant = signer.verify(token, now=NOW)
        for _ in range(rng.randrange(1, 8)):
            token = narrow(token, **random_caveats(rng))  # type: ignore[arg-type]
            smaller = signer.verify(token, now=NOW)
            assert _is_no_wider(smaller, grant)
            grant = smaller
            steps += 1
    assert steps >= 3 * count


def test_saying_the_same_again_changes_nothing_that_is_granted() -> None:
    share = signer.issue(ALBUM, epoch=5, expires=NOW + dt.timedelta(days=1))
    wide = signer.verify(share.token, now=NOW)
    again = narrow(share.token, scopes=share.scopes, location=share.location, expires=Never)
    assert again != share.token
    assert signer.verify(again, now=NOW) == wide
    # Whatever is counted, is counted by this and never by the token's text.
    assert signer.verify(again, now=NOW).share_id == share.id


# One text is one token, and one token has one text.

_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n"


@settings(max_examples=400, deadline=None)
@given(
    st.text(_alphabet, min_size=68, max_size=120)
    | st.binary(min_size=50, max_size=120).map(spelled)
    | st.tuples(st.integers(0, 9), st.binary(max_size=4)).map(
        lambda drawn: spelled(TOKENS[drawn[0]][:HEAD] + drawn[1] + TOKENS[drawn[0]][HEAD:])
    )
)
def test_what_is_read_is_spelled_the_same_again_or_refused(text: str) -> None:
    try:
        parts = _wire.decode(text)
    except InvalidToken:
        return
    assert _wire.encode(parts.header, parts.blocks, parts.tag) == text
    assert spelled(parts.raw) == text


def test_every_token_has_one_spelling_among_all_that_decoders_forgive() -> None:
    for token in map(spelled, TOKENS):
        assert _wire.decode(token).raw == raw(token)
        others = {token + "=" * count for count in range(1, 5)}
        others |= {
            token[:at] + char + token[at:] for at in (0, 9, len(token)) for char in " \n\r.~"
        }
        others |= {token.replace("-", "+"), token.replace("_", "/"), token.swapcase()} - {token}
        # The last character has bits that no byte needs.
        others |= {token[:-1] + char for char in _alphabet} - {token}
        assert len(others) > 80
        assert not any(accepted(other) for other in others)


@pytest.mark.parametrize(
    "left_out", [("location", "time"), ("scopes",), ("expires",), ("scopes", "expires")]
)
def test_what_the_holder_of_the_key_left_unsaid_no_recipient_says(
    left_out: tuple[str, ...],
) -> None:
    # Signed as another implementation might: ours always says all four.
    signer = ShareSigner({1: b"k" * 32})
    said = {
        "scopes": Scope.VIEW,
        "expires": Never,
        "location": Precision.CITY,
        "time": TimePrecision.DAY,
    }
    full = _wire.decode(signer.issue("a" * 32, epoch=1, expires=Never).token)
    key = signer.verify(_wire.encode(full.header, full.blocks, full.tag))._key
    block = encode_block(**{name: value for name, value in said.items() if name not in left_out})  # type: ignore[arg-type]
    tag = _chained(mac(key, full.header)[: _wire.TAG], block)
    token = _wire.encode(full.header, (block,), tag)
    more = narrow(
        token,
        scopes=Scope.VIEW | Scope.DOWNLOAD,
        expires=Never,
        location=Precision.EXACT,
        time=TimePrecision.EXACT,
    )
    if left_out == ("location", "time"):
        for one in (token, more):
            grant = signer.verify(one)
            assert (grant.location, grant.time) == (Precision.NONE, TimePrecision.NONE)
            assert grant.scopes is Scope.VIEW
    else:
        for one in (token, more):
            with pytest.raises(InvalidToken):
                signer.verify(one)
