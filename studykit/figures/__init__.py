"""The stills and the data of the figures that a reader of the wiki can touch.

    python -m studykit.figures

writes them into docs/figures, from the models of this package. The scripts that make figures of
them are `studykit/wiki/assets/figures/`; the tests hold their numbers against these models.
"""
