"""The second look at what was assembled: one bill against its own past, and a whole run against earlier ones.

None of it is part of ``assemble``: a posted bill can be made again from its facts alone.  Pure.
"""
