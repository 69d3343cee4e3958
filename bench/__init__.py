"""Measurements: ``make bench`` prints lines ``bench NAME key=value … value=…`` and keeps them."""
