"""From bytes to lines: the encoding, what nobody sees in a line, and what git leaves behind."""

from __future__ import annotations

import ast
import re
import sys
import time
import unicodedata
from collections import Counter
from pathlib import Path
from random import Random

import chardet
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.wiki import lines as lines_module
from studykit.wiki.encodings import decode
from studykit.wiki.lines import Line, conflicts, split_lines
from tests.wiki.any_note import note_bytes

KOREAN = """
질문 발표 논문 수식 이해 다음 주까지 정리하기 코드를 리뷰 오늘 회의 참석자 가람님 나래님은 안개를
서리의 구름이 학습 데이터가 손실 함수 결정 과제 의견에 동의 어떨까 좋겠다 그림으로 확률 실험
결과를 비교 어렵다 금요일 똠방각하 설렜다
"""
JAPANESE = """
質問 発表 論文を 数式の 理解 次回までに 整理する コード レビュー 今日の 会議 参加者 山田さん データ
損失関数 決定 課題 意見に 賛成です どうでしょう 読んでくる 確率 実験の 結果を 比較 難しい 金曜日
ありがとうございます やってみる
"""


def invented(words: str, between: str, random: Random) -> str:
    """A short note: some lines of these words, some with a bullet, an address or a date."""
    lines = []
    for _ in range(random.randint(1, 6)):
        start = random.choice(["", "", "- ", "1. ", "DDPM : ", "https://example.org/a ", "3/14 "])
        lines.append(start + between.join(random.choices(words.split(), k=random.randint(3, 8))))
    return "".join(line + random.choice(["\n", "\r\n"]) for line in lines)


def check(data: bytes) -> tuple[str, str]:
    text, encoding = decode(data)
    assert text.encode(encoding, "surrogateescape") == data
    return text, encoding


# Bytes


@given(st.binary(max_size=200) | note_bytes)
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbf\xef\xbb\xbf\xff")
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"\xff\xfe\x00\xd8")
@example(b"\xfe\xff\x00")
@example(b"\xed\xb2\x80")
@example("≒".encode("cp932") + b"\x87\x90" * 9)  # both are ≒, and Python writes the first
def test_text_gives_the_bytes_back(data: bytes) -> None:
    check(data)


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.data())
def test_a_bad_byte_anywhere_gives_the_bytes_back(text: str, data: st.DataObject) -> None:
    encoding = data.draw(st.sampled_from(["utf-8", "cp949", "cp932", "utf-16-le", "utf-16-be"]))
    typed = text.encode(encoding, "ignore")
    cut = data.draw(st.integers(0, len(typed)))
    check(typed[:cut] + data.draw(st.binary(min_size=1, max_size=1)) + typed[cut:])


@pytest.mark.parametrize(
    ("text", "written_in", "encoding"),
    [
        ("", "utf-8", "utf-8"),
        ("plain", "ascii", "utf-8"),
        ("가람님 - 안개", "utf-8", "utf-8"),
        ("가람님 - 안개", "utf-8-sig", "utf-8-sig"),
        ("가람님 - 안개\r\n", "utf-16", "utf-16"),
        ("가람님 - 안개\r\n", "utf-16-le", "utf-16-le"),
        ("가람님 - 안개\r\n", "utf-16-be", "utf-16-be"),
        ("「霧」の質問 : 山田さん\n", "utf-16-le", "utf-16-le"),
        ("「霧」の質問 : 山田さん\n", "utf-16-be", "utf-16-be"),
        ("what is fog?\n", "utf-16-le", "utf-16-le"),
        ("what is fog?\n", "utf-16-be", "utf-16-be"),
        ("질문", "euc-kr", "cp949"),
        ("질문 발표\n" * 40, "euc-kr", "cp949"),  # few letters, often: no statistics
        ("똠방각하를 봤다", "cp949", "cp949"),
        ("in English first, " * 5000 + "그리고 안개", "cp949", "cp949"),
        ("質問", "shift_jis", "cp932"),
        ("①霧の質問", "cp932", "cp932"),
        ("ありがとうございます", "shift_jis", "cp932"),  # one first byte for all letters
        ("テスト\n" * 40, "shift_jis", "cp932"),
    ],
)
def test_an_encoding_is_told(text: str, written_in: str, encoding: str) -> None:
    assert check(text.encode(written_in)) == (text, encoding)


