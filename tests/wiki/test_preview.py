"""`studykit preview`: what a change brings, in one file."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.wiki.check import CODES
from studykit.wiki.preview import write_preview
from studykit.wiki.preview.formulas import show_formulas
from studykit.wiki.preview.marks import cells, changed_cells, marked
from tests.wiki.conftest import make_small_project
from tests.wiki.support import Project, parse

PNG = b"\x89PNG\r\n\x1a\n"


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def write(folder: Path, files: dict[str, str | bytes | None]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        elif isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, "utf-8")


def notebook(*code: str) -> str:
    made = [nbformat.v4.new_markdown_cell("# 구름 노트북\n\n식 $a_t$")]
    made += [
        nbformat.v4.new_code_cell(each, outputs=[nbformat.v4.new_output("stream", text=each)])
        for each in code
    ]
    for number, cell in enumerate(made):
        cell["id"] = f"cell-{number}"
    return str(nbformat.writes(nbformat.v4.new_notebook(cells=made)))


BEFORE: dict[str, str | bytes | None] = {
    ".gitignore": "node_modules\n",
    "meetings/people.toml": '[[person]]\nname = "현수"\ndisplay = "H."\n',
    "meetings/week-02.txt": "현수님 - 안개\n\n질문\n1. 안개는 언제 걷히나\n\n결정: 사진을 모은다\n",
    "docs/terms.toml": '[[term]]\nid = "fog"\nko = "안개"\nen = "fog"\ndefinition = "낮은 구름."\n',
    "docs/talks/안개/index.md": "# 안개\n\n현수가 $a_t$ 를 보였다.\n\n![하늘](하늘.png)\n",
    "docs/talks/안개/하늘.png": PNG + b"1",
    "docs/talks/비.md": "# 비\n\n그친다.\n",
    "docs/talks/그대로.md": "# 그대로\n\n![](nowhere.png)\n",
    "docs/notebooks/구름.ipynb": notebook("x = 1", "y = 2"),
}
CHANGE: dict[str, str | bytes | None] = {
    "meetings/week-02.txt": "현수님 - 안개\n\n질문\n1. 안개는 왜 걷히나\n2. 비는 왜 오나\n",
    "meetings/week-03.txt": (
        "고슴도치 : 컨볼루숀을 쓰자\n\n다음 주까지 할 일\n- 다온 : 사진 고르기\n"
    ),
    "docs/terms.toml": '[[term]]\nid = "rain"\nko = "비"\nen = "rain"\ndefinition = "물."\n',
    "docs/talks/안개/index.md": (
        "# 안개\n\n현수가 $b_t$ 를 보였다.\n\n![하늘](하늘.png)\n\n$\\frac{$\n"
    ),
    "docs/talks/안개/하늘.png": PNG + b"2",
    "docs/questions/issue-12.toml": (
        'number = 12\ntext = "눈은 왜 흰가"\nplace = ""\nasker = "garam"\ndate = "2031-03-18"\n'
        'url = "https://github.example/group/wiki/issues/12"\n'
    ),
    "docs/talks/비.md": None,
    "docs/talks/서리.md": "---\nanwers: [w02-q1]\nweek: 세\n---\n# 서리\n",
    "docs/talks/눈.md": "# 눈\n\n![큰 그림](큰.png) ![표](표.svg)\n",
    "docs/talks/큰.png": PNG + bytes(1_000_001),
    "docs/talks/표.svg": '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    "docs/notebooks/구름.ipynb": notebook("x = 1", "y = 3"),
    "clouds.py": "x = 1\n",
}


@pytest.fixture(scope="module")
def changed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A repository of two commits, with Hangul in its path."""
    folder = tmp_path_factory.mktemp("미리 보기") / "위키"
    made = make_small_project(root, folder)
    write(folder, BEFORE)
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "before")
    write(folder, CHANGE)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "change")
    return made


@pytest.fixture(scope="module")
def html(changed: Project) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(changed.folder)
        yield write_preview(changed.folder / "mkdocs.yml", "HEAD~1")


@pytest.fixture(scope="module")
def body(html: str) -> str:
    return html[html.index("<body") :]


def part(body: str, file: str) -> str:
    """What the preview has of a file's page."""
    parts = re.split(r'<section class="pv-page">', body)
    (found,) = (each for each in parts[1:] if f'<p class="pv-place">{file}</p>' in each)
    return found


