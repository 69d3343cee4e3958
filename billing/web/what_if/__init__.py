"""Screens of what-ifs."""
