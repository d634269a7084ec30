"""Published ids: what keeps them, what may change around them, and what tells that one broke."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import NoteError, StudykitError
from studykit.wiki.folder import read_folder
from studykit.wiki.overlay import parse_overlay
from studykit.wiki.pinning import Pinned, pin_notes, with_pins
from studykit.wiki.pins import Pin, apply_pins, changed_ids, renew_pins, words_of
from studykit.wiki.read import read_note
from studykit.wiki.records import Answer, Note
from tests.wiki.any_note import note_texts

FILE = "week-07.txt"

# Questions of which no two are alike.
QUESTIONS = [
    "안개도 구름이라고 부를 수 있나",
    "비는 어째서 방울로 떨어지는지",
    "서리가 내리는 밤의 온도",
    "무지개 일곱 빛깔의 순서는 누가 정했나?",
    "Why is the evening sky red",
    "눈송이 둘이 같을 수 있는가",
    "바람 세기를 깃발로 재는 법",
    "우박과 싸락눈은 무엇이 다른가",
]
TYPOS = [lambda text: text + "?", lambda text: "  " + text, lambda text: text[:-1], str.upper]
PROSE = ["오늘은 모두 일찍 왔다", "가람님 - 아침에 찍자", "도감 : https://example.org/atlas"]


def note_of(questions: list[str], before: tuple[str, ...] = ()) -> Note:
    lines = [*before, "", "질문 :", "", *(f"{n}. {q}" for n, q in enumerate(questions, 1)), ""]
    return read_note("\n".join(lines).encode(), FILE)


def ids(note: Note) -> dict[str, str]:
    return {question.text: question.id for question in note.questions}


def test_pins_keep_what_was_published() -> None:
    note = note_of(QUESTIONS[:2])
    pins = renew_pins(note, ())
    assert pins == (
        Pin("w07-q1", "question", 4, QUESTIONS[0]),
        Pin("w07-q2", "question", 5, QUESTIONS[1]),
    )
    assert apply_pins(note, pins) == note
    assert renew_pins(note, pins) == pins


def test_every_kind_that_has_an_address_is_pinned() -> None:
    text = "과제\n- 가\n결정\n- 나\n질문\n1. 다\n안개 발표 - 가람님\n"
    note = read_note(text.encode(), FILE)
    assert {pin.id: pin.kind for pin in renew_pins(note, ())} == {
        "w07-task1": "task",
        "w07-d1": "decision",
        "w07-q1": "question",
        "w07-talk1": "talk",
    }


def test_a_number_is_never_used_again() -> None:
    pins = renew_pins(note_of(QUESTIONS[:2]), ())
    without = apply_pins(note_of(QUESTIONS[:1]), pins)
    pins = renew_pins(without, pins)
    assert [pin.gone for pin in pins] == [False, True]
    new = apply_pins(note_of([QUESTIONS[0], QUESTIONS[2]]), pins)
    assert ids(new) == {QUESTIONS[0]: "w07-q1", QUESTIONS[2]: "w07-q3"}
    pins = renew_pins(new, pins)
    back = apply_pins(note_of([QUESTIONS[1], QUESTIONS[2], QUESTIONS[0]]), pins)
    assert [question.id for question in back.questions] == ["w07-q2", "w07-q3", "w07-q1"]
    assert not any(pin.gone for pin in renew_pins(back, pins))


def test_what_is_gone_comes_back_only_word_for_word() -> None:
    pins = (Pin("w07-q1", "question", 4, QUESTIONS[0], gone=True),)
    assert ids(apply_pins(note_of([QUESTIONS[0] + "?"]), pins)) == {QUESTIONS[0] + "?": "w07-q2"}
    assert ids(apply_pins(note_of([QUESTIONS[0]]), pins)) == {QUESTIONS[0]: "w07-q1"}


def test_other_numbers_make_another_question() -> None:
    pins = renew_pins(note_of(["3장의 연습 문제 4번은 어떻게 푸는지"]), ())
    note = apply_pins(note_of(["3장의 연습 문제 5번은 어떻게 푸는지"]), pins)
    assert [question.id for question in note.questions] == ["w07-q2"]


def test_ids_that_another_note_has_pinned_are_taken() -> None:
    note = apply_pins(note_of(QUESTIONS[:2]), (), taken={"w07-q4", "w07-task9", "w08-q7"})
    assert [question.id for question in note.questions] == ["w07-q5", "w07-q6"]


def test_the_same_words_twice_keep_their_order() -> None:
    pins = renew_pins(note_of(["왜?", QUESTIONS[0], "왜?"]), ())
    note = apply_pins(note_of([QUESTIONS[0], "왜?", "왜?"]), pins)
    assert [question.id for question in note.questions] == ["w07-q2", "w07-q1", "w07-q3"]


def test_an_answer_follows_its_question() -> None:
    note = note_of(QUESTIONS[:2])
    place = {"meeting": "w07", "start": 0, "end": 0, "lines": (1, 1), "evidence": ("x",)}
    near = Answer(id="w07-a1", text="그렇다", question="w07-q1", **place)
    named = Answer(id="w07-a2", text="w07-q1: 그렇다", question="w07-q1", **place)
    pins = (Pin("w07-q1", "question", 9, QUESTIONS[1]),)
    after = apply_pins(note.with_records([*note.records(), near, named]), pins)
    assert [question.id for question in after.questions] == ["w07-q2", "w07-q1"]
    assert [answer.question for answer in after.answers] == ["w07-q2", "w07-q1"]


chosen = st.lists(st.sampled_from(QUESTIONS), unique=True, max_size=6)


@given(
    chosen,
    chosen,
    st.lists(st.sampled_from(PROSE), max_size=3),
    st.lists(st.sampled_from(range(len(TYPOS))), min_size=6, max_size=6),
    st.randoms(use_true_random=False),
)
def test_adding_moving_and_editing_keeps_every_id(
    published: list[str], others: list[str], prose: list[str], typos: list[int], random: object
) -> None:
    pins = renew_pins(note_of(published), ())
    edited = {q: TYPOS[typo](q) for q, typo in zip(published, typos, strict=False)}
    new = [question for question in others if question not in published]
    changed = [*edited.values(), *new]
    random.shuffle(changed)  # type: ignore[attr-defined]
    now = ids(apply_pins(note_of(changed, tuple(prose)), pins))
    for question, words in edited.items():
        assert now[words.strip()] == ids(note_of(published))[question]
    assert len(set(now.values())) == len(changed)


@given(st.lists(chosen, min_size=1, max_size=5))
def test_no_id_is_ever_given_to_a_different_question(history: list[list[str]]) -> None:
    meant: dict[str, str] = {}
    pins: tuple[Pin, ...] = ()
    for questions in history:
        note = apply_pins(note_of(questions), pins)
        for text, record_id in ids(note).items():
            assert meant.setdefault(record_id, text) == text
        pins = renew_pins(note, pins)
        assert apply_pins(note_of(questions), pins) == note
        assert renew_pins(note, pins) == pins


@given(note_texts, note_texts)
def test_any_notes_have_distinct_ids_and_pinning_twice_changes_nothing(one: str, two: str) -> None:
    before, after = (read_note(text.encode("utf-8", "surrogatepass"), FILE) for text in (one, two))
    pins = renew_pins(before, ())
    assert apply_pins(before, pins) == before
    assert not changed_ids(before, before)
    now = apply_pins(after, pins)
    found = [record.id for record in now.records()]
    assert len(found) == len(set(found))
    assert [record.text for record in now.records()] == [r.text for r in after.records()]
    assert not {change.id for change in changed_ids(before, now) if change.now is not None}
    again = renew_pins(now, pins)
    assert {pin.id for pin in again} >= {pin.id for pin in pins}
    assert apply_pins(after, again) == now
    assert renew_pins(now, again) == again


def test_a_broken_id_is_told() -> None:
    before = note_of(QUESTIONS[:3])
    after = note_of([QUESTIONS[0] + "?", QUESTIONS[3]])
    assert [(change.id, change.was, change.now) for change in changed_ids(before, after)] == [
        ("w07-q2", QUESTIONS[1], QUESTIONS[3]),
        ("w07-q3", QUESTIONS[2], None),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("왜\t 그런가 \n   덧붙임", "왜 그런가"),
        ("왜\r덧붙임", "왜"),
        ("\u1112\u1161\u11ab", "한"),
        ("a\udcff\x00\x7fb", "a\ufffd\ufffd\ufffdb"),
        ("가" * 999, "가" * 400),
    ],
)
def test_a_pin_keeps_the_first_line_in_a_form_for_any_file(text: str, words: str) -> None:
    place = {"meeting": "w07", "start": 0, "end": 0, "lines": (1, 1), "evidence": ("x",)}
    assert words_of(Answer(id="x", text=text, question=None, **place)) == words


# --- pins in files --------------------------------------------------------------------------------


def folder_of(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "meetings"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem.replace('_', '-')}.{suffix}").write_bytes(text.encode())
    return folder


def test_pinning_writes_what_a_build_then_reads(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, week_07_txt=f"질문\n1. {QUESTIONS[0]}\n2. {QUESTIONS[1]}\n")
    assert pin_notes(folder) == (Pinned("meetings/week-07.toml", 2, ()),)
    overlay = (folder / "week-07.toml").read_bytes()
    assert pin_notes(folder) == ()
    assert (folder / "week-07.toml").read_bytes() == overlay
    folder_of(tmp_path, week_07_txt=f"질문\n1. {QUESTIONS[2]}\n2. {QUESTIONS[1]}\n")
    (note,) = read_folder(folder).notes
    assert ids(note) == {QUESTIONS[2]: "w07-q3", QUESTIONS[1]: "w07-q2"}
    (pinned,) = pin_notes(folder)
    assert (pinned.added, [pin.id for pin in pinned.gone]) == (1, ["w07-q1"])
    assert pin_notes(folder) == ()
    assert changed_ids(note, read_folder(folder).notes[0]) == ()


def test_a_note_with_nothing_to_pin_gets_no_overlay(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, week_07_txt="모두 모임\n")
    assert pin_notes(folder) == ()
    assert [path.name for path in folder.iterdir()] == ["week-07.txt"]


BY_HAND = """\
# Who sat where, nobody knows.
title = 'Clouds'   # in English