def test_the_mark_of_utf_16_stays_in_the_text_where_python_has_no_codec_for_it() -> None:
    text, encoding = check("\ufeff가람\n".encode("utf-16-be"))
    assert (text, encoding) == ("\ufeff가람\n", "utf-16-be")
    assert split_lines(text)[0].body == "가람"


@pytest.mark.parametrize("bad", [b"\xff", b"\x80", b"\xc0", b"\xb0"])
@pytest.mark.parametrize("place", [0, 3, 6])
def test_utf_8_with_a_bad_byte_is_utf_8(bad: bytes, place: int) -> None:
    text = "가람님 안개"
    before, behind = text[:place].encode(), text[place:].encode()
    escaped = bad.decode("utf-8", "surrogateescape")
    assert check(before + bad + behind) == (text[:place] + escaped + text[place:], "utf-8")


@pytest.mark.parametrize(
    "data",
    [b"abc\xff def", b"\xff", "für Äpfel und Öl".encode("cp1252"), b"I don\x92t know\n"],
)
def test_bytes_of_no_known_encoding_are_escaped(data: bytes) -> None:
    text, encoding = check(data)
    assert encoding == "utf-8"
    assert sum("\udc80" <= letter <= "\udcff" for letter in text) == sum(b > 127 for b in data)


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp949", "가람님 안개를 봤다"), ("cp932", "霧の 質問です")]
)
def test_an_older_encoding_with_a_bad_byte_is_that_encoding(encoding: str, text: str) -> None:
    start, end = text.split(maxsplit=1)
    data = start.encode(encoding) + b" \x81 " + end.encode(encoding)
    assert check(data) == (f"{start} \udc81 {end}", encoding)


