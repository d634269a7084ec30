"""`studykit check`: each code is found and explained, and each format says it safely."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.cli import main
from studykit.errors import NoteError
from studykit.wiki.check import (
    CHECKS_PATH,
    CODES,
    FORMATS,
    Finding,
    Report,
    check_note,
    check_paths,
    checks_page,
    step_summary,
    summary,
)
from studykit.wiki.check.formats import changed_first
from studykit.wiki.chrome import load_chrome
from studykit.wiki.generate import generate
from studykit.wiki.read import read_note
from studykit.wiki.records import Doubt
from tests.wiki.any_note import note_bytes
from tests.wiki.support import parse

ROOT = Path(__file__).parents[2]
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|unreadable|unbuildable")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of notes, in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "meetings").mkdir()
    return tmp_path / "meetings"


def codes(*paths: Path | str, against: str | None = None, run_code: bool = False) -> list[str]:
    report = check_paths([Path(path) for path in paths], against, run_code=run_code)
    return [found.code for found in report.findings]


def places(data: bytes | str, file: str = "week-03.txt") -> list[tuple[int, int, str]]:
    note = read_note(data.encode() if isinstance(data, str) else data, file)
    return [(found.line, found.column, found.code) for found in sorted(check_note(note))]


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=다온", "-c", "user.email=daon@clouds.example"]
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def publish(folder: Path) -> None:
    """Commit what is in the folder, in a repository of its parent."""
    git(folder.parent, "init", "--quiet")
    git(folder.parent, "add", "--all")
    git(folder.parent, "commit", "--quiet", "--allow-empty", "--message", "publish")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


# --- the codes ------------------------------------------------------------------------------------


def _unreadable(folder: Path) -> Path:
    note = folder / "week-03.txt"
    note.touch()
    note.chmod(0)
    if not os.access(note, os.R_OK):
        return note
    note.chmod(0o600)
    memory = Path("/proc/self/mem")  # Even root cannot read from its beginning.
    if not memory.exists():
        pytest.skip("every file can be read here")
    return memory


def _bytes(*notes: tuple[str, bytes]) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        for name, data in notes:
            (folder / name).write_bytes(data)
        return folder

    return write


def _published_before(folder: Path) -> Path:
    note = folder / "week-03.txt"
    note.write_text("질문\n1. 구름은 왜 흰가\n", "utf-8")
    publish(folder)
    note.write_text(CODES["changed-id"].example, "utf-8")
    return folder


def _beside_terms(folder: Path) -> Path:
    (folder.parent / "docs").mkdir()
    term = '[[term]]\nid = "cloud"\nko = "구름"\nen = "cloud"\ndefinition = "물방울이다."\n'
    (folder.parent / "docs/terms.toml").write_text(term, "utf-8")
    (folder / "week-03.txt").write_text(CODES["unknown-term"].example, "utf-8")
    return folder


def _cited(code: str, said: str | None = None) -> Callable[[Path], Path]:
    """A project with a paper of nine equations; the example is its page, or its code."""

    def write(folder: Path) -> Path:
        text = CODES[code].example if said is None else said
        in_code = code == "equation-without-writeup"
        computed = text if in_code else CODES["equation-without-writeup"].example
        page = "Karg et al. (2031), Eq. 9\n\n" if code.startswith("unknown") else ""
        files = {
            "docs/papers.toml": """
                [karg-2031]
                cite = "Karg et al. (2031)"
                authors = ["Karg", "Nalae", "Daon", "Laon"]
                title = "Clouds"
                equations = 9
                """,
            "docs/api/clouds.md": "::: clouds\n",
            "docs/talks/clouds.md": "구름\n" if in_code else page + text,
            "clouds.py": "" if code == "equation-without-code" else computed.lstrip(),
        }
        for name, content in files.items():
            (folder.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (folder.parent / name).write_text(content, "utf-8")
        (folder.parent / "node_modules").symlink_to(ROOT / "node_modules")
        return folder

    return write


def _page(
    code: str, text: str | None = None, *, katex: bool = False, **files: str | bytes
) -> Callable[[Path], Path]:
    """A project with a page, the code of a cloud, and KaTeX if that is asked for."""

    def write(folder: Path) -> Path:
        cloud = (
            'class Cloud:\n    """A cloud."""\n\n    def color(self):\n        """Its color."""\n'
        )
        project = folder.parent
        held = {
            "clouds.py": cloud,
            "docs/api/clouds.md": "::: clouds\n",
            "docs/talks/fog.md": CODES[code].example if text is None else text,
            **files,
        }
        for name, content in held.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if katex:
            (project / "node_modules").symlink_to(ROOT / "node_modules")
        return folder

    return write


UTF_16 = "나래님 - 구름\n".encode("utf-16")

STALE = json.dumps(
    {
        "cells": [
            {"cell_type": "code", "source": source, "execution_count": count, "outputs": []}
            for count, source in ((2, "x = 1"), (1, "print(x)"))
        ]
    }
)

# Where the example on the page stands for bytes or for names of files.
WRITTEN: dict[str, Callable[[Path], Path]] = {
    "unreadable": _unreadable,
    "unbuildable": _bytes(("people.toml", CODES["unbuildable"].example.encode())),
    "changed-id": _published_before,
    "public-name": _bytes(
        ("people.toml", CODES["public-name"].example.encode()),
        ("week-03.txt", "다온님 - 구름\n다온님 - 안개\n".encode()),
    ),
    "bad-byte": _bytes(("week-03.txt", "라온님 - 안개는 ".encode() + b"\xb0\n")),
    "control-character": _bytes(("week-03.txt", "나래님 - \u202e구름\n".encode())),
    "same-meeting": _bytes(("week-03.txt", b"a\n"), ("week-03-copy.txt", b"a\n")),
    "impossible-date": _bytes(("2031-13-40.txt", b"a\n")),
    "not-utf8": _bytes(("week-03.txt", UTF_16)),
    "mixed-line-ends": _bytes(("week-03.txt", b"a\nb\r\n")),
    "unknown-term": _beside_terms,
    "not-a-note": _bytes(("week-03.docx", b"PK")),
    "unknown-equation": _cited("unknown-equation"),
    "unknown-paper": _cited("unknown-paper"),
    "equation-without-code": _cited("equation-without-code"),
    "equation-without-writeup": _cited("equation-without-writeup"),
    "dead-link": _page("dead-link"),
    "bad-math": _page("bad-math", katex=True),
    "code-fails": _page("code-fails"),
    "code-unparsed": _page("code-unparsed"),
    "no-such-name": _page("no-such-name"),
    "no-alt-text": _page("no-alt-text"),
    "huge-image": _page(
        "huge-image", "![하늘](sky.jpg)", **{"docs/talks/sky.jpg": bytes(4_200_000)}
    ),
    "math-unchecked": _page("math-unchecked"),
    "refused-setting": _page(
        "refused-setting", "구름", **{"mkdocs.yml": CODES["refused-setting"].example}
    ),
    "refused-file": _page("refused-file", "구름", **{"docs/talks/slides.html": "<p>구름</p>"}),
    "front-matter": _page("front-matter"),
    "turned-text": _page("turned-text", "구름은 \u202e 희다"),
    "page-left-out": _page("page-left-out"),
    "mixed-script": _page("mixed-script"),
    "stale-notebook": _page("stale-notebook", "구름", **{"docs/talks/clouds.ipynb": STALE}),
}


def emitted(root: Path) -> set[str]:
    """The codes that the package's source puts into a doubt or a finding: a call's words."""
    found: set[str] = set()
    for path in (root / "studykit/wiki").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and re.search(
                "doubt|about_file|finding|problem", called(node).lower()
            ):
                values = [*node.args, *(keyword.value for keyword in node.keywords)]
                texts = [value.value for value in values if isinstance(value, ast.Constant)]
                found |= {text for text in texts if isinstance(text, str) and SLUG.fullmatch(text)}
    return found


def called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_every_code_that_the_source_names_is_explained(root: Path) -> None:
    assert emitted(root) - set(CODES) == set()


def test_every_code_that_is_explained_is_named_in_the_source(root: Path) -> None:
    assert set(CODES) - emitted(root) == set()


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_code_has_it(code: str, folder: Path, root: Path) -> None:
    if code in WRITTEN:
        against = "HEAD" if code == "changed-id" else None
        run_code = code == "code-fails"
        assert codes(WRITTEN[code](folder), against=against, run_code=run_code) == [code]
    else:
        (folder / "week-03.md").write_text(CODES[code].example, "utf-8")
        assert code in codes(folder)


@pytest.mark.parametrize("code", [name for name, code in CODES.items() if code.mended])
def test_the_example_has_it_no_more_when_it_is_mended(code: str, folder: Path, root: Path) -> None:
    mended = (CODES[code].mended or "").strip()
    if code == "unbuildable":
        (folder / "people.toml").write_text(mended, "utf-8")
    elif code == "changed-id":
        _published_before(folder)
        (folder / "week-03.toml").write_text(mended, "utf-8")
        assert codes(folder, against="HEAD") == []
    elif code.startswith("unknown-"):
        assert codes(_cited(code, mended)(folder)) == []
    elif code in (
        "bad-math",
        "front-matter",
        "no-such-name",
        "no-alt-text",
        "turned-text",
        "page-left-out",
        "mixed-script",
    ):
        assert codes(_page(code, mended, katex=True)(folder)) == []
    elif mended.startswith("meetings/"):
        for name in mended.splitlines():
            Path(name).write_text("구름\n", "utf-8")
    else:
        (folder / "week-03.md").write_text(mended, "utf-8")
    assert code not in codes(folder)


def test_the_worst_codes_come_first() -> None:
    severities = [code.severity for code in CODES.values()]
    assert severities == sorted(severities, key=["error", "warning", "notice"].index)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.name)
def test_a_code_is_a_slug_and_its_explanations_are_whole(code) -> None:
    assert SLUG.fullmatch(code.name)
    for language, said in code.explained.items():
        hangul = re.compile("[가-힣]")
        assert bool(hangul.search(said.title)) is (language == "ko")
        assert said.title == said.title.strip(". ")
        for paragraph in (said.why, said.mend):
            assert paragraph.endswith(".")
            assert paragraph.count("`") % 2 == 0


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_has_a_section_for_each_code_and_no_other(language, convert) -> None:
    page = checks_page(load_chrome(language))
    html = convert(page.body)
    assert re.findall(r'<h2 id="([^"]+)"', html) == list(CODES)
    text = " ".join(parse(html).text().split())
    for code in CODES.values():
        said = code.explained[language]
        for paragraph in (said.title, said.why, said.mend):
            # A byte that is escaped in the source is one backslash on the page.
            plain = paragraph.replace("`", "").replace("\\\\", "\\")
            assert " ".join(plain.split()) in text, code.name
        for shown in (code.example, code.mended or ""):
            assert " ".join(shown.split()) in text, code.name


def test_the_site_has_the_page_in_its_navigation(root: Path, folder: Path) -> None:
    pages = generate(folder, folder / "docs", name="구름", language="ko")
    assert CHECKS_PATH in [page.path for page in pages]
    assert f"- {CHECKS_PATH}" in (root / "mkdocs.yml").read_text("utf-8")


# --- places ---------------------------------------------------------------------------------------


def test_lines_and_columns_are_those_of_an_editor() -> None:
    text = "\ufeff첫 줄\n\t나래님 - 😀\x07\r\n가\x07\r\x07"
    assert [place for place in places(text) if place[2] == "control-character"] == [
        (2, 9, "control-character"),
        (3, 2, "control-character"),
        (4, 1, "control-character"),
    ]


def test_a_byte_order_mark_is_no_column() -> None:
    note = replace(read_note(b"a", "week-03.txt"), text="\ufeffa\x07\n")
    assert [(found.line, found.column, found.end_column) for found in check_note(note)] == [
        (1, 2, 3)
    ]


def test_each_lone_bad_byte_has_its_place() -> None:
    data = b"\xff\na \xb0\xb1 b\n" + "구름 ".encode() + b"\xfe\n"
    assert places(data) == [(1, 1, "bad-byte"), (2, 3, "bad-byte"), (3, 4, "bad-byte")]
    message = next(check_note(read_note(data, "a.txt"))).message
    assert message == "the byte FF cannot be read as utf-8"


def test_a_note_full_of_bad_bytes_is_one_finding() -> None:
    assert places(b"clouds\n" + b"\xfe a\n" * 1000) == [(2, 1, "bad-byte")]


def test_the_rarer_line_end_is_the_place() -> None:
    assert places("a\r\nb\r\nc\nd\r\n") == [(3, 2, "mixed-line-ends")]
    assert places("a\r\nb\r\n") == places("a\nb") == places("a\rb\r") == places("") == []


@pytest.mark.parametrize(
    "address",
    ["file:///C:/a", "ftp://a.example", "javascript:alert(1)", "notion://a", "data:text/html,a"],
)
def test_an_address_that_the_site_does_not_link(address: str) -> None:
    assert places(f"참고 : {address} 안개\n") == [(1, 6, "unlinked-address")]


@pytest.mark.parametrize(
    "words",
    ["https://a.example/b?c=ftp://d", "data: 3", "메타data:사진", "a:b", "std::vector", "HTTP://a"],
)
def test_other_words_are_no_such_address(words: str) -> None:
    assert places(f"참고 : {words}\n") == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("2031-13-40.txt", True),
        ("2031.2.30 구름.md", True),
        ("week-03-20310230.txt", True),
        ("2031_02_30.txt", True),
        ("2028-02-29.txt", False),
        ("20310101.txt", False),
        ("report-12345678.txt", False),
        ("1999.txt", False),
        ("2031-13.txt", False),
    ],
)
def test_a_date_in_a_files_name(name: str, wrong: bool) -> None:
    assert places("구름\n", name) == ([(1, 1, "impossible-date")] if wrong else [])


TEXT = st.text(st.sampled_from("가a \t\r\n\x07\u202e\ud7ff😀"), max_size=30)


@given(TEXT, st.integers(0, 30), st.integers(0, 30))
@example("가\r\n", 1, 3)
@example("", 0, 0)
def test_a_doubt_of_the_reader_is_found_where_it_is(text: str, first: int, second: int) -> None:
    start, end = sorted((min(first, len(text)), min(second, len(text))))
    doubt = Doubt("question-outside", start, end, "a\nb \x1b", "c")
    note = replace(read_note(text.encode(), "week-03.txt"), doubts=(doubt,))
    found = next(found for found in check_note(note) if found.code == doubt.code)
    lines = re.split(r"\r\n|\r|\n", text)
    # The way that an editor goes to a place: the line, then so many characters.
    assert 1 <= found.line <= found.end_line <= len(lines)
    before = re.split(r"\r\n|\r|\n", text[:start])
    if not text[:start].endswith("\r") and text[:start] != text:
        assert (found.line, found.column - 1) == (len(before), len(before[-1]))
    for line, column in ((found.line, found.column), (found.end_line, found.end_column)):
        assert 1 <= column <= len(lines[line - 1]) + 1
    assert (found.line, found.column) <= (found.end_line, found.end_column)
    assert (found.message, found.mend) == ("a b \\x1b", "c")


# --- files ----------------------------------------------------------------------------------------


def test_the_groups_own_notes_are_healthy(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    assert run().exit_code == 0


def test_what_belongs_beside_notes_is_not_reported(folder: Path) -> None:
    for name in ("week-03.txt", "week-03.toml", "people.toml", "lexicon.toml", ".DS_Store"):
        (folder / name).touch()
    (folder / ".obsidian").mkdir()
    (folder / ".obsidian/app.json").touch()
    assert codes("meetings") == []


def test_what_does_not_belong_beside_notes_is(folder: Path) -> None:
    (folder / "old").mkdir()
    for name in ("cloud.jpg", "old/week-03.docx"):
        (folder / name).touch()
    (folder / "week-05.txt").symlink_to("cloud.jpg")
    report = check_paths([Path("meetings")])
    assert [(found.file, found.code) for found in report.findings] == [
        ("meetings/cloud.jpg", "not-a-note"),
        ("meetings/old/week-03.docx", "not-a-note"),
        ("meetings/week-05.txt", "not-a-note"),
    ]
    assert not report.failed
    assert report.notes == 0


@pytest.mark.parametrize("paths", [["meetings"], ["meetings/week-03.toml"]])
def test_what_would_stop_a_build_is_found_on_its_line(folder: Path, paths: list[str]) -> None:
    (folder / "week-03.txt").touch()
    (folder / "week-03.toml").write_text("date = 2031-03-04\ntilte = 'a'\n", "utf-8")
    (found,) = check_paths(map(Path, paths)).findings
    assert (found.file, found.line) == ("meetings/week-03.toml", 2)
    assert (found.code, found.severity) == ("unbuildable", "error")
    assert "unknown key 'tilte'" in found.message


def test_what_would_stop_a_build_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "week-04.toml").write_text("date = 2031-03-04\n", "utf-8")
    (found,) = check_paths([folder]).findings
    assert (found.file, found.code) == ((folder / "week-04.toml").as_posix(), "unbuildable")
    assert "there is no note week-04.txt" in found.message


def test_the_later_note_of_a_meeting_names_the_first(folder: Path) -> None:
    for name in ("week-03.txt", "3주차.md", "week-03-b.md", "week-04.txt"):
        (folder / name).write_text("구름\n", "utf-8")
    found = check_paths([folder]).findings
    assert [(one.file, one.code) for one in found] == [
        ("meetings/week-03-b.md", "same-meeting"),
        ("meetings/week-03.txt", "same-meeting"),
    ]
    assert {one.message for one in found} == {"meetings/3주차.md is week 3 too"}


def test_two_archives_may_have_a_week_each(folder: Path) -> None:
    other = folder.parent / "other"
    other.mkdir()
    for one in (folder, other):
        (one / "week-03.txt").write_text("구름\n", "utf-8")
    assert codes("meetings", "other") == []
    assert codes("meetings/week-03.txt", "other/week-03.txt") == []


def test_a_file_that_is_named_twice_is_checked_once(folder: Path) -> None:
    (folder / "week-03.txt").write_bytes(b"\xff")
    once = check_paths([folder])
    assert once.notes == 1
    assert check_paths([folder, Path("meetings/../meetings/week-03.txt")]) == once


def test_the_order_of_the_paths_does_not_matter(folder: Path) -> None:
    for name in ("week-01.txt", "week-02.txt"):
        (folder / name).write_bytes(b"\xff\r\n\n")
    paths = [folder / "week-01.txt", folder / "week-02.txt"]
    assert check_paths(paths) == check_paths(paths[::-1]) == check_paths([folder])


def test_a_path_that_does_not_exist(folder: Path) -> None:
    with pytest.raises(NoteError, match="mettings: there is no such note or folder"):
        check_paths([Path("mettings")])
    done = run("mettings")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "mend: " in done.stderr


def test_a_note_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("week-03.txt", "week-04.md"):
        (folder / name).write_text("질문\n1. 구름은 왜 흰가\n", "utf-8")
    read: list[str] = []
    read_bytes = Path.read_bytes

    def counted(path: Path) -> bytes:
        read.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    assert codes("meetings") == []
    assert sorted(read) == ["week-03.txt", "week-04.md"]


# --- against what was published -------------------------------------------------------------------

ASKED = "질문\n1. 구름은 왜 흰가\n2. 서리는 언제 녹나\n"


@pytest.fixture
def published(folder: Path) -> Path:
    """Two notes that are committed, in a repository in the working directory."""
    (folder / "week-03.txt").write_text(ASKED, "utf-8")
    (folder / "week-04.txt").write_text("결정: 우산을 산다\n할 일: 우산 찾기\n", "utf-8")
    publish(folder)
    return folder


def changed(against: str = "HEAD", path: str = "meetings") -> list[tuple[str, int, str]]:
    findings = check_paths([Path(path)], against).findings
    assert {found.code for found in findings} <= {"changed-id"}
    return [(found.file, found.line, found.message) for found in findings]


def test_what_did_not_change_is_not_reported(published: Path) -> None:
    assert changed() == []
    note = published / "week-03.txt"
    note.write_text(
        "구름 모임\r\n\r\n" + ASKED.replace("흰가", "흰가?").replace("\n", "\r\n"), "utf-8"
    )
    (published / "week-05.txt").write_text(ASKED, "utf-8")
    assert [code for code in codes("meetings", against="HEAD") if code != "mixed-line-ends"] == []


def test_an_id_with_another_meaning(published: Path) -> None:
    note = published / "week-03.txt"
    note.write_text(
        "\n질문\n1. 안개는 어디서 오나\n2. 구름은 왜 흰가\n3. 서리는 언제 녹나\n", "utf-8"
    )
    assert changed() == [
        (
            "meetings/week-03.txt",
            3,
            "w03-q1 was “구름은 왜 흰가” at HEAD, and is “안개는 어디서 오나” now",
        ),
        (
            "meetings/week-03.txt",
            4,
            "w03-q2 was “서리는 언제 녹나” at HEAD, and is “구름은 왜 흰가” now",
        ),
    ]
    done = run("--against", "HEAD")
    assert done.exit_code == 1
    # What the message gives is all that has to be written.
    pins = re.findall(r"w03-q\d = \{.*?\}", done.stdout)
    (published / "week-03.toml").write_text("\n".join(["[pins]", *pins]), "utf-8")
    assert run("--against", "HEAD").exit_code == 0


def test_an_id_that_is_gone(published: Path) -> None:
    (published / "week-03.txt").write_text("질문\n1. 구름은 왜 흰가\n", "utf-8")
    message = "w03-q2 was “서리는 언제 녹나” at HEAD, and is gone"
    assert changed() == [("meetings/week-03.txt", 2, message)]
    assert changed(path="meetings/week-03.txt") == changed()
    assert changed(path="meetings/week-04.txt") == []
    (published / "week-03.txt").write_bytes(b"")
    assert [place[:2] for place in changed()] == [("meetings/week-03.txt", 1)] * 2


def test_a_note_that_is_deleted_or_renamed(published: Path) -> None:
    (published / "week-04.txt").unlink()
    (published / "week-03.txt").rename(published / "week-13.txt")
    assert changed() == [
        (
            "meetings/week-03.txt",
            1,
            "the note was published at HEAD, and is gone with w03-q1, w03-q2",
        ),
        (
            "meetings/week-04.txt",
            1,
            "the note was published at HEAD, and is gone with w04-d1, w04-task1",
        ),
    ]


def test_a_note_that_is_renamed_with_its_ids(published: Path) -> None:
    (published / "week-03.txt").rename(published / "3주차.md")
    assert changed() == []


def test_the_overlays_and_members_of_then_count(published: Path) -> None:
    overlay = published / "week-03.toml"
    overlay.write_text(
        '[[mark]]\nlines = [3, 3]\nwas = "2. 서리는 언제 녹나"\nas = "prose"\n', "utf-8"
    )
    publish(published)
    (published / "week-03.txt").write_text("질문\n1. 구름은 왜 흰가\n", "utf-8")
    overlay.unlink()
    assert changed() == []
    assert [message for _, _, message in changed("HEAD~1")] == [
        "w03-q2 was “서리는 언제 녹나” at HEAD~1, and is gone"
    ]


def test_the_work_tree_and_the_index_stay(published: Path) -> None:
    (published / "week-03.txt").write_text("질문\n", "utf-8")
    index = published.parent / ".git/index"
    before = (git(published, "status", "--porcelain"), index.read_bytes())
    assert changed()
    assert (git(published, "status", "--porcelain"), index.read_bytes()) == before


def test_a_shallow_clone(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (published / "week-03.txt").write_text("질문\n1. 안개는 어디서 오나\n", "utf-8")
    publish(published)
    clone = tmp_path / "clone"
    origin = f"file://{published.parent}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", origin, str(clone)], check=True)
    git(
        clone,
        "fetch",
        "--quiet",
        "--depth=1",
        "origin",
        git(published, "rev-parse", "HEAD~1").strip(),
    )
    monkeypatch.chdir(clone)
    assert {message[:6] for _, _, message in changed("FETCH_HEAD")} == {"w03-q1", "w03-q2"}
    assert changed("origin/HEAD") == []


def test_a_folder_that_was_not_there_yet(published: Path) -> None:
    other = published.parent / "other"
    other.mkdir()
    (other / "week-03.txt").write_text(ASKED, "utf-8")
    assert changed(path="other") == []


def test_links_and_odd_names_in_the_repository(published: Path) -> None:
    (published / "week-05.txt").symlink_to("/etc/hostname")
    (published / "사진 *?.txt").write_text(ASKED, "utf-8")
    publish(published)
    (published / "week-05.txt").unlink()
    (published / "사진 *?.txt").unlink()
    assert [file for file, _, _ in changed()] == ["meetings/사진 *?.txt"]


def test_a_hook_of_gits_has_its_own_folder(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    (published / "week-03.txt").write_text("질문\n", "utf-8")
    assert len(changed()) == 2


@pytest.mark.parametrize("ref", ["nope", "", "--all", "HEAD:meetings", "a b\x1b"])
def test_a_commit_that_git_does_not_know(published: Path, ref: str) -> None:
    done = run("--against", ref)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert f"git knows no commit {ref!r}" in done.stderr
    assert "mend: " in done.stderr
    assert "\x1b" not in done.stderr


def test_no_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent.parent))
    done = run("--against", "HEAD")
    assert done.exit_code == 1
    assert "not a git repository" in done.stderr
    assert "mend: run this in a clone" in done.stderr


def test_no_git(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(published))
    done = run("--against", "HEAD")
    assert done.exit_code == 1
    assert "git, which knows what was published, is not installed" in done.stderr


def test_a_commit_that_could_not_be_published(published: Path) -> None:
    (published / "people.toml").write_text("[[person]]\nnmae = 'a'\n", "utf-8")
    publish(published)
    (published / "people.toml").unlink()
    done = run("--against", "HEAD")
    assert done.exit_code == 1
    assert "could not be built from HEAD: meetings/people.toml:2: unknown key" in done.stderr


def test_each_member_under_another_name_is_told_of_once(folder: Path) -> None:
    (folder / "people.toml").write_text(
        '[[person]]\nname = "다온"\nalso = ["@daon"]\ndisplay = "D."\n[[person]]\nname = "라온"\n'
        '[[person]]\nname = "마루"\ndisplay = "M."\n',
        "utf-8",
    )
    (folder / "week-03.txt").write_text("라온님 - 구름\n@daon : 안개\n다온님 - 안개\n", "utf-8")
    (folder / "week-04.txt").write_text("다온님 - 구름\n", "utf-8")
    (found,) = check_paths([folder]).findings
    assert (found.file, found.line, found.column, found.end_column) == (
        "meetings/week-03.txt",
        2,
        1,
        6,
    )
    assert found.message == "@daon is D. on the site, and stays as typed here and in 1 other note"


# --- formats --------------------------------------------------------------------------------------


@pytest.fixture
def doubtful(folder: Path) -> Path:
    (folder / "3주차, 50%: a.txt").write_bytes(
        "나래님 - 안개\x1b[31m\r\n라온님 - {0} file://[a](b)\n\n".encode()
    )
    return folder


@pytest.mark.skipif(os.name == "nt", reason="no such file name on Windows")
def test_text(doubtful: Path) -> None:
    done = run()
    assert done.stdout == (
        "meetings/3주차, 50%: a.txt:1:9: control-character the invisible character U+001B stands "
        "here (delete it)\n"
        "meetings/3주차, 50%: a.txt:1:14: mixed-line-ends lines end in several ways: 2 in LF, 1 in "
        "CRLF; this one in CRLF (save it with LF only)\n"
        "meetings/3주차, 50%: a.txt:2:11: unlinked-address the wiki makes no link of a file: "
        "address (give an https:// address)\n"
    )
    assert done.stderr == (
        "1 note: 1 warning (control-character 1), "
        "2 notices (mixed-line-ends 1, unlinked-address 1).\n"
    )
    assert done.exit_code == 1


@pytest.mark.skipif(os.name == "nt", reason="no such file name on Windows")
def test_github(doubtful: Path) -> None:
    first, second, _ = run("--format", "github").stdout.splitlines()
    assert first == (
        "::warning file=meetings/3주차%2C 50%25%3A a.txt,line=1,endLine=1,col=9,endColumn=10,"
        "title=control-character::the invisible character U+001B stands here (delete it)"
    )
    assert second.startswith("::notice file=")


def test_github_escapes_the_message_and_drops_the_columns_of_several_lines() -> None:
    found = Finding("a", 1, 2, "bad-byte", "5% a: b, c", "d\r\ne", 2, 1)
    assert FORMATS["github"](Report(1, (found,))) == (
        "::warning file=a,line=1,endLine=2,title=bad-byte::5%25 a: b, c (d%0D%0Ae)\n"
    )


def test_github_gets_what_the_change_brought_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "가람님 - \x07 하나\n"
    (folder / "week-01.txt").write_text(old, "utf-8")
    (folder / "week-02.txt").write_text(old, "utf-8")
    publish(folder)
    (folder / "week-02.txt").write_text(f"{old}나래님 - \x08 둘\n\\<b> | @all\x0e\n", "utf-8")
    step = folder.parent / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))
    lines = run("--format", "github", "--against", "HEAD").stdout.splitlines()
    places = [re.search(r"file=([^,]+),line=(\d+)", line) for line in lines]
    assert [(place[1], place[2]) for place in places if place] == [
        ("meetings/week-02.txt", "2"),
        ("meetings/week-02.txt", "3"),
        ("meetings/week-02.txt", "1"),
        ("meetings/week-01.txt", "1"),
    ]
    table = step.read_text("utf-8")
    assert table.count("\n| meetings/week&#45;".replace("&#45;", "-")) == 4
    assert "delete it" in table


def test_the_summary_of_a_step_holds_no_markup() -> None:
    found = Finding("<a>|`b`", 1, 1, "bad-byte", "[x](y) @all <script>", "**mend** | it", 1, 2)
    text = step_summary(Report(1, (found,)))
    row = text.splitlines()[-1]
    assert row.count("|") == 4
    assert not re.search(r"[<\[*`@]", row)


def test_a_page_that_git_does_not_know_yet_is_changed(folder: Path) -> None:
    _page("dead-link")(folder)
    (folder.parent / "mkdocs.yml").write_text("site_name: a\n", "utf-8")
    (folder.parent / ".gitignore").write_text("docs/draft.md\n", "utf-8")
    publish(folder)
    (folder.parent / "docs/새 글.md").write_text("# 비\n\n[눈](snow.md)\n", "utf-8")
    (folder.parent / "docs/draft.md").write_text("[눈](snow.md)\n", "utf-8")
    report = check_paths([Path("meetings")], "HEAD")
    assert report.changed == {("docs/새 글.md", line) for line in (1, 2, 3)}
    assert changed_first(report)[0].file == "docs/새 글.md"
    assert check_paths([Path("docs")], "HEAD").changed == report.changed


def test_a_page_alone(folder: Path) -> None:
    _page("dead-link")(folder)
    (folder.parent / "mkdocs.yml").write_text("site_name: a\n", "utf-8")
    (folder / "week-01.txt").write_text("가람님 - \x07 하나\n", "utf-8")
    other = folder.parent / "docs/other.md"
    other.write_text("![](gone.png)\n", "utf-8")
    assert codes("docs/talks/fog.md") == ["dead-link"]
    assert codes("docs/other.md") == ["dead-link", "no-alt-text"]
    assert codes("docs") == ["dead-link", "no-alt-text", "dead-link"]
    other.write_text("---\nweek: x\npresentors: a\n---\n[나](gone.md)\n", "utf-8")
    assert codes("docs/other.md") == ["front-matter", "front-matter", "dead-link"]
    assert summary(check_paths([Path("docs/other.md")])).startswith("1 page: 3 errors (")


@pytest.mark.skipif(os.name == "nt", reason="no such file name on Windows")
def test_json(doubtful: Path) -> None:
    done = run("--format", "json")
    assert done.stdout.isascii()
    body = json.loads(done.stdout)
    assert (body["schema"], body["notes"], body["failed"]) == (1, 1, True)
    assert body["findings"][0] == {
        "file": "meetings/3주차, 50%: a.txt",
        "line": 1,
        "column": 9,
        "end_line": 1,
        "end_column": 10,
        "code": "control-character",
        "severity": "warning",
        "message": "the invisible character U+001B stands here",
        "mend": "delete it",
        "fix": None,
    }
    assert done.exit_code == 1


def sarif(*paths: Path | str) -> dict:
    log = json.loads(run("--format", "sarif", *paths).stdout)
    assert log["version"] == "2.1.0"
    (one,) = log["runs"]
    return one


def test_sarif_explains_every_code() -> None:
    rules = sarif("README.md")["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CODES)
    for rule in rules:
        for key in ("shortDescription", "fullDescription", "help"):
            assert rule[key]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")


@pytest.mark.skipif(os.name == "nt", reason="no such file name on Windows")
def test_sarif_says_where(doubtful: Path) -> None:
    one = sarif()
    assert one["columnKind"] == "unicodeCodePoints"
    for result in one["results"]:
        rule = one["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", artifact["uri"])
        assert unquote_to_bytes(artifact["uri"]).decode() == "meetings/3주차, 50%: a.txt"
        assert artifact["uriBaseId"] == "%SRCROOT%"
    assert one["results"][2]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 2,
        "startColumn": 11,
        "endLine": 2,
        "endColumn": 24,
    }


def test_sarif_names_a_file_elsewhere_by_its_whole_address(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("elsewhere") / "3주차.txt"
    other.write_bytes(b"\xff")
    (result,) = sarif(other)["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": other.as_uri()}


def test_sarif_takes_no_braces_for_places_and_no_brackets_for_links() -> None:
    found = Finding("a", 1, 1, "bad-byte", "{0} [a](file:///b)", "c", 1, 1)
    (result,) = json.loads(FORMATS["sarif"](Report(1, (found,))))["runs"][0]["results"]
    assert result["message"]["text"] == "{{0}} [a] (file:///b) (c)"


@given(note_bytes)
def test_no_note_can_disturb_a_format(data: bytes) -> None:
    report = Report(1, tuple(sorted(check_note(read_note(data, "3주차\x1b\n.txt")))))
    for name in ("text", "github"):
        lines = FORMATS[name](report).split("\n")
        assert lines.pop() == ""
        assert len(lines) == len(report.findings)
        assert all(line.isprintable() for line in lines)
        assert "".join(lines).encode().decode() == "".join(lines)
    for name in ("json", "sarif"):
        shown = FORMATS[name](report)
        assert shown.isascii()
        assert shown.replace("\n", "").isprintable()
        assert json.loads(shown)


def test_a_console_without_hangul_shows_the_numbers_of_the_letters(folder: Path) -> None:
    (folder / "3주차.txt").write_bytes(b"\xff")
    done = subprocess.run(
        [sys.executable, "-m", "studykit", "check"],
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.stdout.startswith(rb"meetings/3\uc8fc\ucc28.txt:1:1: bad-byte ")
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)


# --- the verdict ----------------------------------------------------------------------------------


def test_nothing_doubtful(folder: Path) -> None:
    (folder / "week-03.txt").write_text("나래님 - 안개\n", "utf-8")
    done = run()
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "1 note, nothing doubtful.\n"


def test_notices_alone_do_not_fail(folder: Path) -> None:
    (folder / "week-03.txt").write_bytes(b"a\nb\r\n")
    done = run()
    assert done.exit_code == 0
    assert done.stdout
    assert done.stderr.endswith("Notices do not fail the check.\n")


@pytest.mark.parametrize("code", CODES)
def test_the_summary_counts_every_code(code: str) -> None:
    found = Finding("a", 1, 1, code, "b", "c", 1, 1)
    report = Report(2, (found,))
    assert f"{code} 1" in summary(report)
    assert report.failed is (CODES[code].severity != "notice")
