"""`python -m studykit` is `studykit`."""

from studykit.cli import main

main(prog_name="studykit")
