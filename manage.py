"""Attain on the command line: ``python manage.py COMMAND --help``."""

from __future__ import annotations

import sys

from commands.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
