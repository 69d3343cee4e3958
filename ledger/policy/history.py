"""Which completed transactions belong together.  Pure.

A payment, what it paid, the other charges of that bill and what paid those are one group.  A group is
complete when nothing of it is open and its last day has passed; only a whole group goes to history.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["charge", "credit"]
Node = tuple[str, int]


class Item(NamedTuple):
    """A charge or a credit that is not in history yet; ``last`` is the last day anything happened to it."""

    kind: Kind
    id: int
    journal_id: int
    last: date
    open: Decimal


class Link(NamedTuple):
    """A credit laid on a charge, or taken off it, on a day."""

    charge_id: int
    credit_id: int
    on: date


def completed(items: Sequence[Item], links: Iterable[Link], before: date) -> list[Item]:
    """The items of those groups that are complete before a day, in the order given.

    A link to something that is not among the items is one to something in history already, so complete.
    """
    groups = _Groups()
    blocked: set[Node] = set()
    nodes = {_node(item) for item in items}
    for item in items:
        groups.join(_node(item), ("journal", item.journal_id))
        if item.open > 0 or item.last >= before:
            blocked.add(_node(item))
    for link in links:
        ends = [n for n in (("charge", link.charge_id), ("credit", link.credit_id)) if n in nodes]
        if len(ends) == 2:
            groups.join(*ends)
        if link.on >= before:
            blocked.update(ends)
    stopped = {groups.head(node) for node in blocked}
    return [item for item in items if groups.head(_node(item)) not in stopped]


def _node(item: Item) -> Node:
    return item.kind, item.id


class _Groups:
    """Sets that are joined: each node knows the head of its own."""

    def __init__(self) -> None:
        self._above: dict[Node, Node] = {}
        self._size: dict[Node, int] = defaultdict(lambda: 1)

    def head(self, node: Node) -> Node:
        above = self._above
        while node in above:
            over = above[node]
            if over in above:
                above[node] = above[over]
            node = over
        return node

    def join(self, one: Node, other: Node) -> None:
        a, b = self.head(one), self.head(other)
        if a == b:
            return
        if self._size[a] < self._size[b]:
            a, b = b, a
        self._above[b] = a
        self._size[a] += self._size[b]