[pins]  # do not touch
w07-q1 = { text = "안개도 구름이라고 부를 수 있나", kind = "question", line = 2 } # the first

[[correct]]
id = "w07-q1"
was = "안개도 구름이라고 부를 수 있나"
askers = [
    "가람",  # she said so
]
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_people_wrote_into_the_overlay_stays(tmp_path: Path, end: str, mark: str) -> None:
    folder = folder_of(
        tmp_path,
        week_07_txt=f"질문\n1. {QUESTIONS[0]}\n2. {QUESTIONS[1]}\n",
        week_07_toml=mark + BY_HAND.replace("\n", end),
    )
    pin_notes(folder)
    text = (folder / "week-07.toml").read_bytes().decode()
    lines = text.split(end)
    assert "".join(lines).count("\r") == 0
    kept = [line for line in lines if not line.startswith("w07-q2")]
    assert end.join(kept).rstrip() == (mark + BY_HAND.replace("\n", end)).rstrip()
    assert [question.askers for question in read_folder(folder).notes[0].questions] == [
        ("가람",),
        (),
    ]
    assert pin_notes(folder) == ()


def test_only_the_named_notes_are_pinned(tmp_path: Path) -> None:
    note = f"질문\n1. {QUESTIONS[0]}\n"
    folder = folder_of(tmp_path, week_07_txt=note, week_08_txt=note)
    pin_notes(folder, [folder / "week-08.txt"])
    assert not (folder / "week-07.toml").exists()
    assert (folder / "week-08.toml").exists()
    with pytest.raises(NoteError, match="there is no such note in"):
        pin_notes(folder, [folder / "week-09.txt"])


