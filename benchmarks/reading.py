"""How fast the reader is on hostile and on ordinary text, against markdown-it-py on the same text.

    .venv/bin/python benchmarks/reading.py --megabytes 1 10

Each case is one text repeated until it has the size; both sides run in one process, one after the
other, timed by processor time. markdown-it-py parses to tokens (CommonMark, no rendering); it is
left out where it was slower than `PATIENCE` on the smaller text. Memory is the reader's peak by
tracemalloc, on the smallest size, as a multiple of the file.
"""

from __future__ import annotations

import argparse
import platform
import random
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version

from markdown_it import MarkdownIt

from studykit.wiki.read import read_note

FILE = "week-07.md"
PATIENCE = 20.0

WEEK = """가람님 - 구름이 낮게 깔린 날의 사진을 모아 보자
\t- 흰 종이를 옆에 두고 찍으면 밝기를 견줄 수 있다
\t- 안개가 낀 날은 초점이 잘 맞지 않는다
나래님 - 관찰 기록부터 정리하고 사진은 나중에 고르자

금일 질문 사항 :
1. 안개는 왜 아침에 걷히는가
2. 서리는 어디에 먼저 내리는지

다음 주까지 :
1. 구름 도감 읽기

구름 도감 : https://example.org/clouds/atlas?page=3
"""


def deep(size: int) -> str:
    """Lines that are indented by up to 500 columns."""
    lines = []
    while size > 0:
        lines.append(" " * (len(lines) % 500) + "- a\n")
        size -= len(lines[-1])
    return "".join(lines)


def varied(size: int) -> str:
    """Ordinary notes of which hardly two lines are alike, so that nothing is remembered."""
    random_ = random.Random(0)
    syllables = [chr(code) for code in range(ord("가"), ord("힣"), 28)]
    lines = []
    while size > 0:
        for line in WEEK.splitlines():
            word = "".join(random_.choices(syllables, k=4))
            lines.append(f"{line} {word}\n" if len(line) > 8 else f"{line}\n")
            size -= len(lines[-1].encode())
    return "".join(lines)


CASES: dict[str, Callable[[int], str]] = {
    "one line of Hangul": lambda size: "가" * (size // 3),
    "opening brackets": lambda size: "[" * size,
    "angle brackets": lambda size: "<" * size,
    "blanks": lambda size: " " * size,
    "empty lines": lambda size: "\n" * size,
    "digits": lambda size: "1" * size,
    "deep indents": deep,
    "links on one line": lambda size: "[제목](https://example.org/a)" * (size // 31),
    "turns": lambda size: "가람님 - a\n" * (size // 14),
    "ordinary notes": lambda size: WEEK * (size // len(WEEK.encode()) + 1),
    "notes, no two lines alike": varied,
    # Each line asks what the whole note, or its table, is like.
    "owners behind stars": lambda size: "- 구름 그리기 ★이가람\n" * (size // 34),
    "headings with Q1": lambda size: "## Q1 구름은 어디에서 와서 어디로 가는지\n" * (size // 58),
    "a table of names": lambda size: (
        "| 구름 | 비 |\n|---|---|\n" + "| 이가람 | 비 |\n" * (size // 20) + "| 끝 | 비 |\n"
    ),
    "lines of two letters": lambda size: "ab\n" * (size // 3),
}


def seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def peak(data: bytes) -> float:
    """The reader's peak memory, as a multiple of the file."""
    tracemalloc.start()
    read_note(data, FILE)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / len(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--megabytes", type=float, nargs=2, default=[1.0, 10.0])
    parser.add_argument("--only", nargs="*", default=list(CASES), help="names of cases")
    chosen = parser.parse_args()
    small, large = (int(size * 1_000_000) for size in chosen.megabytes)
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, ")
    print(f"markdown-it-py {version('markdown-it-py')}; {small / 1e6:g} and {large / 1e6:g} MB\n")
    print("| text | MB/s | growth | memory | markdown-it-py's time to ours |")
    print("| --- | --- | --- | --- | --- |")
    engine = MarkdownIt()
    read_note(WEEK.encode(), FILE)
    for name in chosen.only:
        texts = [CASES[name](size) for size in (small, large)]
        ours = [seconds(lambda text=text: read_note(text.encode(), FILE)) for text in texts]
        theirs = seconds(lambda text=texts[0]: engine.parse(text))
        speed = large / 1e6 / ours[1]
        growth = ours[1] / ours[0] / (large / small)
        ratio = theirs / ours[0]
        if theirs < PATIENCE:
            ratio = seconds(lambda text=texts[1]: engine.parse(text)) / ours[1]
        memory = peak(texts[0].encode())
        print(f"| {name} | {speed:.2f} | {growth:.2f} | {memory:.0f} | {ratio:.1f} |", flush=True)


if __name__ == "__main__":
    main()
