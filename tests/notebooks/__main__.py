"""Makes the notebooks anew: `python -m tests.notebooks [NAME]...`, by default all."""

from __future__ import annotations

import sys
import time

from tests.notebooks.notebooks import FOLDER, texts, write


def main(names: list[str]) -> None:
    for text in [FOLDER / f"{name}.py" for name in names] or texts():
        start = time.monotonic()
        print(f"{write(text)}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
