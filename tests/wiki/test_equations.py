"""The index of equations: found in docstrings, by number."""

from __future__ import annotations

import textwrap

import pytest

from studykit.wiki.chrome import load_chrome
from studykit.wiki.equations import equations_page, find_equations

MODULE = '''
r"""A module.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Song, Meng, Ermon: Denoising Diffusion Implicit Models. ICLR 2021. arXiv:2010.02502.
    Dowson, Landau: The Fréchet Distance between Multivariate Normal Distributions. JMVA 1982.
"""


class Model:
    """A model.

    Source: Ho et al. (2020), Eq. 2 and Algorithm 1; section 3 for more.
    """

    def step(self):
        r"""Take $x_t | x_0$ a step.

        Source: Ho et al. (2020), Eqs. 6, 7 and 11 to 13; Song, Meng, Ermon (2021), Eq. 12;
            Song et al. (2021), Eq. 12; Nobody (1999), Eq. 4.

        Examples:
            >>> Eq. 99
        """

    def _hidden(self):
        """Source: Ho et al. (2020), Eq. 5."""


def distance():
    """Give a distance.

    Source: Dowson and Landau (1982), Eq. 4; Song et al. (2021), Table 1.
    """
'''


@pytest.fixture
def docs(tmp_path):
    (tmp_path / "docs/api").mkdir(parents=True)
    (tmp_path / "docs/api/models.md").write_text(
        "# M\n\n::: pack.age\n\n::: pack.absent\n", "utf-8"
    )
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/age.py").write_text(textwrap.dedent(MODULE).lstrip(), "utf-8")
    return tmp_path / "docs"


def test_each_number_of_each_paper_finds_its_code(docs):
    found = find_equations(docs, docs.parent)
    assert [(e.paper.key, e.kind, e.number, e.name) for e in found] == [
        ("dowson-landau-1982", "Eq", "4", "distance"),
        ("ho-jain-2020", "Eq", "2", "Model"),
        ("ho-jain-2020", "Eq", "6", "Model.step"),
        ("ho-jain-2020", "Eq", "7", "Model.step"),
        ("ho-jain-2020", "Eq", "11", "Model.step"),
        ("ho-jain-2020", "Eq", "12", "Model.step"),
        ("ho-jain-2020", "Eq", "13", "Model.step"),
        ("ho-jain-2020", "Algorithm", "1", "Model"),
        ("song-meng-2021", "Eq", "12", "Model.step"),
        ("song-sohl-dickstein-2021", "Eq", "12", "Model.step"),
    ]
    assert found[2].anchor == "pack.age.Model.step"
    assert found[2].page == "models.md"


@pytest.mark.parametrize(("language", "label"), [("ko", "식 12"), ("en", "Eq. 12")])
def test_the_page_links_number_paper_and_code(docs, language, label):
    page = equations_page(find_equations(docs, docs.parent), load_chrome(language))
    assert page.path == "api/equations.md"
    row = (
        f"| [{label}](#ho-jain-2020-eq-12){{#ho-jain-2020-eq-12}} "
        r"| [`Model.step`](models.md#pack.age.Model.step) | Take $x_t \| x_0$ a step. |"
    )
    assert row in page.body.splitlines()
    assert "{#song-sohl-dickstein-2021}\n" in page.body
    assert "(https://arxiv.org/abs/2006.11239)" in page.body
    assert "Fréchet Distance between Multivariate Normal Distributions\n" in page.body


def test_papers_equations_are_found_in_the_project_itself(root):
    found = {(e.paper.name, e.kind, e.number) for e in find_equations(root / "docs", root)}
    ho = {
        int(number)
        for name, kind, number in found
        if name == "Ho, Jain, Abbeel (2020)" and kind == "Eq"
    }
    # Section 2 and 3 of the paper, Eqs. 1 to 15, are all there.
    assert ho == set(range(1, 16))
    song = {number for name, kind, number in found if name == "Song et al. (2021)" and kind == "Eq"}
    assert song >= {str(number) for number in range(1, 15)}
