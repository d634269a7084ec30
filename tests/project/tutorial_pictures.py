"""Makes the pictures of docs/answers/tutorial.md anew, by the page's own command and code.

.venv/bin/python -m tests.project.tutorial_pictures
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from studykit.cli import main

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "answers" / "tutorial.md"
IMAGES = ROOT / "docs" / "images"


def make_pictures(folder: Path) -> list[str]:
    """Write every picture of the page that our own models draw, and name them."""
    text = PAGE.read_text("utf-8")
    command = re.search(r"^\.venv/bin/studykit (sample .*) --out first\.png$", text, re.MULTILINE)
    assert command, "the page's first command is gone"
    first = folder / "tutorial-first.png"
    done = CliRunner().invoke(main, [*command[1].split(), "--out", str(first)])
    assert done.exit_code == 0, done.output
    names, said = [first.name], dict[str, Any]()
    # A picture is shown below the code that makes it; the first code makes one that is not shown.
    for code, shown in re.findall(
        r"^```python\n(.*?)^```\n(?:\n!\[[^\]]*\]\(\.\./images/([\w-]+\.png)\))?",
        text,
        re.MULTILINE | re.DOTALL,
    ):
        exec(compile(code, str(PAGE), "exec"), said)
        if shown:
            said["picture"].save(folder / shown)
            names.append(shown)
    return names


if __name__ == "__main__":
    print(*make_pictures(IMAGES), sep="\n")
