"""A change in one file, before it is published: how its pages will look, and what is doubtful.

state.py      reads a project, as it is and as it was at a commit: read_state
article.py    one page as the site shows it, sanitised, with formulas and pictures in it
formulas.py   formulas as MathML, which a browser shows without a script or a font
marks.py      two articles, or two notebooks, as one in which the differences are marked
records.py    the records that a change brings, changes or takes away
document.py   all of it as one HTML file that asks for nothing
"""

from __future__ import annotations

from studykit.wiki.preview.document import write_preview

__all__ = ["write_preview"]
