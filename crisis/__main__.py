"""``python -m crisis``: the ``crisis`` command where its script is not on the path."""

from crisis.cli import main

main(prog_name="crisis")