def test_a_renamed_note_keeps_its_ids_and_a_new_one_takes_none_of_them(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, week_07_txt=f"질문\n1. {QUESTIONS[0]}\n")
    pin_notes(folder)
    for suffix in ("txt", "toml"):
        (folder / f"week-07.{suffix}").rename(folder / f"week-08.{suffix}")
    folder_of(tmp_path, week_07_txt=f"질문\n1. {QUESTIONS[1]}\n")
    new, old = read_folder(folder).notes
    assert (ids(new), ids(old)) == ({QUESTIONS[1]: "w07-q2"}, {QUESTIONS[0]: "w07-q1"})


def test_of_a_deleted_note_the_ids_stay_taken(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, week_07_txt=f"질문\n1. {QUESTIONS[0]}\n")
    pin_notes(folder)
    (folder / "week-07.txt").unlink()
    folder_of(tmp_path, week_07_b_txt=f"질문\n1. {QUESTIONS[1]}\n")
    (note,) = read_folder(folder).notes
    assert ids(note) == {QUESTIONS[1]: "w07-q2"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"week_07_md": ""}, "meetings/week-07.txt: week-07.md stands beside it"),
        ({"people_txt": ""}, "meetings/people.txt: a note cannot have this name"),
        (
            {"week_7_toml": "title = 'x'\n"},
            (
                "meetings/week-7.toml: there is no note week-7.txt or week-7.md "
                "that it could correct"
                "\n  mend: did you mean meetings/week-07.toml?"
            ),
        ),
        ({"week_07_toml": "titel = 'x'\n"}, "meetings/week-07.toml:1: unknown key 'titel'"),
        (
            {
                "week_07_toml": '[pins]\nw07-q1 = {kind = "question", line = 2, text = "x"}\n',
                "week_08_txt": "",
                "week_08_toml": '\n[pins]\nw07-q1 = {kind = "question", line = 2, text = "x"}\n',
            },
            "meetings/week-08.toml:3: w07-q1 is pinned in meetings/week-07.toml as well",
        ),
    ],
)
def test_files_that_do_not_fit_together_are_named(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    folder = folder_of(tmp_path, week_07_txt="", **files)
    with pytest.raises(StudykitError) as error:
        read_folder(folder)
    assert str(error.value).startswith(message)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_words_survive_the_file(title: str, texts: list[str]) -> None:
    place = {"meeting": "w07", "start": 0, "end": 0, "lines": (1, 1), "evidence": ("x",)}
    words = [words_of(Answer(id="x", text=text, question=None, **place)) for text in texts]
    pins = [Pin(f"w07-q{n}", "question", n, text) for n, text in enumerate(words, 1)]
    comment = "".join(letter for letter in title if letter.isprintable())
    text = with_pins(f"# {comment}\n", pins)
    assert parse_overlay(text, "x.toml").pins == tuple(pins)
    assert text.startswith(f"# {comment}")
    assert with_pins(text, pins) == text
