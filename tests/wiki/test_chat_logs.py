"""The log of a chat: who speaks, through whom, and what is no turn."""

from __future__ import annotations

import pytest

from studykit.wiki.read import read_note
from studykit.wiki.records import Note

TIMES = ["", "16:05 ", "16:05:11 ", "[16:05] ", "2031-03-04 16:05 "]


def read(lines: list[str], time: str = "", file: str = "a.txt") -> Note:
    return read_note("\n".join(f"{time}{line}" for line in lines).encode(), file)


LOG = ["<robin> scribe+ sky", "<robin> Topic: clouds", "<robin> they are low", "<sky> fog first"]


@pytest.mark.parametrize("file", ["a.txt", "a.md"])
@pytest.mark.parametrize("time", TIMES)
def test_a_nick_before_words_speaks(time: str, file: str) -> None:
    note = read(LOG, time, file)
    assert [(turn.speakers, turn.points[0].text) for turn in note.opinions] == [
        (("robin",), "they are low"),
        (("sky",), "fog first"),
    ]


@pytest.mark.parametrize("time", TIMES)
def test_a_scribe_says_who_speaks(time: str) -> None:
    note = read([*LOG, "<sky> river: rain is next", "<robin> river: yes?"], time)
    said = [(turn.speakers, turn.points[0].text) for turn in note.opinions[2:]]
    # Robin writes down nobody's words: what stands before the colon is whom they speak to.
    assert said == [(("river",), "rain is next"), (("robin",), "river: yes?")]


@pytest.mark.parametrize(
    "line",
    [
        "<Zakim> agendum 1 -- clouds",
        "<RRSAgent> logging to https://example.org",
        "<agendabot> clear agenda",
        "<robin> present+",
        "<robin> q+ to ask",
        "<robin> zakim, next agendum",
        "<robin> ack sky",
        "<robin> s/cloud/clouds/",
        "<robin> https://example.org/a",
        "<sky> ... and then rain",
    ],
)
def test_what_bots_are_told_is_nobody_s_turn(line: str) -> None:
    note = read([*LOG, line])
    assert len(note.opinions) == 2
    assert not {"Zakim", "RRSAgent", "agendabot"} & {
        name for turn in note.opinions for name in turn.speakers
    }


def test_what_was_resolved_and_who_is_to_act() -> None:
    note = read([*LOG, "<robin> resolved: fog first", "<robin> action: sky to bring a rope"])
    assert [each.text for each in note.decisions] == ["fog first"]
    assert [(each.owners, each.text) for each in note.tasks] == [
        (("sky",), "sky to bring a rope"),
    ]


@pytest.mark.parametrize("tag", ["b", "div", "Details", "span", "h3", "a"])
def test_a_tag_is_no_nick(tag: str) -> None:
    assert not read([*LOG[:2], f"<{tag}> words", f"<{tag}> more"], file="a.md").opinions


def test_one_nick_alone_is_no_log() -> None:
    assert not read(["<robin> Topic: clouds", "<robin> they are low"]).opinions


def test_angles_without_a_sign_of_a_log_are_no_nicks() -> None:
    assert not read(["<input> 구름", "<output> 비"]).opinions


@pytest.mark.parametrize("blank", [" ", "  ", "\u3164", "\u200b"])
def test_a_frame_around_nothing_is_nobody(blank: str) -> None:
    note = read([f"({blank}) {words}" for words in ("안개가 짙다", "구름이 희다", "비가 온다")])
    assert not note.opinions
