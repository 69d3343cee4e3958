"""The kinds of files that come in, as values: one more is a file here and a line in ``FEEDS``."""

from core.errors import NotFound
from interchange.feeds.feed import Feed
from interchange.feeds.handheld_reads import HANDHELD
from interchange.feeds.meter_reads import METER_READS
from interchange.feeds.work_orders import WORK_ORDERS_DONE

FEEDS: tuple[Feed, ...] = (METER_READS, HANDHELD, WORK_ORDERS_DONE)

__all__ = ["FEEDS", "Feed", "feed_of"]


def feed_of(code: str) -> Feed:
    """The feed of a code; raises ``NotFound`` naming those there are."""
    for feed in FEEDS:
        if feed.code == code:
            return feed
    known = ", ".join(feed.code for feed in FEEDS)
    raise NotFound(f"There is no feed “{code}”.", f"Choose one of {known}.", field="feed")
