"""The bug museum: every bug still fits the code, and a test catches it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.museum.__main__ import main
from tests.museum.museum import ROOT, Misfit, copied, load, mutated, visit

BUGS = load()
BY_NAME = {bug.name: bug for bug in BUGS}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_fits_the_code_and_names_tests(bug):
    assert mutated(bug) != (ROOT / "studykit" / bug.file).read_text(encoding="utf-8")
    assert bug.selection
    for test in bug.selection:
        file, _, name = test.partition("::")
        assert f"def {name.split('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8"), test


def test_no_bug_is_there_twice():
    assert Counter(bug.name for bug in BUGS).most_common(1)[0][1] == 1
    assert Counter((bug.file, bug.old, bug.new) for bug in BUGS).most_common(1)[0][1] == 1


def test_a_bug_that_fits_no_longer_is_named_with_what_to_do():
    bug = BY_NAME["precision and recall exchanged"]
    for wrong, said in (
        (
            {"old": "code that is gone"},
            r"precision_recall\.py has this 0 times:\ncode that is gone",
        ),
        ({"old": "import"}, r"has this \d\d? times"),
        ({"new": "("}, "would be no Python"),
        ({"file": "evaluation/gone.py"}, r"studykit/evaluation/gone\.py is gone"),
    ):
        with pytest.raises(Misfit, match=said) as error:
            mutated(replace(bug, **wrong))
        assert "mend: adapt" in str(error.value)
        assert "precision and recall exchanged" in str(error.value)


def test_the_museum_tells_a_bug_from_none():
    bug = BY_NAME["precision and recall exchanged"]
    file = ROOT / "studykit" / bug.file
    before = file.read_bytes()
    bugs = [
        bug,
        replace(bug, name="none", old="# The nearest of all is", new="# Nearest of all is"),
        replace(bug, name="no such test", tests=("models/test_gone.py",)),
        replace(bug, name="no such code", old="code that is gone"),
    ]
    with copied() as copy:
        verdicts = list(visit(bugs, copy))
        assert (copy / "studykit" / bug.file).read_bytes() == before
    outcomes = [verdict.outcome for verdict in verdicts]
    assert outcomes == ["caught", "survived", "broken", "broken"], verdicts
    assert verdicts[0].said == bug.tests[0]
    assert "0 times" in verdicts[3].said
    assert file.read_bytes() == before


@pytest.mark.slow
def test_every_bug_is_caught(capsys):
    code = main([])
    assert code == 0, capsys.readouterr().out


def test_a_word_that_no_bug_has_is_said(capsys):
    assert main(["no-such-bug"]) == 2
    assert "no bug's name has one of: no-such-bug" in capsys.readouterr().out
