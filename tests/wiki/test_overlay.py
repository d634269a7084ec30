"""What a note's overlay says of it: dates, corrections, marks; and what is wrong with one."""

from __future__ import annotations

import datetime
import json
from itertools import chain

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studykit.errors import StudykitError
from studykit.wiki.chrome import LANGUAGES, load_chrome
from studykit.wiki.fixes import fixes
from studykit.wiki.lines import split_lines
from studykit.wiki.link import link_notes
from studykit.wiki.overlay import apply_overlay, parse_overlay
from studykit.wiki.overlay.fields import FIELDS
from studykit.wiki.pages import Page
from studykit.wiki.read import read_note
from studykit.wiki.records import Correction, Due, Note, Opinion
from studykit.wiki.render import Site, render_pages
from tests.wiki.any_note import note_texts
from tests.wiki.support import parse

FILE = "week-07.txt"
TEXT = """\
구름 모임

가람님 - 아침에 찍자
    - 창문은 누가 여나
    - 저녁에도 찍자

다음 주까지 :

1. 사진 열 장
   흐린 날도
2. 온도계 사기

질문 :

1. 안개도 구름인가

안개 발표 - 나래님

링크 :

도감 : https://example.org/atlas
"""
NOTE = read_note(TEXT.encode(), FILE)


def corrected(overlay: str, note: Note = NOTE) -> Note:
    after = apply_overlay(note, parse_overlay(overlay, "week-07.toml"))
    whole(after)
    return after


def whole(note: Note) -> None:
    """What holds of any note holds of a corrected one."""
    assert "".join(note.text[block.start : block.end] for block in note.blocks) == note.text
    ids = [record.id for record in note.records()]
    assert len(ids) == len(set(ids))
    lines = split_lines(note.text)
    for record in note.records():
        assert record.text == note.text[record.start : record.end]
        assert record.text.strip()
        assert record.evidence
        assert lines[record.lines[0] - 1].start <= record.start < lines[record.lines[0] - 1].end
        block = next(block for block in note.blocks if block.start <= record.start < block.end)
        assert record.end <= block.end
        if isinstance(record, Opinion):
            for point in record.points:
                assert point.text == note.text[point.start : point.end]
                assert record.start <= point.start < point.end <= record.end


def test_the_note_is_as_these_tests_expect() -> None:
    ids = ["w07-o1", "w07-task1", "w07-task2", "w07-q1", "w07-talk1", "w07-l1"]
    assert [record.id for record in NOTE.records()] == ids


def test_an_empty_overlay_changes_nothing() -> None:
    assert corrected("") == NOTE


def test_date_title_and_attendees_of_the_meeting() -> None:
    note = corrected('date = 2031-03-18\ntitle = "구름"\nattendees = ["가람", "나래"]\n')
    meeting = note.meetings[0]
    assert (meeting.date, meeting.title) == ("2031-03-18", "구름")
    assert meeting.attendees == ("가람", "나래")
    assert note.corrections == (
        Correction("w07", "date", None, "2031-03-18", (1, 1)),
        Correction("w07", "title", None, "구름", (1, 1)),
        Correction("w07", "attendees", None, "가람, 나래", (1, 1)),
    )
    by_id = corrected('[[meeting]]\nid = "w07"\ndate = 2031-03-18\n')
    assert by_id.meetings[0].date == "2031-03-18"


CORRECTIONS = [
    (
        "w07-o1",
        "가람님 - 아침에 찍자",
        "speakers",
        ["나래", "다온"],
        ("나래", "다온"),
        "나래, 다온",
    ),
    ("w07-task1", "사진 열 장", "owners", ["가람"], ("가람",), "가람"),
    ("w07-task1", "사진 열 장 흐린 날도", "done", True, True, "done"),
    ("w07-task2", "온도계   사기", "due", "", None, None),
    ("w07-q1", "안개도 구름인가", "askers", ["다온"], ("다온",), "다온"),
    ("w07-talk1", "안개 발표 - 나래님", "presenters", ["다온"], ("다온",), "다온"),
    ("w07-talk1", "안개 발표 - 나래님", "subject", "이슬", "이슬", "이슬"),
    ("w07-talk1", "안개 발표 - 나래님", "status", "given", "given", "given"),
    ("w07-talk1", "안개 발표 - 나래님", "due", datetime.date(2031, 4, 1), None, "2031-04-01"),
    ("w07-l1", "도감 : https://example.org/atlas", "title", "구름 도감", "구름 도감", "구름 도감"),
]


