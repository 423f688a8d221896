"""What every store of a library keeps to, as rules to run against your own.

A rule is a function whose name is a sentence. It takes what opens your store: each call gives
a store onto the same data, as another process would have it (or the same one again, where data
lives in the process). It may find other data there and leaves none behind. It raises
`AssertionError` where the store does something else::

    @pytest.mark.parametrize("rule", ALBUM_RULES, ids=lambda rule: rule.__name__)
    def test_my_albums(rule: Rule[AlbumStore]) -> None:
        rule(lambda: MyAlbums(url))
"""

from __future__ import annotations

from photoprivacy.testing.stores._albums import ALBUM_RULES
from photoprivacy.testing.stores._attempts import ATTEMPT_RULES
from photoprivacy.testing.stores._blobs import BLOB_RULES
from photoprivacy.testing.stores._homes import HOME_RULES
from photoprivacy.testing.stores._rules import Rule
from photoprivacy.testing.stores._shares import SHARE_RULES

__all__ = ["ALBUM_RULES", "ATTEMPT_RULES", "BLOB_RULES", "HOME_RULES", "SHARE_RULES", "Rule"]
