"""Looks for bytes that break a promise of the reader, guided by the code that they reach.

    make fuzz seconds=3600

Needs the extra `fuzz`. What breaks a promise is left in the folder as `crash-…`; run it again with

    .venv/bin/python -m tests.wiki.fuzz_reading FOLDER/crash-…

and keep the smallest note that fails as an `@example` in `test_reading.py`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["studykit.wiki"]):
    import studykit.wiki.read  # noqa: F401

from tests.wiki import any_note
from tests.wiki.promises import read_as_promised

PIECES = [*any_note.WORDS, *any_note.MARKUP, *any_note.AWKWARD, *any_note.LABELS, *any_note.TURNS]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp949", "cp932")
LONGEST = 4096
"""Bytes of an input: enough for several sections, short enough for many inputs a second."""


def seeds(count: int = 600) -> Iterator[bytes]:
    """The invented notes in every encoding, and invented lines."""
    for path in sorted(Path(__file__).with_name("notes").iterdir()):
        text = path.read_text("utf-8", "surrogateescape")
        for encoding in ENCODINGS:
            yield text.encode(encoding, "replace")
    random_ = random.Random(0)
    ends, indents, marks = any_note.ENDS, any_note.INDENTS, any_note.MARKS
    for number in range(count):
        lines = [
            "".join(
                (
                    random_.choice(indents),
                    random_.choice(marks),
                    *random_.choices(PIECES, k=random_.randint(0, 4)),
                    random_.choice(ends),
                )
            )
            for _ in range(random_.randint(1, 12))
        ]
        yield "".join(lines).encode(ENCODINGS[number % 10 if number % 10 < 6 else 0], "replace")


def dictionary() -> str:
    """The pieces of notes, for libFuzzer to put anywhere."""
    escaped = ("".join(f"\\x{byte:02x}" for byte in piece.encode()) for piece in PIECES)
    return "".join(f'"{piece}"\n' for piece in dict.fromkeys(escaped) if piece)


def one_input(data: bytes) -> None:
    for file in ("week-07.txt", "week-07.md"):
        read_as_promised(data, file)


def main() -> None:
    """Fuzz in a folder, with libFuzzer's options behind it; or run one file again."""
    first = Path(sys.argv[1])
    options = sys.argv[2:]
    if not first.is_file():
        corpus = first / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds()):
            (corpus / f"seed-{number:04}").write_bytes(seed)
        words = first / "dictionary"
        words.write_text(dictionary(), "ascii")
        options += [f"-dict={words}", f"-max_len={LONGEST}", f"-artifact_prefix={first}/"]
        first = corpus
    atheris.Setup([sys.argv[0], str(first), *options], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
