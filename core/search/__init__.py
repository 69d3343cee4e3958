"""One search over everything: keys in a table, kinds declared by apps, ranges only."""

from core.search.finding import answers, find
from core.search.keys import refresh_every_key, refresh_keys, refresh_new_kinds, write_keys
from core.search.kinds import Result, Said, SearchKind, all_search_kinds, keys_said

__all__ = [
    "Result", "Said", "SearchKind", "all_search_kinds", "answers", "find", "keys_said", "refresh_every_key",
    "refresh_keys", "refresh_new_kinds", "write_keys",
]  # fmt: skip

# What core itself lets people search: nothing yet.
SEARCH_KINDS: tuple[SearchKind, ...] = ()
