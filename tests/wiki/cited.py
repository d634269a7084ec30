"""A project that nobody made: a paper, code that computes its equations, a test, pages, notes."""

from __future__ import annotations

from pathlib import Path

PAPERS = """\
[karg-2031]
cite = "Karg et al. (2031)"
authors = ["Karg", "Nalae", "Daon", "Laon"]
title = "Clouds & <Fog>"
url = "https://arxiv.org/abs/3101.00001"
also = ["구름 논문", "CLOUD"]
equations = 20
algorithms = 2
"""

CODE = r'''
r"""Clouds that drift.

The drift is linear (Eq. 3):

$$d = a t$$

References:
    Karg, Nalae, Daon, Laon: Clouds & <Fog>. 2031. arXiv:3101.00001.
    Malu, Bada: Rain on Plains. Weather 2029.
"""


class Cloud:
    """A cloud.

    Source: Karg et al. (2031), Eq. 2 and Algorithm 1; section 3 for more.
    """

    def __init__(self, wind):
        self.wind = wind

    def drift(self, time):
        r"""Move $x_t | x_0$ on.

        $$x_t = x_0 + d$$

        Source: Karg et al. (2031), Eqs. 3, 7 and
            11 to 13; Malu, Bada (2029), Eq. 4.

        Examples:
            >>> Cloud(1).drift(2)
            2
        """
        return self.wind * time

    def _hidden(self):
        """Source: Karg et al. (2031), Eq. 5."""


class Storm(Cloud):
    """A cloud that is angry."""


def rain_rate(cloud):
    """Give the rain.

    Source: Malu, Bada (2029), Eq. 4; Karg et al. (2031), Table 1.
    """
    return cloud.drift(1)


def cloud(wind):
    """Make a `Cloud`."""
    return Cloud(wind)
'''

TESTS = '''
from sky import Cloud
from sky.clouds import rain_rate


def test_the_drift_is_linear():
    """Moves evenly.

    Checks: Karg et al. (2031), Eq. 3.
    """
    cloud = Cloud(2)
    assert cloud.drift(3) == 6


def test_rain():
    assert rain_rate(Cloud(1)) == 1
'''

TALK = r"""
# 구름이 흐르는 식

논문: Karg et al. (2031)

구름은 곧게 흐릅니다(식 3). 바람이 곧 기울기입니다.

$$
d = a \cdot t
$$

다음은 비의 식입니다.
$$r = d^2$$
(Karg et al. (2031), Eq. 9)

내가 쓴 식도 있습니다.

$$r = \sqrt{d}$$

{#eq-my-rain}

[](eq:my-rain)은 [곧은 흐름](eq:karg-2031-3)에서, [](eq:karg-2031-algorithm-1)은
`Cloud`에서 나옵니다.
Malu, Bada (2029)의 식 4도 봅시다.

```python
from sky import Cloud

cloud = Cloud(3)
print(cloud.drift(2))
```
"""

NOTE = """\
다온님 - 구름 논문 식 3이 어렵다
\t- rain_rate 는 쉽다
라온님 - CLOUD의 식 (9)는 <b>왜</b> $제곱$인가

질문
1. Cloud.drift 는 왜 곧은가
"""


def write_cited(folder: Path) -> Path:
    """Write the project; its docs folder."""
    files = {
        "docs/papers.toml": PAPERS,
        "docs/api/index.md": "# API\n",
        "docs/api/clouds.md": "# Clouds\n\n::: sky.clouds\n\n::: sky.absent\n",
        "docs/talks/clouds.md": TALK,
        "sky/__init__.py": '"""Sky."""\n\nfrom sky.clouds import Cloud\n',
        "sky/clouds.py": CODE.lstrip(),
        "tests/test_clouds.py": TESTS,
        "meetings/week-01.txt": NOTE,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder / "docs"
