"""Invented notes in the manner of real ones, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ENGLISH", "KOREAN", "Words", "note", "write_notes"]


@dataclass(frozen=True)
class Words:
    """What a note is made of. Section labels are Korean: the reader knows no others yet."""

    names: str
    nouns: str
    ends: tuple[str, ...]


KOREAN = Words(
    "가람님 나래님 다온님 라온님 마루님 바다님 새솔님 아라님",
    "구름 안개 서리 이슬 바람 기압 관측 사진 기록 온도 그림 계산 비교 까닭 모양 높이",
    ("보자", "필요하다", "어떨까", "중요하다", "-> 다음에 다시", "+ 정리"),
)
ENGLISH = Words(
    "Robin님 Sasha님 Quinn님 Jules님 Avery님",
    "cloud fog frost dew wind gauge photo record chart reason shape height",
    ("again", "first", "maybe", "-> later", "+ summary"),
)


def note(week: int, seed: int = 0, words: Words = KOREAN) -> str:
    """One note of about the size of the first real one.

    Args:
        week: The week of the note.
        seed: Another seed, other notes.
        words: `KOREAN` or `ENGLISH`.
    """
    random_ = random.Random(f"{seed}-{week}")
    names, nouns = words.names.split(), words.nouns.split()

    def say() -> str:
        return " ".join([*random_.sample(nouns, random_.randint(2, 5)), random_.choice(words.ends)])

    lines = [f"{random_.randint(1, 9)}. {say()}", ""]
    for _ in range(14):
        lines.append(f"{random_.choice(names)}\t- {say()}")
        lines += [f"\t- {say()}" for _ in range(random_.randint(0, 4))] + [""]
    subjects = random_.sample(nouns, 2)
    lines += [f"다다음주에 {subjects[0]} 및 {subjects[1]} 정리 및 발표", ""]
    for subject in subjects:
        lines += [f"{subject} 발표 - {', '.join(random_.sample(names, 2))}", ""]
    lines += ["금일 질문 사항 :", "", *(f"{number}. {say()}?" for number in (1, 2, 3)), ""]
    lines += ["결정 사항 :", "", f"- {say()}", "", "링크 :", ""]
    for _ in range(7):
        # Some addresses come again in other weeks, as real ones do.
        lines += [f"{say()} : https://example.org/{random_.randrange(2000)}", ""]
    lines += ["다음 주 까지 :", "", f"1. {say()}", "", f"2. {say()}"]
    return "\n".join(lines) + "\n"


def write_notes(folder: Path, count: int, seed: int = 0) -> None:
    """Write the notes of the weeks from 1 to `count`."""
    folder.mkdir(parents=True, exist_ok=True)
    for week in range(1, count + 1):
        (folder / f"week-{week:04}.txt").write_text(note(week, seed), "utf-8", newline="\n")
