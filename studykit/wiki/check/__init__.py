"""`studykit check`: what is doubtful in a group's notes, where, and how to mend it.

codes.toml     every code: how bad it is, why it matters, how to mend it
findings.py    finds, over files and folders: check_paths(paths) -> Report
finding.py     what is found: Finding, Report
note.py        what is doubtful in one note
archive.py     what is doubtful among notes
docs.py        what is doubtful in the docs folder
pages/         looks through hand-written pages and notebooks
refused.py     what a build would refuse
fix.py         mends what has one certain mend
changed.py     says which lines a pull request changed
published.py   reads a folder as it was at a git ref, for --against
told.py        says in the site's language what a code means
formats.py     tells a person, a program, GitHub or a SARIF viewer
page.py        the wiki's page that explains the codes
"""

from __future__ import annotations

from studykit.wiki.check.codes import CODES, Code
from studykit.wiki.check.finding import Finding, Report
from studykit.wiki.check.findings import check_paths
from studykit.wiki.check.fix import Fixed, fix_all
from studykit.wiki.check.formats import FORMATS, step_summary, summary
from studykit.wiki.check.note import check_note
from studykit.wiki.check.page import CHECKS_PATH, checks_page

__all__ = [
    "CHECKS_PATH",
    "CODES",
    "FORMATS",
    "Code",
    "Finding",
    "Fixed",
    "Report",
    "check_note",
    "check_paths",
    "checks_page",
    "fix_all",
    "step_summary",
    "summary",
]
