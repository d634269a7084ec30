"""Whatever is written into a note, into the middle of its lines, the reader keeps its promises.

The other properties put lines together; here each invented note is damaged: signs, names and days
stand where nobody would type them, as they do after a paste or a slip of the hand.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.wiki.promises import read_as_promised

SHAPES = sorted((Path(__file__).parent / "shapes").iterdir())
PIECES = [
    *"()[]<>「」『』“”\"'`*|@#:：,、·・&+/→←↳■●○▶☆★☐✅❌🙋👥…!?？~^.",
    *("（", "）", "->", "=>", ">>", " - ", " – ", "ㅡ", " / ", "**", "__", "~~", "```", "| ", "- "),
    *("-- ", "1. ", "A. ", "Q. ", "Q1) ", "## ", "> ", "\t", "  ", "\u3000", "\u200b", "\ufe0f"),
    *(
        "님",
        "씨",
        "쌤",
        "さん",
        "누나",
        "선배님",
        " 및 ",
        " and ",
        "하고 ",
        "랑 ",
        "은 ",
        "는 ",
        "이 ",
    ),
    *("12:30 ", "3/14 ", "2031-03-04", "다음 주 ", "Oct 28 ", "까지", "~3/14", "3주차 ", "일시: "),
    *(
        "발표",
        "발제",
        "참석: ",
        "불참",
        "3명",
        "전원",
        "요?",
        "지",
        "나요",
        "왈 ",
        "曰く",
        " by ",
        "from ",
    ),
    *(
        "하늘",
        "이하늘",
        "나래",
        "Robin",
        "Sky Field",
        "J021_",
        "S005 ",
        "질문",
        "할 일",
        "결정",
        "[ ] ",
    ),
]
MANY = range(1, 13)


def damaged(text: str, random: Random) -> str:
    """The text after as many slips as it has lines, six at least."""
    lines = text.split("\n")
    for _ in range(max(6, len(lines))):
        at = random.randrange(len(lines))
        line, slip = lines[at], random.random()
        if slip < 0.6:
            place = random.choice((0, len(line), random.randint(0, len(line))))
            lines[at] = line[:place] + random.choice(PIECES) + line[place:]
        elif slip < 0.7 and line:
            place = random.randrange(len(line))
            lines[at] = line[:place] + line[place + 1 :]
        elif slip < 0.8:
            lines[at] = "".join(random.choices(PIECES, k=random.randint(1, 5)))
        elif slip < 0.9:
            lines[at] = random.choice(lines)
        else:
            lines.insert(at, random.choice(lines))
    return "\n".join(lines)


def check(seed: int) -> None:
    for number, path in enumerate(SHAPES):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        data = damaged(text, Random(1000 * seed + number)).encode("utf-8", "surrogateescape")
        other = ".txt" if path.suffix == ".md" else ".md"
        for suffix in (path.suffix, other):
            try:
                read_as_promised(data, f"week-07{suffix}")
            except Exception as error:
                error.add_note(f"{path.name}, seed {seed}, read as {suffix}:\n{data!r}")
                raise


def test_damaged_notes() -> None:
    check(0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", MANY)
def test_many_damaged_notes(seed: int) -> None:
    check(seed)


@pytest.mark.parametrize(
    ("text", "file"),
    [
        # A log's action whose line is made something else by the line above it.
        ('12/2 은채님 StyleGAN\n12:30 * Leo "critic은 …"\n', "week-07.md"),
        ('12:30 * Leo "critic은 …"\n12/2 은채님 StyleGAN\n', "week-07.md"),
        # A chapter beside a mark with nothing behind it.
        ("▶\n17장 자바스크립트도구와 확장\n", "week-07.txt"),
        # A heading by a mark that is a label, the first of its run.
        ("* 김하늘 : 표지\n* 이나래 : 지도\n* 박가람 : 사진\n▶ 김하늘 : 글\n", "week-07.txt"),
    ],
)
def test_once_raised(text: str, file: str) -> None:
    read_as_promised(text.encode(), file)