def test_each_page_that_changed_is_there(body: str) -> None:
    places = re.findall(
        r'<section class="pv-page">.*?<p class="pv-place">(.*?)</p>', body, re.DOTALL
    )
    assert sorted(places) == sorted(
        [
            *("docs/notebooks/구름.ipynb", "docs/talks/눈.md", "docs/talks/비.md"),
            "docs/talks/서리.md",
            *("docs/talks/안개/index.md", "meetings/week-02.txt", "meetings/week-03.txt"),
        ]
    )


def test_a_new_page_and_one_that_is_gone_have_one_version(body: str) -> None:
    for file, state in (("docs/talks/눈.md", "new"), ("docs/talks/비.md", "gone")):
        assert re.findall(r"pv-version pv-is-(\w+)", part(body, file)) == [state]


def test_a_changed_page_has_three(body: str) -> None:
    page = part(body, "docs/talks/안개/index.md")
    assert re.findall(r"pv-version pv-is-(\w+)", page) == ["both", "after", "before"]
    _, both, after, before = re.split(r"<article[^>]*>", page)
    assert "<mi>b</mi>" in after
    assert "<mi>b</mi>" not in before
    assert re.search(r"<ins>[^<]*<span class=\"katex\"|<ins><span", both)


def test_a_formula_that_katex_cannot_read_is_shown_as_typed(body: str) -> None:
    assert '<code class="sk-tex">\\frac{</code>' in part(body, "docs/talks/안개/index.md")


def test_a_picture_that_changed_is_another_one(body: str) -> None:
    after, before = re.split(r"<article[^>]*>", part(body, "docs/talks/안개/index.md"))[2:]
    sources = [
        re.findall(r'<img src="(data:image/png;base64,[^"]+)"', each) for each in (after, before)
    ]
    assert len(sources[0]) == len(sources[1]) == 1
    assert sources[0] != sources[1]


def test_only_small_raster_pictures_are_in_the_file(body: str) -> None:
    page = part(body, "docs/talks/눈.md")
    assert "<img" not in page
    assert "큰.png, 1,000 kB" in page
    assert "표.svg" in page


def test_members_are_called_as_on_the_site(html: str) -> None:
    pages = "".join(re.findall(r"<article.*?</article>", html, re.DOTALL))
    assert "현수" not in pages
    assert pages.count("H.") >= 4


def test_cells_that_differ(body: str) -> None:
    page = part(body, "docs/notebooks/구름.ipynb")
    lines = re.search(r'<pre class="pv-lines">(.*?)</pre>', page, re.DOTALL)
    assert lines is not None
    assert lines[1].splitlines() == ["<del>- y = 2</del>", "<ins>+ y = 3</ins>"]
    assert "<mi>a</mi>" in page


def test_records_that_came_changed_and_went(body: str) -> None:
    (section,) = re.findall(r'<section id="records">(.*?)</section>', body, re.DOTALL)
    said = [
        " ".join(parse(each).text().split())
        for each in re.findall("<li.*?</li>", section, re.DOTALL)
    ]
    assert len(said) == 7
    assert said[0] == ("질문 · 바뀜 w02-q1 안개는 왜 걷히나바뀌기 전: 안개는 언제 걷히나")
    assert said[1].startswith("질문 · 새로 생김 w02-q2 비는 왜 오나")
    assert said[2] == "질문 · 새로 생김 i12 눈은 왜 흰가garam"
    assert said[3].startswith("할 일 · 새로 생김 w03-task1")
    assert said[4] == "결정 · 없어짐 w02-d1 사진을 모은다"
    assert [each.split()[2:4] for each in said[5:]] == [["새로", "생김"], ["없어짐", "fog"]]


def test_findings_of_changed_files_alone(body: str) -> None:
    (section,) = re.findall(r'<section id="check">(.*?)</section>', body, re.DOTALL)
    assert "bad-math" in section
    assert "huge-image" in section
    assert "docs/talks/그대로.md" not in section
    assert section.index("bad-math") < section.index("unknown-term")


def test_a_wrong_front_matter_takes_nothing_else_away(body: str) -> None:
    assert body.count("서리.md:2") == body.count("서리.md:3") == 1
    assert "하나로 묶지 못해서" not in body
    assert '<section id="records">' in body


