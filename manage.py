#!/usr/bin/env python3
"""Curbstop's command line."""

import os
import sys


def main() -> None:
    """Run a command with the site's settings; one that needs no site, without them."""
    if sys.argv[1:2] == ["rate"]:
        from rates.asking.command import main as rate

        sys.exit(rate(sys.argv[2:]))
    if sys.argv[1:2] == ["owrs"]:
        from rates.owrs.command import main as owrs

        sys.exit(owrs(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
