"""A second, slow and plain reading of the rate language, from the README and schema.json alone.

It shares no code with the engine: only the standard library, fractions throughout, one rule after another
as a reader of the README would work a bill on paper.  Where both come to the same cents, both have read
the same page.
"""