def test_findings_are_told_in_the_language_of_the_wiki(body: str) -> None:
    (section,) = re.findall(r'<section id="check">(.*?)</section>', body, re.DOTALL)
    finding = next(each for each in section.split("<li ") if "bad-math" in each)
    said = CODES["bad-math"].explained["ko"]
    text = parse(finding).text()
    assert said.title in text
    assert said.mend.replace("`", "") in text
    assert re.search(r'lang="en">KaTeX cannot read this formula: .*\(close every brace', finding)
    # What a code means stands once, and every finding leads there.
    links = set(re.findall(r'href="#(code-[a-z-]+)"', section))
    assert links == set(re.findall(r'<dt id="(code-[a-z-]+)"', body))
    (why,) = re.findall(r'<dt id="code-bad-math">.*?</dt>\s*<dd>(.*?)</dd>', body, re.DOTALL)
    assert parse(why).text() == said.why


def test_names_and_terms_that_nobody_knows(body: str) -> None:
    (terms,) = re.findall(r'<section id="terms">(.*?)</section>', body, re.DOTALL)
    assert "컨볼루숀" in terms


def test_other_files_are_named(body: str) -> None:
    (others,) = re.findall(r'<section id="others">(.*?)</section>', body, re.DOTALL)
    assert re.findall("<code>(.*?)</code>", others) == [
        *("clouds.py", "docs/questions/issue-12.toml"),
        *("docs/talks/안개/하늘.png", "docs/talks/큰.png", "docs/talks/표.svg"),
        "docs/terms.toml",
    ]


def test_the_policy_lets_nothing_else_in(html: str) -> None:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert found is not None
    rules = dict(rule.split(" ", 1) for rule in found[1].replace("&#39;", "'").split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe-inline" not in found[1]
    assert "http" not in found[1]
    assert not re.findall(r'(?:src|href)="(?!data:|#|https?:)', html)


def test_the_work_tree_stays_as_it_is(changed: Project) -> None:
    said = changed.run("preview", "--against", "HEAD~1", "--output", "../다른 이름.html")
    assert said.returncode == 0, said.stderr
    status = ["git", "status", "--porcelain", "--ignored=no"]
    assert subprocess.check_output(status, cwd=changed.folder) == b""
    assert (changed.folder.parent / "다른 이름.html").stat().st_size > 100_000


def test_what_happened_on_the_branch_since_is_no_change(changed: Project, tmp_path: Path) -> None:
    clone = tmp_path / "위키"
    git(tmp_path, "clone", "--quiet", str(changed.folder), str(clone))
    (clone / "node_modules").symlink_to(changed.folder / "node_modules")
    git(clone, "checkout", "--quiet", "-b", "mine", "HEAD~1")
    write(clone, {"docs/talks/내것.md": "# 내 글\n"})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(clone)
        html = write_preview(clone / "mkdocs.yml", "origin/main")
    assert re.findall(r"<h3>.*?</span> (.*?)</h3>", html) == ["내 글"]


def test_in_english(root: Path, tmp_path: Path) -> None:
    settings = {"language": ("language: ko", "language: en")}
    folder = make_small_project(root, tmp_path / "project", **settings).folder
    write(folder, {".gitignore": "node_modules\n", "docs/talks/fog.md": "# Fog\n\nLow.\n"})
    git(folder, "init", "--quiet")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "before")
    write(folder, {"docs/talks/fog.md": "# Fog\n\nLow.\n\n![](fog.png)\n", "new.py": "x = 1\n"})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        html = write_preview(folder / "mkdocs.yml", "HEAD")
    assert "say what is on it: ![…](fog.png)" in html
    assert "<code>new.py</code>" in html  # which git does not know yet
    for words in ("Preview of a change", "a picture without words", "changed line", "Before"):
        assert words in html
    assert re.search("[가-힣]", html[html.index("<h1>") :]) is None


def test_a_file_that_cannot_be_written(changed: Project) -> None:
    said = changed.run("preview", "--against", "HEAD~1", "--output", "nowhere/preview.html")
    assert said.returncode == 1
    assert "the preview cannot be written" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_ref_that_is_none(changed: Project) -> None:
    said = changed.run("preview", "--against", "no-such-branch")
    assert said.returncode == 1
    assert "git knows no commit 'no-such-branch'" in said.stderr
    assert "Traceback" not in said.stderr


