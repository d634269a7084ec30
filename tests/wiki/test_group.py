"""The group's members and words: `people.toml` and `lexicon.toml` beside the notes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import ConfigError
from studykit.wiki.group import Member, People, load_group, load_people

PEOPLE = """\
# Who we are.
[[person]]
name = "가람"
also = ["@garam", "Garam Kim", "람이"]

[[person]]
name = "나래"
display = "N."
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / "meetings" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_folder_without_the_two_files_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "meetings").mkdir()
    group = load_group(tmp_path / "meetings")
    assert group.people == People()
    assert group.words == {}
    assert group.people.canonical("가람") is None


def test_members_are_found_by_every_name(tmp_path: Path) -> None:
    write(tmp_path, "people.toml", PEOPLE)
    people = load_group(tmp_path / "meetings").people
    assert people.members == (
        Member("가람", ("@garam", "Garam Kim", "람이")),
        Member("나래", (), "N."),
    )
    for written in ("가람", "가람님", " 가람 씨 ", "GARAM", "@Garam", "garam kim님", "람이"):
        assert people.canonical(written) == "가람", written
    assert people.canonical(unicodedata.normalize("NFD", "가람님")) == "가람"
    for written in ("", "@", "님", "가람이", "김가람", "kim", "멘토님"):
        assert people.canonical(written) is None, written
    assert (people.shown("가람"), people.shown("@garam")) == ("가람", "가람")
    assert (people.shown("나래"), people.shown("모르는 이")) == ("N.", "모르는 이")


def test_a_name_may_end_as_an_honorific_does() -> None:
    people = People((Member("솔씨"), Member("솔")))
    assert people.canonical("솔씨") == "솔씨"
    assert people.canonical("솔씨님") == "솔씨"
    assert people.canonical("솔님") == "솔"


@given(st.text(min_size=1).filter(lambda name: name.strip(" @\t")), st.sampled_from(["님", " 씨"]))
def test_anybody_is_found_as_written(name: str, honorific: str) -> None:
    people = People((Member(name),))
    assert people.canonical(name) == name
    assert people.canonical(unicodedata.normalize("NFD", name)) == name
    assert people.canonical(name.strip() + honorific) == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nmae = 1\n", "people.toml:1: unknown key 'nmae'; known here: person"),
        (PEOPLE + "alos = []\n", "people.toml:9: unknown key 'alos'"),
        (PEOPLE + "[[person]]\nalso = ['x']\n", "people.toml:9: 'name' must be a text, and is mis"),
        (PEOPLE + "[[person]]\nname = ' '\n", "people.toml:10: 'name' must be a text, and is ' '"),
        (PEOPLE + 'also = "N"\n', "people.toml:9: 'also' must be a list of texts, and is 'N'"),
        (PEOPLE + "also = [1]\n", "people.toml:9: 'also' must be a list of texts, and is [1]"),
        (PEOPLE + "also = ['@']\n", "people.toml:9: '@' is no name"),
        (PEOPLE + "also = ['GARAM']\n", "people.toml:9: 'GARAM' is 나래 here and 가람 further up"),
        (PEOPLE + "[[person]]\nname = 'n.'\n", "people.toml:9: n. and 나래 would both be shown as"),
        ("[person]\nname = '가람'\n", "people.toml:1: 'person' must be tables"),
        (PEOPLE + "also = [\n", "people.toml:10: this is no TOML"),
        ("[[person]]\nname = 가람\n", "people.toml:2:8: this is no TOML"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, "people.toml", text)
    with pytest.raises(ConfigError) as error:
        load_group(tmp_path / "meetings")
    assert str(error.value).startswith(f"meetings/{message}")
    assert "\n  mend: " in str(error.value)


def test_a_key_that_was_mistyped_is_guessed(tmp_path: Path) -> None:
    path = write(tmp_path, "people.toml", "[[person]]\nname = '가람'\ndispaly = 'G.'\n")
    with pytest.raises(ConfigError, match="did you mean 'display'"):
        load_people(path)


def test_a_line_inside_a_long_string_is_no_table(tmp_path: Path) -> None:
    text = '[[person]]\nname = """가람\n[[person]]\nalso = 1\n"""\nalso = 2\n'
    path = write(tmp_path, "people.toml", text)
    with pytest.raises(ConfigError, match=r"people\.toml:6: 'also'"):
        load_people(path)


def test_a_file_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "people.toml", "")
    path.write_bytes("[[person]]\nname = '가람'".encode("cp949"))
    with pytest.raises(ConfigError, match=r"people\.toml: byte 19 is no UTF-8"):
        load_people(path)


def test_windows_editors_write_a_mark_and_other_line_ends(tmp_path: Path) -> None:
    path = write(tmp_path, "people.toml", "")
    path.write_bytes(b"\xef\xbb\xbf" + PEOPLE.replace("\n", "\r\n").encode())
    assert load_people(path).canonical("@garam") == "가람"


WORDS = """\
[sections]
question = ["물음표"]

[when.weeks]
"다음 모임" = 1
"""


def test_the_groups_words_are_plain_data(tmp_path: Path) -> None:
    write(tmp_path, "lexicon.toml", WORDS)
    assert load_group(tmp_path / "meetings").words == {
        "sections": {"question": ["물음표"]},
        "when": {"weeks": {"다음 모임": 1}},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[section]\nx = []\n", "lexicon.toml:1: unknown key 'section'; known here: sections"),
        ("[sections]\nquestions = ['왜']\n", "lexicon.toml:2: unknown key 'questions'"),
        ("[sections]\nquestion = '왜'\n", "lexicon.toml:2: 'question' must be a list of texts"),
        ("sections = ['왜']\n", "lexicon.toml:1: 'sections' must be a table"),
        ("[when.weeks]\n'새 주' = '1'\n", "lexicon.toml:2: '새 주' must be of type int"),
    ],
)
def test_a_word_that_would_do_nothing_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, "lexicon.toml", text)
    with pytest.raises(ConfigError) as error:
        load_group(tmp_path / "meetings")
    assert str(error.value).startswith(f"meetings/{message}")