@pytest.mark.parametrize(("record_id", "was", "field", "said", "value", "shown"), CORRECTIONS)
def test_a_field_is_corrected_and_nothing_else(
    record_id: str, was: str, field: str, said: object, value: object, shown: str | None
) -> None:
    toml = str(said) if isinstance(said, datetime.date) else json.dumps(said, ensure_ascii=False)
    note = corrected(f'[[correct]]\nid = "{record_id}"\nwas = "{was}"\n{field} = {toml}\n')
    record = next(record for record in note.records() if record.id == record_id)
    if isinstance(said, datetime.date):
        value = Due(said.isoformat(), None, said.isoformat(), record.lines)
    assert getattr(record, field) == value
    assert [(c.id, c.field, c.now) for c in note.corrections] == [(record_id, field, shown)]
    assert record.evidence[-1] == f"week-07.toml says so: {field}"
    others = [other for other in note.records() if other.id != record_id]
    assert others == [other for other in NOTE.records() if other.id != record_id]
    assert (note.text, note.blocks) == (NOTE.text, NOTE.blocks)


def test_the_text_stays_as_typed_and_what_it_should_say_is_kept_beside_it() -> None:
    note = corrected('[[correct]]\nid = "w07-q1"\nwas = "안개도 구름인가"\ntext = "안개는?"\n')
    assert note.questions[0].text == "안개도 구름인가"
    assert note.corrections == (
        Correction("w07-q1", "text", "안개도 구름인가", "안개는?", (15, 15)),
    )


def test_what_is_said_as_it_was_read_is_no_correction() -> None:
    note = corrected(
        '[[correct]]\nid = "w07-talk1"\nwas = "안개 발표 - 나래님"\nsubject = "안개"\n'
    )
    assert note.corrections == ()


def mark(lines: str, was: str, kind: str, more: str = "") -> str:
    return f'[[mark]]\nlines = {lines}\nwas = "{was}"\nas = "{kind}"\n{more}\n'


def test_a_record_marked_as_prose_is_none_and_the_others_keep_their_ids() -> None:
    note = corrected(mark("[9, 10]", "1. 사진 열 장 흐린 날도", "prose"))
    assert [task.id for task in note.tasks] == ["w07-task2"]
    assert note.corrections == (Correction(None, "kind", "task", "prose", (9, 10)),)


def test_a_line_of_a_turn_becomes_a_question_and_the_turn_goes_on_behind_it() -> None:
    note = corrected(mark("[4, 4]", "- 창문은 누가 여나", "question", 'askers = ["가람"]'))
    asked, old = note.questions
    assert (asked.id, asked.text, asked.askers) == ("w07-q2", "창문은 누가 여나", ("가람",))
    assert asked.evidence == ("week-07.toml marks line 4 as question",)
    assert old == NOTE.questions[0]
    said = [[point.text for point in opinion.points] for opinion in note.opinions]
    assert said == [["아침에 찍자"], ["저녁에도 찍자"]]
    assert {opinion.speakers for opinion in note.opinions} == {("가람",)}
    assert [opinion.id for opinion in note.opinions] == ["w07-o1", "w07-o2"]
    assert note.corrections == (Correction("w07-q2", "kind", "opinion", "question", (4, 4)),)


def test_the_rest_of_a_turn_whose_first_line_is_marked_is_nobodys() -> None:
    note = corrected(mark("[3, 3]", "가람님 - 아침에 찍자", "prose"))
    assert note.opinions == ()
    assert [block.kind for block in note.blocks if block.start < 50 and block.kind != "blank"][
        :3
    ] == ["prose", "prose", "prose"]


@pytest.mark.parametrize("kind", ["decision", "question", "answer", "talk", "task"])
def test_prose_becomes_a_record_that_states_no_more_than_the_line(kind: str) -> None:
    note = corrected(mark("[1, 1]", "구름 모임", kind))
    new = next(record for record in note.records() if record.lines == (1, 1))
    assert new.text == "구름 모임"
    for name in ("owners", "askers", "presenters", "due", "done", "status", "question", "subject"):
        assert not getattr(new, name, None)
    assert [r for r in note.records() if r is not new] == list(NOTE.records())


def test_prose_becomes_a_turn_only_with_its_speaker() -> None:
    note = corrected(mark("[1, 1]", "구름 모임", "opinion", 'speakers = ["다온"]'))
    assert note.opinions[0].speakers == ("다온",)
    with pytest.raises(StudykitError, match="an opinion is somebody's"):
        corrected(mark("[1, 1]", "구름 모임", "opinion"))


