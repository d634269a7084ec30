"""Opens the museum: `python -m tests.museum`, or `python -m tests.museum corrector ve` for some."""

from __future__ import annotations

import sys

from tests.museum.museum import Misfit, copied, load, mutated, run_tests, visit


def main(words: list[str]) -> int:
    """Show the bugs whose name has one of the words, or all; return the exit code."""
    bugs = [bug for bug in load() if not words or any(word in bug.name for word in words)]
    if not bugs:
        print(f"no bug's name has one of: {' '.join(words)}")
        return 2
    misfits = 0
    for bug in bugs:
        try:
            mutated(bug)
        except Misfit as error:
            misfits += 1
            print(f"{bug.name}: {error}\n")
    if misfits:
        return 1
    with copied() as copy:
        code, text = run_tests(copy, sorted({test for bug in bugs for test in bug.selection}))
        if code != 0:
            print(f"{text}\nThe tests fail without any bug: mend that first.")
            return 1
        caught, survived = 0, []
        width = max(len(bug.name) for bug in bugs)
        for bug, outcome, seconds, said in visit(bugs, copy):
            caught += outcome == "caught"
            if outcome != "caught":
                survived.append(bug)
            print(f"{outcome:8}  {bug.name:{width}}  {seconds:5.1f} s  {said}", flush=True)
    print(f"\n{caught} of {len(bugs)} caught: a kill rate of {caught / len(bugs):.0%}")
    for bug in survived:
        print(f"\nNot caught: {bug.name} (studykit/{bug.file})\n{bug.story.strip()}")
        print("  mend: write a test that fails with it, and name it under `tests` in bugs.toml")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
