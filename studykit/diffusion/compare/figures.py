"""The pictures of a report: light files that can be read on a phone, the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from studykit.evaluation.grids import image_grid

__all__ = ["Line", "draw_losses", "draw_quality", "draw_samples"]

# The colours of Okabe and Ito, which most colour-blind readers tell apart, and shapes beside them.
_STYLES = {
    "DDPM": ("#0072b2", "o"),
    "VE": ("#d55e00", "s"),
    "VP": ("#009e73", "^"),
    "sub-VP": ("#cc79a7", "D"),
}
_WIDTH = 720  # pixels, twice those of a phone


class Line(NamedTuple):
    """A line of a chart.

    Attributes:
        label: Whose it is.
        x: Where its points are.
        y: Their values.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]


def draw_losses(lines: Sequence[Line], file: Path) -> None:
    """Draw the loss of each model against the step.

    Args:
        lines: One for each run.
        file: The PNG to write.

    Examples:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "loss.png"
        >>> draw_losses([Line("VP", [10, 20], [1.0, 0.5])], file)
        >>> 0 < file.stat().st_size < 60_000
        True
    """
    with rc_context({"font.size": 8, "lines.linewidth": 1.2}):
        figure = _figure(rows=1)
        axes = figure.add_subplot(xlabel="optimiser step", ylabel="loss")
        _log_scale(axes)
        axes.grid(visible=True, alpha=0.3)
        for line in lines:
            axes.plot(line.x, line.y, color=_STYLES[line.label][0], label=line.label)
        _legend(figure, [axes])
        _save(figure, file)


def draw_quality(
    panels: Mapping[str, Sequence[Line]], real: float, metric: str, file: Path, *, log: bool
) -> None:
    """Draw a measure of quality against network evaluations, in a panel for each sampler.

    Args:
        panels: By the sampler's name, a line for each model.
        real: What real images have: a dashed line.
        metric: What is measured.
        file: The PNG to write.
        log: Whether its axis is logarithmic.

    Examples:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "fd.png"
        >>> panels = {"ddim": [Line("VP", [10, 20], [9.0, 4.0])], "heun": [Line("VP", [9], [5.0])]}
        >>> draw_quality(panels, real=1.0, metric="Digits-FD", file=file, log=True)
        >>> 0 < file.stat().st_size < 60_000
        True
    """
    with rc_context({"font.size": 8, "lines.linewidth": 1.2, "lines.markersize": 4}):
        columns = min(2, len(panels))
        rows = -(-len(panels) // columns)
        figure = _figure(rows)
        first: Axes | None = None
        drawn = []
        for i, (sampler, lines) in enumerate(panels.items()):
            axes = figure.add_subplot(rows, columns, i + 1, sharex=first, sharey=first)
            first = first or axes
            axes.set_title(sampler, fontsize=8)
            axes.axhline(real, color="0.4", linestyle="--", label="real images")
            for line in lines:
                color, marker = _STYLES[line.label]
                axes.plot(line.x, line.y, color=color, marker=marker, label=line.label)
            axes.grid(visible=True, alpha=0.3)
            axes.label_outer()
            drawn.append(axes)
        if log:
            _log_scale(drawn[0])
        drawn[0].set_xscale("log")
        ticks: list[float] = []
        for x in sorted({x for lines in panels.values() for line in lines for x in line.x})[::-1]:
            if not ticks or x < ticks[-1] / 1.4:  # else the numbers would touch
                ticks.append(x)
        drawn[0].set_xticks(ticks, [f"{x:g}" for x in ticks])
        drawn[0].set_xticks([], minor=True)
        figure.supxlabel("network evaluations per sample", fontsize=8)
        figure.supylabel(metric, fontsize=8)
        _legend(figure, drawn)
        _save(figure, file)


def draw_samples(samples: Mapping[str, Tensor], file: Path) -> None:
    """Draw samples of each model in a grid with its name above, two models in a row.

    Args:
        samples: By the model's name, shape `(n, C, H, W)`.
        file: The PNG to write.

    Examples:
        >>> import tempfile, torch
        >>> file = Path(tempfile.mkdtemp()) / "samples.png"
        >>> draw_samples({"VE": torch.zeros(16, 1, 8, 8), "VP": torch.zeros(16, 1, 8, 8)}, file)
        >>> 0 < file.stat().st_size < 60_000
        True
    """
    margin, title = 18, 32
    size = (_WIDTH - margin) // 2
    font = ImageFont.load_default(24)
    columns = min(2, len(samples))
    rows = -(-len(samples) // columns)
    across, down = size + margin, size + margin + title
    page = Image.new("L", (columns * across - margin, rows * down - margin), color=255)
    for i, (label, images) in enumerate(samples.items()):
        grid = image_grid(images, zoom=1).convert("L")
        zoom = max(1, size // max(grid.size))
        grid = grid.resize((zoom * grid.width, zoom * grid.height), Image.Resampling.NEAREST)
        left, top = i % columns * across, i // columns * down
        ImageDraw.Draw(page).text((left, top), label, fill=0, font=font)
        page.paste(grid, (left, top + title))
    # 64 levels of grey, which the eye takes for all of them, make the file half as large.
    page.point(lambda level: round(level / 255 * 63) * 255 // 63).save(file, optimize=True)


def _figure(rows: int) -> Figure:
    return Figure(figsize=(_WIDTH / 200, 0.6 + 1.7 * rows), dpi=200, layout="constrained")


def _log_scale(axes: Axes) -> None:
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    axes.yaxis.set_minor_locator(NullLocator())


def _legend(figure: Figure, drawn: Sequence[Axes]) -> None:
    entries: dict[str, Artist] = {}
    for axes in drawn:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    figure.legend(
        list(entries.values()), list(entries), loc="outside upper center", ncols=3, frameon=False
    )


def _save(figure: Figure, file: Path) -> None:
    drawn = BytesIO()
    figure.savefig(drawn, format="png")
    # Few colours make a light file, and only pixels are kept: no date, no version.
    Image.open(drawn).convert("RGB").quantize(64).save(file, optimize=True)