def test_a_correction_may_name_what_a_mark_made() -> None:
    note = corrected(
        mark("[1, 1]", "구름 모임", "task")
        + '[[correct]]\nid = "w07-task3"\nwas = "구름 모임"\nowners = ["다온"]\n'
    )
    assert note.tasks[0].owners == ("다온",)
    assert [correction.field for correction in note.corrections] == ["kind", "owners"]


CORRECT = '[[correct]]\nid = "w07-q1"\nwas = "안개도 구름인가"\n'
WRONG = [
    ("dat = 2031-03-18\n", "1: unknown key 'dat'", "did you mean 'date'"),
    ("# x\ndate = '2031-03-18'\n", "2: 'date' must be a date", "without quotation marks"),
    ("date = 2031-02-30\n", "1:", "this is no TOML"),
    ("date = 2031-03-18T10:00:00\n", "1: 'date' must be a date", "quotation marks"),
    ("[[meeting]]\nid = 'w08'\n", "2: week-07.txt has no meeting w08", "it has w07"),
    ("[correct]\nid = 'w07-q1'\n", "1: 'correct' must be tables", "[[correct]]"),
    (CORRECT, "1: nothing is corrected of w07-q1", "add one of askers, text"),
    (CORRECT + "owners = ['x']\n", "4: unknown key 'owners'", "known here: id, was, askers, text"),
    (CORRECT + "askers = 'x'\n", "4: 'askers' must be a list of texts", "askers = ["),
    (CORRECT + CORRECT.replace("q1", "q2"), "1: nothing is corrected", ""),
    (
        CORRECT.replace("q1", "q9") + "askers = []\n",
        "2: week-07.txt has no record w07-q9",
        "w07-q1",
    ),
    (CORRECT.replace("id", "#"), "1: 'id' must be a text, and is missing", ""),
    (
        CORRECT.replace("안개도", "이슬도") + "askers = []\n",
        (
            "3: this correction was written for other words of week-07.txt\n"
            "  w07-q1 was: 이슬도 구름인가\n  w07-q1 is:  안개도 구름인가"
        ),
        "write the new words as `was`",
    ),
    (
        '[[correct]]\nid = "w07-talk1"\nwas = "안개 발표 - 나래님"\nstatus = "done"\n',
        "4: 'status' must be planned, given or empty, and is 'done'",
        "",
    ),
    (
        '[[correct]]\nid = "w07-task2"\nwas = "온도계 사기"\ndone = "yes"\n',
        "4: 'done' must be true or false",
        "",
    ),
    (
        '[[correct]]\nid = "w07-o1"\nwas = "가람님 - 아침에 찍자"\nspeakers = []\n',
        "4: somebody says it",
        "",
    ),
    (mark("[1, 1]", "구름 모임", "taks"), "4: lines cannot be marked as 'taks'", "mean 'task'"),
    (mark("[0, 1]", "구름 모임", "task"), "2: week-07.txt has lines 1 to 21", ""),
    (mark("[2, 2]", "", "task"), "2: there is nothing on these lines", ""),
    (mark("1", "구름 모임", "task"), "2: 'lines' must be the first and the last line", "[12, 12]"),
    (
        mark("[2, 3]", "이슬 모임", "task"),
        (
            "3: this mark was written for other words of week-07.txt\n"
            "  line 2 was: 이슬 모임\n  line 2 is:  가람님 - 아침에 찍자"
        ),
        "else remove it",
    ),
    (mark("[3, 3]", "구름 모임", "task"), "3: this mark", "on line 1 now: lines = [1, 1]"),
    (mark("[1, 1]", "구름 모임", "task") * 2, "6: line 1 is marked twice", ""),
    (mark("[1, 1]", "구름 모임", "prose", "owners = []"), "5: unknown key 'owners'", ""),
    ("[pins]\nw07-q1 = 3\n", "2: the pin of 'w07-q1' is not as studykit pin writes it", "kind ="),
    ("pins = 3\n", "1: 'pins' must be a table", ""),
]


@pytest.mark.parametrize(("overlay", "message", "mend"), WRONG)
def test_what_is_wrong_is_named_with_its_line(overlay: str, message: str, mend: str) -> None:
    with pytest.raises(StudykitError) as error:
        corrected(overlay)
    assert str(error.value).startswith(f"week-07.toml:{message}")
    assert mend in str(error.value)
    assert "\n  mend: " in str(error.value)


def test_a_title_for_one_of_several_meetings_needs_its_id() -> None:
    first = NOTE.meetings[0]
    half = len(TEXT) // 2
    note = read_note(TEXT.encode(), FILE)
    meetings = (
        type(first)("w07", 7, None, None, (), 0, half),
        type(first)("w08", 8, None, None, (), half, len(TEXT)),
    )
    object.__setattr__(note, "meetings", meetings)
    with pytest.raises(StudykitError, match="holds several meetings: w07, w08"):
        corrected('title = "구름"\n', note)
    titled = corrected('[[meeting]]\nid = "w08"\ntitle = "구름"\n', note)
    assert [meeting.title for meeting in titled.meetings] == [None, "구름"]


