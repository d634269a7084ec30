"""An archive that nobody wrote, with registers of several pages and lines as wide as they get."""

from __future__ import annotations

import base64
import json
import struct
import zlib

WEEKS = 26
"""With three questions and three links each, so that both registers have two pages."""

PEOPLE = ("가람", "나래", "다온", "라온", "마루", "바다", "사랑", "아라", "자람", "차오름")
LONG = "https://example.org/" + "a-very-long-address-without-a-space-" * 6
UNBROKEN = "띄어쓰기없이" * 20 + "x" * 120


SIGNED = """
구름은 매일 다르다 [name=나래] [time=Tue, Mar 4, 2031 11:02:33 AM] [color=#112233]
"""
"""A comment of HackMD, whose signature is wider than a phone."""


def invented_files() -> dict[str, str]:
    """The project's notes and hand-written pages by path."""
    notes = {f"meetings/week-{week:02}.txt": _note(week) for week in range(1, WEEKS + 1)}
    return {**notes, "docs/talks/clouds.md": TALK, "docs/notebooks/clouds.ipynb": notebook()}


def _note(week: int) -> str:
    first, second = PEOPLE[week % len(PEOPLE)], PEOPLE[(week + 1) % len(PEOPLE)]
    return f"""\
1. {week}번째 구름 이야기

{first}님 - 구름 사진 {week}장을 봤다
\t- 두 번째 줄

{second}님\t- {UNBROKEN if week == 2 else "비가 올 것 같다"}
{SIGNED if week == 2 else ""}
{first}님 발표

금일 질문 사항 :

1. {week}주차 구름은 왜 흰가
2. {week}주차 안개는 왜 낮은가
3. {week}주차 무지개는 왜 둥근가

링크 :

구름 도감 {week} : https://clouds.example.org/{week}

안개 논문 {week} : https://arxiv.org/abs/2101.{week:05}

영상 {week} : {LONG if week == 2 else "https://www.youtube.com/watch?v="}{week}

다음 주 까지 :

1. {week}번째 구름 그리기
"""


_SUM = " + ".join([r"\int_0^1 f(x)\,dx"] * 9)
_CELLS = " | ".join(["a long heading of a column"] * 9)
TALK = f"""\
# 구름의 수식

문장 속의 $w_t = \\sqrt{{1 - c_t}}$ 그리고 따로 선 수식:

$${_SUM}$$

| {_CELLS} |
| {"|".join(["---"] * 9)} |
| {_CELLS} |

<{LONG}>

```python
clouds = observe(sky, morning=True, evening=True, name="{_CELLS}")
```
"""


STOCK = f"""\
# A plain page

Text with `code` and a [link](#a-section) in it.

## A section

| {_CELLS} |
| {"|".join(["---"] * 9)} |
| {_CELLS} |

- one
- two[^1]

```python
def observe(sky: str, morning: bool = True) -> int:  # a comment
    \"\"\"A docstring.\"\"\"
    return len(sky) + 12 if morning else print("{_CELLS}")
```

[^1]: A footnote.
"""


def notebook() -> str:
    """A notebook with formulas, a picture, a wide table, long lines and Korean headings."""
    table = "<tr>" + "<td>0.1234567</td>" * 24 + "</tr>"
    cells = [
        _text(
            "# 구름 세기\n\n수식 $x_t = \\sqrt{\\bar\\alpha_t}\\,x_0$ 과\n\n$$q(x_t \\mid x_0)$$"
        ),
        _text("## 앞으로 가기\n\n[뒤로](#뒤로-가기)"),
        _code("clouds = 3  # 구름\nclouds", _result({"text/plain": "3"})),
        _code("draw()", _result({"image/png": _png(900, 300), "text/plain": "<Image>"})),
        _code(
            "print('c' * 300)",
            {"output_type": "stream", "name": "stdout", "text": "c" * 300 + "\n"},
        ),
        _code(
            "table" * 40, _result({"text/html": f"<table>{table * 3}</table>", "text/plain": ""})
        ),
        _text("## 뒤로 가기\n\n끝."),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    )


def _text(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "id": _id(source), "metadata": {}, "source": source}


def _code(source: str, *outputs: dict[str, object]) -> dict[str, object]:
    counted = [{**o, "execution_count": 1} if "data" in o else o for o in outputs]
    cell = {"cell_type": "code", "id": _id(source), "metadata": {}, "source": source}
    return {**cell, "execution_count": 1, "outputs": counted}


def _id(source: str) -> str:
    return f"{zlib.crc32(source.encode()):08x}"


def _result(data: dict[str, str]) -> dict[str, object]:
    return {"output_type": "execute_result", "metadata": {}, "data": data}


def _png(width: int, height: int) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    row = b"\0" + bytes(255 * x // width for x in range(width))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * height))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts + chunk(b"IEND", b"")).decode()