@pytest.mark.parametrize("size", [64, 1000, 100_000])
def test_rubbish_is_utf_8_with_escapes(size: int) -> None:
    for seed in range(20):
        assert check(Random(seed).randbytes(size))[1] == "utf-8"


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-16-le", "utf-16-be"])
def test_korean_is_never_taken_for_something_else(encoding: str) -> None:
    random = Random(4)
    for _ in range(200):
        text = invented(KOREAN, " ", random)
        assert check(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-16-le", "utf-16-be"])
def test_japanese_is_never_taken_for_something_else(encoding: str) -> None:
    random = Random(4)
    for _ in range(200):
        text = invented(JAPANESE, "", random)
        assert check(text.encode(encoding)) == (text, encoding)


def test_the_detector_sees_little_of_a_large_note(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    detect = chardet.detect

    def watched(data: bytes, **options: object) -> object:
        seen.append(len(data))
        return detect(data, **options)

    monkeypatch.setattr(chardet, "detect", watched)
    assert check(("가람님 - 안개\n" * 100_000).encode() + b"\xff")[1] == "utf-8"
    assert seen == []
    assert (
        check(("質問、論文、発表、決定、課題、確率、実験\n" * 100_000).encode("cp932"))[1]
        == "cp932"
    )
    assert 0 < max(seen) <= 1 << 16


# Lines

PIECES = [
    *"a가힣字か゛1: -\t\n\r",
    *"\x0b\x1c\x85\xa0\u2000\u2028\u3000\u3164",
    *"\u200b\u200d\u2060\ufeff\u00ad\u200e\u202e",
    *"：（），－０Ａｚ～",
    *"\u1100\u1161\u11a8\u0301\u0323\u3099\u0344\u212b\u037e\uf900\u0958",
    "\r\n",
    "한글",
    "\u1112\u1161\u11ab",
    "e\u0323\u0301",
    "e\u0301\u0323",
    "\u0301" * 40,
    "\u0301\u0323" * 20,
    "👩\u200d💻",
    "\udcff",
    "  ",
]
texts = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=40).map("".join)
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def only_line(text: str) -> Line:
    (line,) = split_lines(text)
    return line


@given(texts)
def test_lines_join_to_the_text(text: str) -> None:
    lines = split_lines(text)
    assert [text[line.start : line.end] for line in lines] == re.findall(
        r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text
    )
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        assert text[line.start : line.end].startswith(line.text)
        assert re.fullmatch("[\r\n]{0,2}", text[line.start + len(line.text) : line.end])
        assert line.body == text[line.body_start : line.body_end]
        assert line.start <= line.body_start <= line.body_end <= line.end
        assert line.blank == (not line.body) == (not line.words)
        assert line.body == line.body.strip()
        around = text[line.start : line.body_start] + text[line.body_end : line.end]
        assert not UNSEEN.sub("", around).replace("\u3164", "").strip()


@given(texts | texts.map(lambda text: "길다" * 150 + text))
def test_words_come_from_the_body(text: str) -> None:
    for line in split_lines(text):
        words = line.words
        places = [line.offset(index) for index in range(len(words) + 1)]
        assert places == sorted(places)
        assert (places[0], places[-1]) == (line.body_start, line.body_end)
        assert [line.words for line in split_lines(text[places[0] : places[-1]])] == [words] * bool(
            words
        )
        assert [line.words for line in split_lines(words)] == [words] * bool(words)
        assert words == words.strip()
        assert not UNSEEN.search(words)
        assert not re.search("[^\\S \t]|[\uff01-\uff5e]", words)
        for letter, place in zip(words, places, strict=False):
            if letter.isascii() and letter.isalnum():
                base = unicodedata.normalize("NFKD", text[place])
                assert letter in base or UNSEEN.match(text[place])


@given(texts.filter(lambda text: not re.search("[\u0300-\u036f\u3099]{9}", text)))
def test_words_are_the_same_however_letters_are_composed(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    words = [line.words for line in split_lines(text)]
    assert [line.words for line in split_lines(composed)] == words
    assert [line.words for line in split_lines(apart)] == words
    for each in words:
        assert unicodedata.is_normalized("NFC", each)


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("가람： １２", "가람: 12", [0, 1, 2, 3, 4, 5, 6]),
        (" 가\u200b람 ", "가람", [1, 3, 4]),
        ("가\tb\u3000c", "가\tb c", [0, 1, 2, 3, 4, 5]),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af!", "한글!", [0, 3, 6, 7]),
        ("가\u1112\u1161\u200b\u11ab!", "가한!", [0, 1, 5, 6]),
        ("e\u0301x", "éx", [0, 2, 3]),
        ("\u0344x", "\u0308\u0301x", [0, 1, 1, 2]),
    ],
)
def test_words_know_their_places(text: str, words: str, places: list[int]) -> None:
    line = only_line(text)
    assert line.words == words
    assert [line.offset(index) for index in range(len(words) + 1)] == places


@pytest.mark.parametrize(
    ("lead", "indent"),
    [
        ("", 0),
        ("   ", 3),
        ("\t", 8),
        ("   \t", 8),
        ("        \t", 16),
        ("\u3000", 2),
        ("\u3000\t", 8),
        ("\u200b \ufeff\xa0", 2),
        ("\u200b\t", 8),
        ("\u3164\u3000", 4),
    ],
)
def test_an_indent_is_as_wide_as_it_looks(lead: str, indent: int) -> None:
    assert only_line(f"{lead}x").indent == indent
    assert only_line(f"{lead}가：").indent == indent


@given(st.text(" \t\u3000\u200b\xa0", max_size=12), st.text("\u200b\ufeff", max_size=2), st.data())
def test_indents_that_look_the_same_are_the_same(
    lead: str, unseen: str, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(lead)))
    twin = lead[:cut] + unseen + lead[cut:].replace("\u3000", "  ").replace("\xa0", " ")
    column = only_line(f"{lead}x").indent
    assert only_line(f"{twin}x").indent == column == only_line(" " * column + "x").indent


@pytest.mark.parametrize("text", ["\u200b", "\u3000", "\ufeff \u3000\t", "\u3164", "\u2800\u200e"])
def test_a_line_with_nothing_to_see_is_blank(text: str) -> None:
    line = only_line(f"{text}\n")
    assert (line.blank, line.body, line.words, line.text) == (True, "", "", text)
    assert line.offset(0) == line.body_start == line.body_end == len(text)


