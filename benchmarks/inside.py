"""Runs one step of the rig inside Django: `python -m benchmarks.inside load --size 200`."""

import importlib
import sys

import django


def main() -> int:
    """Set Django up, then hand over to the step: only then can the step import models."""
    django.setup()
    importlib.import_module(f"benchmarks.{sys.argv[1]}").main(sys.argv[2:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
