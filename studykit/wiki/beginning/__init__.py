"""Beginning a page or a note: `studykit new talk`, `new answer` and `new note`.

files.py       writing a file that is not there yet, and what its name may be
skeletons.py   the text that a new page begins with, in the wiki's language
talk.py        a presentation's write-up, filled in with what the notes say of it
answer.py      an answer to a question of the notes
note.py        a note that was typed elsewhere, taken byte for byte

The next meeting's note, with what is still open, is `studykit.wiki.agenda`.
"""

from __future__ import annotations

from studykit.wiki.beginning.answer import new_answer
from studykit.wiki.beginning.note import new_note
from studykit.wiki.beginning.talk import NewTalk, new_talk

__all__ = ["NewTalk", "new_answer", "new_note", "new_talk"]