def test_settled_characters_are() -> None:
    """NFC changes none, and joins none to what stands before."""
    settled = re.compile(f"[{lines_module._SETTLED_RANGES}]")
    joined = {
        parts[-1]
        for code in range(sys.maxunicode + 1)
        if len(parts := unicodedata.decomposition(chr(code)).split()) == 2 and parts[0][0] != "<"
    }
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        if settled.match(letter):
            assert unicodedata.normalize("NFC", letter) == letter
            assert unicodedata.combining(letter) == 0
            assert f"{code:04X}" not in joined
            assert not 0x1161 <= code <= 0x11FF  # Hangul joins by arithmetic, not by the table


# Conflicts


def test_no_rule_looks_for_full_width_forms_in_words() -> None:
    """Words have none; only what is matched with the text as typed may."""
    found = Counter[str]()
    for path in Path(lines_module.__file__).with_name("rules").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        statements = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
        docstrings = {id(node) for node in statements}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                wide = re.search(r"[\uff01-\uff5e\u3000]|\\u3000|\\uff[0-5]", node.value)
                found[path.name] += wide is not None and id(node) not in docstrings
    assert +found == {
        "cells.py": 1,  # a line of a cell
        "link.py": 3,  # what no address holds, and the colon before one
    }


def test_both_sides_of_a_conflict_stay() -> None:
    text = (
        "가람님 - 안개\r\n<<<<<<< HEAD\r\n나래님 - 서리\r\n||||||| 1a2b3c4\r\n=======\r\n"
        "다온님 - 구름\r\n>>>>>>> other branch\r\n끝\r\n"
    )
    assert conflicts(split_lines(text)) == [(1, 3, 4, 6)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "제목\n=======\n내용",
        "<<<<<<< HEAD\na\n=======\nb",
        "<<<<<<< HEAD\na\n>>>>>>> b",
        "a\n=======\nb\n>>>>>>> b",
        " <<<<<<< HEAD\na\n=======\nb\n>>>>>>> b",
        "<<<<<<<HEAD\na\n=======\nb\n>>>>>>> b",
        "<<<<<<<< HEAD\na\n========\nb\n>>>>>>>> b",
        ">>>>>>> b\n=======\n<<<<<<< a",
    ],
)
def test_half_a_conflict_is_none(text: str) -> None:
    assert conflicts(split_lines(text)) == []


def test_a_conflict_starts_at_its_last_start_and_has_one_middle() -> None:
    text = "<<<<<<< a\nx\n<<<<<<< b\ny\n=======\n제목\n=======\n>>>>>>> c\n" * 2
    assert conflicts(split_lines(text)) == [(2, 4, 7), (10, 12, 15)]


# Speed

HARD = {
    "one line": "가나다라 abc ",
    "brackets": "[",
    "blanks": " ",
    "digits": "1",
    "unseen": "\u200b",
    "between unseen": "a\u200b",
    "marks out of order": "\u0301\u0323",
    "marks on every letter": "e\u0301",
    "jamo": "\u1112\u1161\u11ab",
    "vowels": "\u1161",
    "full width": "：１",
    "escapes": "\udcff",
    "deep indents": "\t" * 1000 + "\u3000" * 1000 + "x\n",
    "edges": " " * 1000 + "x" + " " * 1000 + "\n",
    "starts of conflicts": "<<<<<<< a\n",
}


@pytest.mark.parametrize("unit", HARD.values(), ids=HARD)
def test_no_text_takes_more_than_linear_time(unit: str) -> None:
    """The square of this size would take minutes."""
    text = f"x{unit * (500_000 // len(unit))}x"
    start = time.perf_counter()
    decode(text.encode("utf-8", "surrogateescape"))
    lines = split_lines(text)
    conflicts(lines)
    for line in lines:
        line.offset(len(line.words) // 2)
    assert time.perf_counter() - start < 5


def test_a_long_line_is_cut_out_once() -> None:
    line = only_line(f"  {'가나 ' * 1000}\u200b ")
    assert line.text is line.text
    assert line.body is line.body
    assert line.words is line.words
