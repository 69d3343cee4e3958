"""The order of the charges on a bill whose table changed inside the period."""

from tests.oracle.exact import NoPrice


def merged_order(orders: list[list[str]]) -> list[str]:
    """The last order; a charge that only earlier ones have stands before the first that follows it there.

    Later orders are taken first.  Two orders that contradict each other have no bill.
    """
    merged: list[str] = []
    for order in reversed(orders):
        for place, component in enumerate(order):
            if component not in merged:
                followers = [c for c in order[place + 1 :] if c in merged]
                merged.insert(merged.index(followers[0]) if followers else len(merged), component)
    for order in orders:
        places = [merged.index(component) for component in order]
        if places != sorted(places):
            raise NoPrice("The versions have their charges in orders that contradict each other.")
    return merged
