"""Makes the notebooks anew: `python -m tests.notebooks [--again] [NAME]...`, by default all.

Where only the prose has changed, the outputs stay; `--again` runs the code all the same.
"""

from __future__ import annotations

import sys
import time

from tests.notebooks.notebooks import FOLDER, texts, write


def main(arguments: list[str]) -> None:
    names = [name for name in arguments if name != "--again"]
    for text in [FOLDER / f"{name}.py" for name in names] or texts():
        start = time.monotonic()
        path = write(text, again="--again" in arguments)
        print(f"{path}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
