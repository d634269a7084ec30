"""The wiki generator: notes -> records -> archive -> pages -> site.

    read.py    bytes of a note     -> Note      (blocks and records with spans, lossless)
    link.py    notes of a folder   -> Archive   (ordered, cross-referenced)
    render.py  archive             -> Pages     (Markdown, for any site engine)

Only `plugin`, `build` and `export` know MkDocs. Nothing here imports torch.
"""
