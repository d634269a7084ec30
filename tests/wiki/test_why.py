"""`studykit read --why`: every line says what it became and why, and how to say otherwise."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from studykit.cli import main
from studykit.errors import NoteError
from studykit.wiki.lines import split_lines
from studykit.wiki.overlay import apply_overlay, parse_overlay
from studykit.wiki.overlay.fields import TYPES
from studykit.wiki.read import read_note
from studykit.wiki.records import Doubt, Link, Note
from studykit.wiki.why import ELSE, MARKS, overlay_correction, overlay_mark, show_why
from tests.wiki.any_note import note_bytes

TEXT = """\
구름 모임

다온님 - 안개부터 보자
       - 참고 : https://clouds.example/안개

질문 :
1. 서리는 왜 흰가

다음 주까지
- 사진 열 장
  벽에 붙일 것
그냥 적어 둔 줄
"""


def shown(note: Note, line: int | None = None, width: int = 80) -> str:
    file = io.StringIO()
    show_why(note, Console(file=file, width=width, color_system=None), line)
    return file.getvalue()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["read", *map(str, arguments)])


@pytest.fixture
def note() -> Note:
    return read_note(TEXT.encode(), "week-07.txt")


@pytest.fixture
def meetings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two notes, the first one with an overlay, in the working directory."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "meetings"
    folder.mkdir()
    (folder / "week-07.txt").write_text(TEXT, "utf-8")
    (folder / "week-10.txt").write_text("결정: 우산을 산다\n", "utf-8")
    (folder / "week-07.toml").write_text(
        '[[mark]]\nlines = [12, 12]\nwas = "그냥 적어 둔 줄"\nas = "task"\nowners = ["라온"]\n'
        '[pins]\nw07-q9 = {kind = "question", line = 7, text = "서리는 왜 흰가"}\n',
        "utf-8",
    )
    return folder


# --- why ------------------------------------------------------------------------------------------


def test_each_line_says_what_it_is_and_for_what_reason(note: Note) -> None:
    said = shown(note, width=200)
    for record in note.records():
        kind = next(kind for kind, of in TYPES.items() if type(record) is of)
        place = f"week-07.txt:{record.lines[0]}  {kind} {record.id} — "
        assert place + "; ".join(record.evidence) in said
    assert "week-07.txt:4  opinion w07-o1 — goes on from line 3\n" in said
    assert "week-07.txt:11  task w07-task1 — goes on from line 10\n" in said
    assert "week-07.txt:9  heading — it says when w07-task1 are due\n" in said
    assert "week-07.txt:1  prose — no rule claimed it\n    구름 모임\n" in said


def test_one_line_is_shown_alone(note: Note) -> None:
    said = shown(note, 7)
    assert set(re.findall(r"week-07\.txt:(\d+)", said)) == {"7"}
    assert "    1. 서리는 왜 흰가\n" in said
    assert [kind for kind in ELSE if f"\n{kind}: " in said] == ["question"]
    assert "blank — there is nothing on it" in shown(note, 2)
    assert "In doubt" not in said


def test_a_line_that_is_not_there(note: Note) -> None:
    with pytest.raises(NoteError, match="no line 99") as caught:
        shown(note, 99)
    assert caught.value.mend == "give a line from 1 to 12"
    with pytest.raises(NoteError, match="no line 1"):
        shown(read_note(b"", "week-07.txt"), 1)


def test_a_doubt_stands_below_its_line_with_its_mend(note: Note) -> None:
    doubt = Doubt("label-unknown", TEXT.index("그냥"), len(TEXT), "who is this", "write 님")
    said = shown(replace(note, doubts=(doubt,)))
    assert "    그냥 적어 둔 줄\n    In doubt: who is this. To make it sure: write 님.\n" in said


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_nothing_is_wider_than_the_terminal_but_what_is_copied(note: Note, width: int) -> None:
    console = Console(width=width)
    for number in (None, *range(1, 13)):
        for line in shown(note, number, width).splitlines():
            copied = re.match(r"\[\[|\w+ = ", line)
            assert copied or console.render_str(line).cell_len <= width


@given(note_bytes, st.sampled_from([30, 80]))
def test_any_note_has_a_reason_for_every_line(data: bytes, width: int) -> None:
    note = read_note(data, "week-07.txt")
    said = shown(note, width=width)
    numbers = {int(number) for number in re.findall(r"^week-07\.txt:(\d+)  ", said, re.MULTILINE)}
    assert numbers == {line.number for line in split_lines(note.text) if not line.blank}
    assert all(character.isprintable() or character == "\n" for character in said)


# --- what to write instead ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MARKS)
def test_a_line_with_the_advised_mark_is_what_the_mark_says(kind: str) -> None:
    before = "질문 : 왜 흰가\n" if kind == "answer" else ""
    mark = MARKS[kind].replace("이름", "라온")
    note = read_note(f"{before}{mark}사진 열 장을 벽에 붙인다\n".encode(), "week-07.txt")
    *_, last = note.records()
    assert type(last) is TYPES[kind]
    assert last.text == "사진 열 장을 벽에 붙인다"


def test_every_kind_of_record_has_its_advice() -> None:
    assert set(ELSE) == set(TYPES)


@given(note_bytes)
def test_the_advised_overlay_makes_prose_of_any_line(data: bytes) -> None:
    note = read_note(data, "week-07.txt")
    lines = split_lines(note.text)
    for line in [line for line in lines if not line.blank][:5]:
        overlay = parse_overlay(overlay_mark([line]), "week-07.toml")
        marked = apply_overlay(note, overlay)
        kept = [
            record
            for record in marked.records()
            if record.lines[0] <= line.number <= record.lines[1] and not isinstance(record, Link)
        ]
        assert [record for record in kept if record.start <= line.start < record.end] == []


@given(note_bytes)
def test_the_advised_correction_is_one_that_fits(data: bytes) -> None:
    note = read_note(data, "week-07.txt")
    for record in note.records():
        if said := overlay_correction(record):
            corrected = apply_overlay(note, parse_overlay(said, "week-07.toml"))
            assert [fix.id for fix in corrected.corrections] == [record.id]


# --- the command ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["meetings/week-07.txt", "meetings/../meetings/week-07.txt"])
def test_a_note_of_the_folder_is_shown_as_its_overlay_corrects_it(
    meetings: Path, path: str
) -> None:
    said = json.loads(run("--json", path).output)
    assert [task["owners"] for task in said["tasks"]] == [[], ["라온"]]
    assert [question["id"] for question in said["questions"]] == ["w07-q9"]
    assert said["file"] == path
    why = " ".join(run("--why", "--line", "12", path).output.split())
    assert f"{path}:12 task w07-task2 — meetings/week-07.toml marks line 12 as task" in why


def test_a_file_elsewhere_is_read_alone(meetings: Path) -> None:
    copy = meetings.parent / "week-07.txt"
    copy.write_text(TEXT, "utf-8")
    said = json.loads(run("--json", copy).output)
    assert [question["id"] for question in said["questions"]] == ["w07-q1"]
    other = json.loads(run("--json", "--meetings", ".", "meetings/week-07.txt").output)
    assert [question["id"] for question in other["questions"]] == ["w07-q9"]


def test_without_a_file_the_latest_meeting_is_shown(meetings: Path) -> None:
    assert "week-10.txt:1  decision w10-d1 — the mark 결정:" in run("--why").output
    assert json.loads(run("--json").output)["file"] == "meetings/week-10.txt"
    (meetings / "week-07.toml").unlink()
    for note in meetings.iterdir():
        note.unlink()
    done = run()
    assert done.exit_code == 1
    assert "meetings: there is no note in the folder" in done.stderr


def test_options_that_do_not_go_together(meetings: Path) -> None:
    for options in (["--line", "3"], ["--json", "--why"]):
        done = run(*options)
        assert done.exit_code == 2
        assert "--why" in done.stderr


def test_a_bad_byte_is_told_with_the_encoding(tmp_path: Path) -> None:
    note = tmp_path / "week-07.txt"
    note.write_bytes("다온님 - 구름을 보자\n안개는 낮다\n".encode("cp949") + b"\x80\n")
    encoding = read_note(note.read_bytes(), note.name).encoding
    assert encoding != "utf-8"
    assert f"Some bytes are no {encoding}; they are kept" in run(note).output


def test_a_line_that_names_a_record_says_so(tmp_path: Path) -> None:
    note = tmp_path / "week-08.md"
    note.write_text("- [w07-q1] 비는 왜 오나?\n- [i12] 눈은 왜 흰가?\n- [안개] 낮다\n", "utf-8")
    why = run("--why", note).output
    assert "prose — it names w07-q1, and is no new record" in why
    assert "prose — it names i12, and is no new record" in why
    assert "In doubt" not in why
    assert "no rule claimed it" in why
