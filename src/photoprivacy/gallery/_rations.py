"""Things kept for a while, of which each share has a ration: what it has too many of is its own."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Rations(Generic[_Key, _Value]):
    """Remembers values by key, the least recently kept ones of a share for as long as they fit.

    A link can be narrowed in thousands of ways, and each is another key. Where a share has more
    than its ration, its own go; where there is too much of all, those of the share that has most.

    Args:
        most: How much is kept of all.
        each: How much of one share.
    """

    def __init__(self, most: int, each: int) -> None:
        self._most = most
        self._each = each
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, OrderedDict[_Key, tuple[_Value, int]]] = OrderedDict()
        self._shares: dict[_Key, str] = {}
        self._weights: Counter[str] = Counter()

    def get(self, key: _Key) -> _Value | None:
        """Return what is kept under *key*."""
        with self._lock:
            share = self._shares.get(key)
            return None if share is None else self._kept[share][key][0]

    def put(self, share: str, key: _Key, value: _Value, weight: int = 1) -> None:
        """Keep *value* under *key*, and forget what there is no room for.

        Args:
            share: Whose it is.
            key: Its name, which no other share has.
            value: What is kept; the newest one always is.
            weight: How much it counts for.
        """
        with self._lock:
            self._forget(key)
            mine = self._kept.setdefault(share, OrderedDict())
            mine[key] = value, weight
            self._kept.move_to_end(share)
            self._shares[key] = share
            self._weights[share] += weight
            while self._weights[share] > self._each and len(mine) > 1:
                self._forget(next(iter(mine)))
            while self._weights.total() > self._most and len(self._shares) > 1:
                # Of those alike, the one that has kept nothing for longest.
                others = (one for one, kept in self._kept.items() if one != share or len(kept) > 1)
                self._forget(next(iter(self._kept[max(others, key=self._weights.__getitem__)])))

    def drop(self, value: _Value) -> None:
        """Forget *value*, under whatever key it is kept."""
        with self._lock:
            for key, share in list(self._shares.items()):
                if self._kept[share][key][0] is value:
                    self._forget(key)

    def _forget(self, key: _Key) -> None:
        share = self._shares.pop(key, None)
        if share is None:
            return
        _, weight = self._kept[share].pop(key)
        self._weights[share] -= weight
        if not self._kept[share]:
            del self._kept[share], self._weights[share]