KINDS = ["prose", "heading", "opinion", "decision", "question", "answer", "talk", "task"]


@given(note_texts, st.integers(0), st.integers(0, 3), st.sampled_from(KINDS))
def test_any_lines_may_be_marked_and_nothing_is_lost(
    text: str, first: int, more: int, kind: str
) -> None:
    note = read_note(text.encode("utf-8", "surrogatepass"), FILE)
    lines = split_lines(note.text)
    assume(lines)
    first = first % len(lines)
    last = min(first + more, len(lines) - 1)
    marked = lines[first : last + 1]
    assume(any(not line.blank for line in marked))
    was = " ".join(" ".join(line.body for line in marked).split())
    was = "".join(letter if letter.isprintable() else "\ufffd" for letter in was)
    assume(was.strip())
    speakers = 'speakers = ["가람"]' if kind == "opinion" else ""
    said = mark(f"[{first + 1}, {last + 1}]", "X", kind, speakers)
    said = said.replace('"X"', json.dumps(was, ensure_ascii=False))
    after = corrected(said, note)
    inside = [
        record
        for record in after.records()
        if marked[0].start <= record.start < marked[-1].end and record.id not in _links(after)
    ]
    assert len(inside) == (kind not in ("prose", "heading"))
    before = [r for r in note.records() if r.end <= marked[0].start or r.start >= marked[-1].end]
    assert set(before) <= set(after.records())


def _links(note: Note) -> set[str]:
    return {link.id for link in note.links}


# --- on the page ----------------------------------------------------------------------------------


def pages_of(note: Note) -> dict[str, str]:
    parts = render_pages(link_notes([note]), Site(name="구름 모임", language="ko"))
    return {part.path: part.body for part in parts if isinstance(part, Page)}


def said_on(page: str) -> list[str]:
    return [element.text() for element in parse(page).with_class("sk-fix")]


def test_the_page_shows_what_was_typed_and_what_is_said_instead() -> None:
    note = corrected(
        "date = 2031-03-18\n"
        + mark("[1, 1]", "구름 모임", "heading")
        + mark("[4, 4]", "- 창문은 누가 여나", "question", 'askers = ["가람"]')
        + '[[correct]]\nid = "w07-task1"\nwas = "사진 열 장"\nowners = ["다온"]\ndone = true\n'
        + '[[correct]]\nid = "w07-q1"\nwas = "안개도 구름인가"\ntext = "<b>안개</b>는?"\n'
        + '[[correct]]\nid = "w07-l1"\nwas = "도감 : https://example.org/atlas"\ntitle = "책"\n'
    )
    pages = pages_of(note)
    assert said_on(pages["meetings/w07/index.md"]) == [
        "고침 · 날짜: 미기록 → 2031-03-18",
        "고침 · 종류: 따로 나누지 않은 글 → 소제목",
        "고침 · 종류: 발언 → 질문",
        "고침 · 담당: 미기록 → 다온",
        "고침 · 상태: 미기록 → 완료",
        "고침 · 글: 안개도 구름인가 → <b>안개</b>는?",
        "고침 · 제목: 도감 → 책",
    ]
    page = parse(pages["meetings/w07/index.md"])
    assert "창문은 누가 여나" in page.text()
    assert "도감" in page.text()
    assert not page.with_tag("!unknown")
    assert said_on(pages["questions/w07-q1.md"]) == ["고침 · 글: 안개도 구름인가 → <b>안개</b>는?"]
    assert said_on(pages["questions/w07-q2.md"]) == ["고침 · 종류: 발언 → 질문"]


def test_a_page_of_a_note_without_overlay_shows_no_corrections() -> None:
    assert not any("sk-fix" in page for page in pages_of(NOTE).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_every_correction(language: str) -> None:
    t = load_chrome(language)
    fields = {"date", "title", "attendees", "kind", "text", *chain(*FIELDS.values())}
    for field in sorted(fields):
        assert fixes(t, [Correction("w07-q1", field, "x", None, (1, 1))])
    for field, values in (
        ("kind", [*KINDS, "link", "attendees", "date"]),
        ("status", ["planned", "given"]),
        ("done", ["done", "open"]),
    ):
        for value in values:
            shown = fixes(t, [Correction("w07-q1", field, value, None, (1, 1))])
            assert f"<del>{value}</del>" not in shown or language == "en"