def test_notes_that_cannot_be_put_together(changed: Project, tmp_path: Path) -> None:
    clone = tmp_path / "위키"
    git(tmp_path, "clone", "--quiet", str(changed.folder), str(clone))
    write(
        clone, {"meetings/people.toml": "[[person]]\nnmae = 1\n", "docs/talks/b.md": "# 글 하나\n"}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(clone)
        html = write_preview(clone / "mkdocs.yml", "HEAD")
    assert "기록을 하나로 묶지 못해서" in html
    assert "글 하나" in html


def test_terms_of_then_name_the_code_of_then(root: Path, tmp_path: Path) -> None:
    term = BEFORE["docs/terms.toml"]
    folder = make_small_project(root, tmp_path / "project").folder
    code = 'class Fog:\n    """A cloud."""\n'
    files = {"fog.py": code, "docs/api/fog.md": "::: fog\n", ".gitignore": "node_modules\n"}
    write(folder, {**files, "docs/terms.toml": f'{term}api = ["fog.Fog"]\n'})
    git(folder, "init", "--quiet")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "before")
    write(folder, {"fog.py": code.replace("Fog", "Mist"), "docs/terms.toml": str(term)})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        html = write_preview(folder / "mkdocs.yml", "HEAD")
    assert "하나로 묶지 못해서" not in html
    assert '<section id="records">' not in html  # what the term is called stayed


# --- marks ----------------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from(["안개", "구름", "비", "<b>눈</b>", "\ufdd43\ufdd5"]), max_size=6)
BLOCKS = st.lists(
    st.builds(
        lambda tag, words: f"<{tag}>{' '.join(words)}</{tag}>", st.sampled_from(["p", "h2"]), WORDS
    ),
    max_size=8,
)


@given(BLOCKS, BLOCKS)
def test_marks_lose_no_word_of_either(before: list[str], after: list[str]) -> None:
    html = marked("".join(before), "".join(after), "was", "{count}")
    page = re.sub(r"<summary>.*?</summary>", "", html)
    older = re.compile(
        r'<details class="sk-was">.*?</details>|<div class="sk-gone">.*?</div>', re.DOTALL
    )

    def words(text: str) -> list[str]:
        return re.sub(r"<[^>]+>", " ", text).split()

    assert words(older.sub("", page)) == words("".join(after))
    newer = re.compile(r'<div class="sk-(?:new|now)">.*?</div>', re.DOTALL)
    assert sorted(words(newer.sub("", page))) == sorted(words("".join(before)))


def test_equal_pages_have_no_marks() -> None:
    assert "<ins" not in marked("<p>a</p>", "<p>a</p>", "was", "{count}")
    assert "sk-new" not in marked("<p>a</p>", "<p>a</p>", "was", "{count}")


def test_cells_new_gone_and_with_other_outputs() -> None:
    one, two = notebook("a", "b"), notebook("a", "b", "c")
    assert [(each.number, each.change) for each in changed_cells(cells(one), cells(two))] == [
        (4, "new")
    ]
    assert [(each.number, each.change) for each in changed_cells(cells(two), cells(one))] == [
        (4, "gone")
    ]
    book = json.loads(one)
    book["cells"][2]["outputs"][0]["text"] = "B"
    other = json.dumps(book)
    assert [each.change for each in changed_cells(cells(one), cells(other))] == ["outputs"]


# --- formulas -------------------------------------------------------------------------------------


def test_formulas_have_what_mathml_has(node_modules: Path) -> None:
    asked = [
        (r"\overset{!}{=}", False),
        (r"\href{javascript:x()}{a} \includegraphics{x}", False),
        (r"\text{<img src=x onerror=y>}", True),
        (r"\frac{", False),
    ]
    shown = show_formulas(asked, node_modules)
    assert "<mover>" in shown[asked[0]]
    assert "<mo><mover" not in shown[asked[0]]
    assert not any(mark in "".join(shown.values()) for mark in ("href=", "<img", "annotation"))
    assert shown[asked[3]] == '<code class="sk-tex">\\frac{</code>'


def test_without_katex_formulas_are_as_typed(tmp_path: Path) -> None:
    assert show_formulas([("a<b", True)], tmp_path)["a<b", True] == (
        '<code class="sk-tex">a&lt;b</code>'
    )
