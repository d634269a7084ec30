"""The group's first note, read and rendered: the whole as golden files, and what must hold in code.

The golden files tell that something changed; the rest of this file tells what may not.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from studykit.cli import main
from studykit.wiki.lines import LineIndex, split_lines
from studykit.wiki.link import link_notes
from studykit.wiki.pages import Page
from studykit.wiki.read import read_note
from studykit.wiki.records import Note
from studykit.wiki.render import Site, render_pages
from tests.wiki.support import GoldenFiles

FILE = "meetings/week-01.txt"

# The number of points of each turn, by the line that opens it.
TURNS = {
    3: ("상모", 7),
    11: ("류건", 2),
    14: ("인서", 6),
    21: ("현수", 5),
    27: ("인희", 2),
    30: ("성현", 2),
    33: ("상모", 1),
    35: ("인서", 1),
    38: ("상모", 2),
    41: ("류건", 4),
    46: ("성현", 1),
    49: ("현수", 2),
    56: ("상모", 1),
    58: ("인서", 1),
    102: ("상모", 2),
}

# The lines of each block with words; all others are blank.
BLOCKS = [
    ("heading", 1, 1),
    ("opinion", 3, 9),
    ("opinion", 11, 12),
    ("opinion", 14, 19),
    ("opinion", 21, 25),
    ("opinion", 27, 28),
    ("opinion", 30, 31),
    ("opinion", 33, 33),
    ("opinion", 35, 36),
    ("opinion", 38, 39),
    ("opinion", 41, 44),
    ("opinion", 46, 46),
    ("opinion", 49, 50),
    ("talk", 52, 54),
    ("opinion", 56, 56),
    ("opinion", 58, 58),
    ("prose", 60, 60),
    ("talk", 62, 62),
    ("talk", 64, 64),
    ("talk", 66, 68),
    ("heading", 70, 70),
    ("question", 72, 72),
    ("question", 73, 73),
    ("question", 74, 74),
    ("heading", 76, 76),
    *(("link", line, line) for line in range(78, 95, 2)),
    ("heading", 96, 96),
    ("task", 98, 98),
    ("task", 100, 100),
    ("opinion", 102, 103),
]


@pytest.fixture(scope="module")
def data(root: Path) -> bytes:
    return (root / FILE).read_bytes()


@pytest.fixture(scope="module")
def note(data: bytes) -> Note:
    return read_note(data, FILE)


def test_read_as_json(root: Path, monkeypatch: pytest.MonkeyPatch, golden: GoldenFiles) -> None:
    monkeypatch.chdir(root)
    done = CliRunner().invoke(main, ["read", "--json", FILE])
    assert done.exit_code == 0
    golden.check("week-01/read.json", done.output)


def test_pages(note: Note, golden: GoldenFiles) -> None:
    site = Site(name="생성 모델 스터디", language="ko")
    pages = {page.path: page for page in render_pages(link_notes([note]), site)}
    shown = {
        path: page.markdown
        for path, page in pages.items()
        if isinstance(page, Page) and (path.count("/") < 2 or path.startswith("meetings/"))
    }
    golden.check_all("week-01/pages", shown)


def test_opinions_open_on_these_lines(note: Note) -> None:
    assert {
        opinion.lines[0]: (", ".join(opinion.speakers), len(opinion.points))
        for opinion in note.opinions
    } == TURNS
    assert len(note.opinions) == 15


def test_speakers_in_the_order_of_their_first_turn(note: Note) -> None:
    assert note.speakers == ("상모", "류건", "인서", "현수", "인희", "성현")


def test_an_arrow_belongs_to_its_opinion_and_decides_nothing(data: bytes, note: Note) -> None:
    with_arrow = [n for n, line in enumerate(data.decode().splitlines(), 1) if "->" in line]
    assert with_arrow == [4, 36, 43]
    for line, first in zip(with_arrow, (3, 35, 41), strict=True):
        (opinion,) = (o for o in note.opinions if o.lines[0] <= line <= o.lines[1])
        assert opinion.lines[0] == first
        assert sum("->" in point.text for point in opinion.points) == 1
    assert note.decisions == ()


def test_what_continues_a_turn_over_an_arrow_is_one_point(note: Note) -> None:
    (opinion,) = (o for o in note.opinions if o.lines == (35, 36))
    (point,) = opinion.points
    assert " ".join(point.text.split()) == (
        "노션을 파는 게 어떨까 -> 깃헙으로 관리하는 건 어떨까, 자료 브랜치 만들기"
    )


def test_until_next_week_in_a_turn_is_an_opinion_and_alone_opens_the_tasks(note: Note) -> None:
    (opinion,) = (o for o in note.opinions if o.lines[0] == 46)
    assert opinion.points[0].text == "다음 주 까지 논문 다 이해하고 넘어가자"
    assert [(task.text, task.lines, task.owners, task.done) for task in note.tasks] == [
        ("디디피엠 완성!!", (98, 98), (), None),
        ("score based 모델 개념 이해", (100, 100), (), None),
    ]
    for task in note.tasks:
        assert task.due is not None
        assert (task.due.text, task.due.week, task.due.date) == ("다음 주", 2, None)
        assert task.due.lines == (96, 96)


def test_who_would_like_to_present_is_not_presenting_yet(note: Note) -> None:
    talk = note.talks[0]
    assert talk.lines == (52, 54)
    assert (talk.subject, talk.presenters, talk.volunteers) == (None, (), ("현수", "상모"))
    assert (talk.due, talk.status) == (None, None)


def test_two_talks_are_planned_for_the_week_after_next(note: Note) -> None:
    planned = [talk for talk in note.talks if talk.status == "planned"]
    assert [(t.lines, t.subject, t.presenters, t.volunteers) for t in planned] == [
        ((62, 62), "디디피엠", ("현수", "인서"), ()),
        ((64, 64), "스코어 베이스", ("류건", "성현"), ()),
    ]
    for talk in planned:
        assert talk.due is not None
        assert (talk.due.text, talk.due.week, talk.due.date) == ("다다음주", 3, None)
        assert talk.due.lines == (60, 60)


def test_a_talk_of_which_only_the_speaker_is_noted(note: Note) -> None:
    talk = note.talks[3]
    assert len(note.talks) == 4
    assert (talk.lines, talk.presenters, talk.subject) == ((66, 68), ("류건",), None)
    assert (talk.due, talk.status) == (None, None)
    assert talk.text.endswith("- 전체적인 컨셉 이해하려고 노력")


def test_questions(note: Note) -> None:
    assert [(q.id, q.number, q.lines, q.text, q.askers) for q in note.questions] == [
        ("w01-q1", 1, (72, 72), "VAE 의 케이엘 다이버젼스 식, 피 세타 제트의 의미", ()),
        ("w01-q2", 2, (73, 73), "디디피엠에서 베타를 왜 쓰는지", ()),
        ("w01-q3", 3, (74, 74), "디디피엠에서 리컨스트럭션 부분의 의미", ()),
    ]


def test_links(data: bytes, note: Note) -> None:
    lines = data.decode().splitlines()[77:94:2]
    assert [(link.title, link.url) for link in note.links] == [
        tuple(line.split(" : ")) for line in lines
    ]
    assert [link.lines for link in note.links] == [(n, n) for n in range(78, 95, 2)]
    assert len(note.links) == 9


def test_the_last_opinion_has_a_speaker_and_two_points(note: Note) -> None:
    opinion = note.opinions[-1]
    assert (opinion.lines, opinion.speakers, len(opinion.points)) == ((102, 103), ("상모",), 2)


def test_what_the_note_does_not_state_stays_empty(note: Note) -> None:
    assert note.answers == ()
    (meeting,) = note.meetings
    assert (meeting.id, meeting.week, meeting.start, meeting.end) == ("w01", 1, 0, len(note.text))
    assert (meeting.date, meeting.title, meeting.attendees) == (None, None, ())


def test_nothing_is_lost(data: bytes, note: Note) -> None:
    assert note.encoding == "utf-8"
    assert note.text.encode() == data
    assert "".join(note.text[block.start : block.end] for block in note.blocks) == note.text


def test_blocks_line_by_line(note: Note) -> None:
    index = LineIndex(split_lines(note.text))
    spans = [
        (block.kind, index.number(block.start), index.number(block.end - 1))
        for block in note.blocks
    ]
    assert [span for span in spans if span[0] != "blank"] == BLOCKS
    covered = [line for _, first, last in spans for line in range(first, last + 1)]
    assert covered == list(range(1, 104))


def test_json_says_what_was_read(note: Note, golden: GoldenFiles) -> None:
    body = json.loads((golden.folder / "week-01/read.json").read_text("utf-8"))
    assert list(body) == [
        "schema",
        "file",
        "encoding",
        "meetings",
        "blocks",
        "opinions",
        "decisions",
        "questions",
        "answers",
        "links",
        "talks",
        "tasks",
        "speakers",
    ]
    assert body["schema"] == 1
    assert body["talks"][1]["due"]["lines"] == [60, 60]
    assert [record["text"] for record in body["tasks"]] == [task.text for task in note.tasks]
