"""Beginning a page, a note or a wiki: `studykit new talk`, `new answer`, `new note` and `init`.

files.py       writing a file that is not there yet, and what its name may be
skeletons.py   the text that a new page begins with, in the wiki's language
talk.py        a presentation's write-up, filled in with what the notes say of it
answer.py      an answer to a question of the notes
note.py        a note that was typed elsewhere, taken byte for byte
wiki.py        another group's wiki, and its later versions
project_files.py, project/   the files that it is begun with
origin.py      where studykit itself is installed from

The next meeting's note, with what is still open, is `studykit.wiki.agenda`.
"""

from __future__ import annotations

from studykit.wiki.beginning.answer import new_answer
from studykit.wiki.beginning.note import new_note
from studykit.wiki.beginning.origin import chosen_source
from studykit.wiki.beginning.project_files import Settings
from studykit.wiki.beginning.talk import NewTalk, new_talk
from studykit.wiki.beginning.wiki import Upgrade, begin_wiki, upgrade_wiki

__all__ = [
    "NewTalk",
    "Settings",
    "Upgrade",
    "begin_wiki",
    "chosen_source",
    "new_answer",
    "new_note",
    "new_talk",
    "upgrade_wiki",
]
