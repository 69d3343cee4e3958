"""What if: posted bills worked out again under other rate tables, and compared with what was billed.

Nothing here changes a bill.  ``rerating``, ``sums`` and ``bands`` are pure; the rest keeps what they find.
"""
