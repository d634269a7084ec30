"""What is read of labelled notes, in figures: `labelled/README.md` says what they are."""

from __future__ import annotations

from pathlib import Path

from studykit.wiki.read import read_note
from tests.wiki.scoring import labels_of, score
from tests.wiki.support import GoldenFiles

LABELLED = Path(__file__).parent / "labelled"
SETS = sorted(path for path in LABELLED.iterdir() if path.is_dir())


def test_as_much_is_read_rightly_as_was(golden: GoldenFiles) -> None:
    golden.check("labelled.txt", "\n".join(line for each in SETS for line in _figures(each)) + "\n")


def test_no_label_is_of_a_line_that_says_nothing() -> None:
    for labels in LABELLED.glob("*/*.tsv"):
        path = next(path for path in labels.parent.glob(f"{labels.stem}.*") if path != labels)
        lines = read_note(path.read_bytes(), path.name).text.splitlines()
        for label in labels_of(labels):
            assert lines[label.line - 1].strip(), f"{labels}: line {label.line}"


def _figures(folder: Path) -> list[str]:
    result = score(folder)
    wrong = (said for said in result.told if " wrong " in said)
    return [f"# {folder.name}", *result.table(), *wrong, ""]
