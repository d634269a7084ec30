"""The pages that the wiki publishes, in Korean, made from reports and nothing else."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from studykit.diffusion.compare.figures import Line, draw_losses, draw_quality
from studykit.diffusion.compare.report import read_report
from studykit.diffusion.compare.runs import LABELS
from studykit.errors import ConfigError

__all__ = ["DEFAULT_SAMPLES", "write_overview", "write_page"]

DEFAULT_SAMPLES = 480
"""The budget that a command need not name."""

_TITLES = {"digits": "손글씨 숫자(digits)", "fashion-mnist": "Fashion-MNIST"}


def write_page(folder: Path) -> None:
    """Write the page of a report, `index.md`, and its charts.

    Args:
        folder: Where `report.json` and `samples.png` are.

    Raises:
        ConfigError: If there is no report, or it is not finished.

    Examples:
        >>> write_page(Path("nowhere"))
        Traceback (most recent call last):
        ...
        studykit.errors.ConfigError: nowhere/report.json: no report: No such file or directory
          mend: let `studykit compare` write it anew
    """
    report = _read(folder / "report.json")
    losses = [
        Line(LABELS[model], curve["step"], curve["loss"])
        for model in report.models
        for curve in report.results(model, "loss")
        if curve is not None  # No log was there to read.
    ]
    if losses:
        draw_losses(losses, folder / "loss.png")
    for key in _DIGITS:
        draw_quality(
            {sampler: report.lines(sampler, key) for sampler in report.evaluations},
            real=report.real[key],
            metric=report.metric if key == "fd" else key,
            file=folder / f"{key}.png",
            log=key == "fd",
        )
    text = "\n\n".join(_sections(report, losses=bool(losses)))
    (folder / "index.md").write_text(text + "\n", encoding="utf-8")


def write_overview(folder: Path) -> None:
    """Write the page "obtained against reference" of all reports in a folder, `index.md`.

    Args:
        folder: Each of its folders may hold a report.

    Raises:
        ConfigError: If a report cannot be read, or is not finished.

    Examples:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> write_overview(folder)
        >>> "# 얻은 값과 기준값" in (folder / "index.md").read_text(encoding="utf-8").splitlines()
        True
    """
    files = sorted(folder.glob("*/report.json"))
    parts = [_head("결과"), "# 얻은 값과 기준값", _OVERVIEW]
    for file in files:
        report = _read(file)
        parts += [f"## {_TITLES[report.data]}", _obtained(report), _notes(report)]
        parts += [_commands(report), f"[그림과 자세한 값]({file.parent.name}/index.md)"]
    if not files:
        parts.append("아직 잰 값이 없습니다.")
    parts.append(_REFERENCE)
    (folder / "index.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


# --- what a report says -------------------------------------------------------------------------


class _Numbers:
    """A report, to ask for numbers."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self.data: str = report["data"]
        self.metric: str = report["metric"]
        self.settings: Mapping[str, Any] = report["settings"]
        self.evaluations: Mapping[str, list[int]] = self.settings["evaluations"]
        self.runs: list[Mapping[str, Any]] = report["runs"]
        self.models: list[str] = list(dict.fromkeys(run["model"] for run in self.runs))
        self.seeds: list[int] = sorted({run["seed"] for run in self.runs})
        self.machine: Mapping[str, Any] = report["timings"]["machine"]
        self.seconds: Mapping[str, float] = report["timings"]["seconds"]
        self._measurements: Mapping[str, Any] = report["measurements"]

    @property
    def real(self) -> Any:
        """The quality of real images."""
        return self._measurements["real/quality"]["result"]

    def results(self, model: str, name: str) -> list[Any]:
        """What was measured under a name, of each run of a model that has it."""
        names = [f"{model}/{run['seed']}/{name}" for run in self.runs if run["model"] == model]
        return [self._measurements[name]["result"] for name in names if name in self._measurements]

    def qualities(self, model: str) -> Iterator[tuple[str, list[Any]]]:
        """The sampler and the results of each run, at each number of evaluations."""
        for sampler, counts in self.evaluations.items():
            for count in counts:
                if results := self.results(model, f"quality/{sampler}/{count}"):
                    yield sampler, results

    def best(self, model: str) -> tuple[str, list[Any]]:
        """Where a model's distance is smallest."""
        return min(self.qualities(model), key=lambda quality: _mean(quality[1], "fd"))

    def lines(self, sampler: str, key: str) -> list[Line]:
        """A measure of quality against evaluations, averaged over the seeds, of each model."""
        lines = []
        for model in self.models:
            at = [results for by, results in self.qualities(model) if by == sampler]
            evaluations = [results[0]["evaluations"] for results in at]
            lines.append(Line(LABELS[model], evaluations, [_mean(each, key) for each in at]))
        return lines


def _read(file: Path) -> _Numbers:
    report = read_report(file)
    if "unfinished" in report:
        raise ConfigError(
            "the comparison is not finished",
            file=str(file),
            mend="give its command again: it goes on where it was",
        )
    return _Numbers(report)


_DIGITS = {"fd": "{:.2f}", "precision": "{:.3f}", "recall": "{:.3f}"}
"""By the key of a quality: how much of it is shown."""


def _mean(results: list[Any], key: str) -> float:
    return float(statistics.mean(result[key] for result in results))


def _value(results: list[Any], key: str, digits: str) -> str:
    """A number, or the mean and the standard deviation of those of several runs."""
    if not results:
        return "—"
    mean = digits.format(_mean(results, key))
    if len(results) == 1:
        return mean
    return f"{mean} ± {digits.format(statistics.stdev(result[key] for result in results))}"


def _quality_values(results: list[Any]) -> list[str]:
    return [_value(results, key, digits) for key, digits in _DIGITS.items()]


def _bits(results: list[Any]) -> str:
    """As `_value`; of one run with the standard error over the images."""
    text = _value(results, "mean", "{:.3f}")
    return f"{text} ± {results[0]['error']:.3f}" if len(results) == 1 else text


# --- the parts of a page ------------------------------------------------------------------------


def _head(title: str) -> str:
    return (
        f"---\ntitle: {title}\n---\n\n"
        "<!-- `python -m studykit.diffusion.compare docs/results`가 만든 쪽입니다. "
        "고칠 글은 studykit/diffusion/compare/page.py에 있습니다. -->"
    )


def _table(*rows: list[str]) -> str:
    head, *body = rows
    ruler = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ruler, *body))


def _sections(report: _Numbers, *, losses: bool) -> Iterator[str]:
    title, models = _TITLES[report.data], ", ".join(LABELS[model] for model in report.models)
    yield _head(title)
    yield f"# {title}: {models}"
    yield (
        "확산 모델(diffusion model)을 같은 자료와 같은 방법으로 쟀습니다. "
        "모든 수는 [report.json](report.json)에 있습니다."
    )
    yield "## 얻은 값과 기준값"
    yield _obtained(report)
    yield _notes(report)
    yield _commands(report)
    yield "## 학습"
    yield from _training(report, losses=losses)
    yield "## 표본"
    yield f"![{models}의 표본을 16장씩 나란히 놓은 그림](samples.png)"
    yield (
        "모두 같은 잡음에서 출발해 확률 흐름(probability flow)을 Heun 방법 25걸음(네트워크 평가 "
        "49번)으로 풀었습니다. 흐름에는 우연이 없어서, 스코어(score)를 잘 배운 모델끼리는 같은 "
        "자리의 그림이 닮습니다."
    )
    yield f"## 네트워크 평가 횟수와 {report.metric}, 정밀도, 재현율"
    yield from _quality(report, models)
    yield "## bits/dim"
    yield from _likelihood(report)
    yield "## 어떻게 쟀나"
    yield "\n".join(f"- {line}" for line in _method(report))


def _obtained(report: _Numbers) -> str:
    head = ["모델", f"{report.metric} ↓", "정밀도 ↑", "재현율 ↑", "알아본 비율 ↑"]
    head += ["bits/dim, ODE ↓", "bits/dim, 변분 상한 ↓", "표본 추출"]
    recognised = _value([report.real], "recognised", "{:.1%}")
    real = ["실제 이미지 (기준)", *_quality_values([report.real]), recognised, "—", "—", "—"]
    rows = []
    for model in report.models:
        sampler, best = report.best(model)
        recognised = _value(best, "recognised", "{:.1%}")
        bits = [_bits(report.results(model, f"likelihood/{way}")) for way in ("ode", "bound")]
        drawn = f"`{sampler}`, 평가 {best[0]['evaluations']}번"
        rows.append([LABELS[model], *_quality_values(best), recognised, *bits, drawn])
    return _table(head, real, *rows)


def _notes(report: _Numbers) -> str:
    chance = "이미지들에서 온 표준오차"
    if len(report.seeds) > 1:
        chance = f"씨앗(seed) {len(report.seeds)}개 사이의 표준편차"
    return (
        f"첫 줄은 표본 대신 실제 학습 이미지 {report.settings['samples']}장을 넣고 잰 값으로, "
        "표본이 바랄 수 있는 가장 좋은 값입니다. 모델의 줄은 잰 표본 추출 방법 가운데 "
        f"{report.metric}가 가장 작은 것의 값입니다. ± 뒤는 {chance}입니다."
    )


def _commands(report: _Numbers) -> str:
    options = f"--data {report.data}"
    if report.settings["steps"] is not None:
        options += f" --steps {report.settings['steps']}"
    if report.settings["samples"] != DEFAULT_SAMPLES:
        options += f" --samples {report.settings['samples']}"
    if report.seeds != [0]:
        options += f" --seeds {','.join(map(str, report.seeds))}"
    lines = [f"studykit compare {model} {options}" for model in report.models]
    return "\n".join(["각 줄을 다시 얻는 명령:", "", "```bash", *lines, "```"])


def _training(report: _Numbers, *, losses: bool) -> Iterator[str]:
    rows, budgets, missing = [], set(), []
    for run in report.runs:
        label, training = LABELS[run["model"]], run["recipe"]["training"]
        steps, parameters = f"{run['steps']:,}", f"{run['parameters']:,}"
        budget = (steps, f"{training['batch_size']}", parameters, f"{training['learning_rate']:g}")
        budgets.add(budget)
        seconds = report.seconds.get(f"{run['model']}/{run['seed']}/training")
        if seconds is None:
            missing.append(label)
        time = "—" if seconds is None else f"{seconds / 60:.1f}분"
        rows.append([label, f"{run['seed']}", *budget, time])
    yield (
        "모든 모델의 예산이 같습니다."
        if len(budgets) == 1
        else "**모델마다 예산이 다릅니다.** 표를 보고 견주세요."
    )
    yield _table(["모델", "씨앗", "걸음", "배치", "매개변수", "학습률", "시간"], *rows)
    if missing:
        names = ", ".join(dict.fromkeys(missing))
        yield f"체크포인트 옆에 학습 기록(TensorBoard)이 없어 시간과 손실이 빠진 모델: {names}."
    if losses:
        yield (
            "시간은 걸음의 중앙값에 걸음 수를 곱한 것입니다. "
            "컴퓨터가 다른 일도 하고 있었다면 그만큼 깁니다."
        )
        yield "![학습 걸음에 따른 모델들의 손실](loss.png)"
        yield (
            "손실은 네트워크가 맞히는 것, 곧 잡음 $\\epsilon$이나 속도 $v$의 평균제곱오차입니다. "
            "맞히는 것과 시각의 분포가 모델마다 달라서, 높낮이로 우열을 말할 수는 없습니다."
        )


def _quality(report: _Numbers, models: str) -> Iterator[str]:
    for key, name in {"fd": report.metric, "precision": "정밀도", "recall": "재현율"}.items():
        yield f"![네트워크 평가 횟수에 따른 {name}: {models}, 표본 추출 방법마다]({key}.png)"
    rows = [["모델", "방법", "평가", report.metric, "정밀도", "재현율"]]
    for model in report.models:
        for sampler, results in report.qualities(model):
            drawn = [f"`{sampler}`", f"{results[0]['evaluations']}"]
            rows.append([LABELS[model], *drawn, *_quality_values(results)])
    table = "\n".join(f"    {line}" for line in _table(*rows).splitlines())
    yield f'??? note "모든 값"\n\n{table}'


def _likelihood(report: _Numbers) -> Iterator[str]:
    rows = [["모델", "ODE", "Hutchinson 오차", "평가", "변분 상한"]]
    for model in report.models:
        ode, bound = (report.results(model, f"likelihood/{way}") for way in ("ode", "bound"))
        error, evaluations = _mean(ode, "estimate_error"), _mean(ode, "evaluations")
        rows.append([LABELS[model], _bits(ode), f"{error:.4f}", f"{evaluations:.0f}", _bits(bound)])
    yield _table(*rows)
    yield (
        f"시험 이미지 {report.settings['likelihood']['images']}장의 평균입니다. ODE의 값은 회색 "
        "단계를 고르게 편(dequantisation) 이미지의 밀도에서 왔고, 단계의 확률로는 상한입니다. 변분 "
        "상한은 DDPM의 사슬에만 있고 SDE로 배운 모델에는 없습니다."
    )
    claims = [
        ("sub-VP의 ODE < VP의 ODE", ("subvp", "ode"), ("vp", "ode")),
        ("VP의 ODE < DDPM의 ODE", ("vp", "ode"), ("ddpm", "ode")),
        ("DDPM의 ODE < DDPM의 변분 상한", ("ddpm", "ode"), ("ddpm", "bound")),
    ]
    rows = [["논문의 순서 (Song et al., 2021, Table 2)", "차이", "같은가"]]
    for claim, *sides in claims:
        less, more = (report.results(model, f"likelihood/{way}") for model, way in sides)
        if less and more:
            difference, error = _paired(less, more)
            said = "예" if difference < 0 else "아니오"
            if abs(difference) < 2 * error:
                said = "가르지 못함"
            rows.append([claim, f"{difference:+.3f} ± {error:.3f}", said])
    if len(rows) > 1:
        yield _table(*rows)
        yield (
            "차이는 같은 이미지끼리 뺀 값의 평균이고 ± 뒤는 그 표준오차입니다. "
            "두 배보다 작은 차이는 가르지 못한 것으로 칩니다."
        )


def _paired(first: list[Any], second: list[Any]) -> tuple[float, float]:
    """The mean and the standard error of the difference, image by image."""
    sides = [
        [
            statistics.mean(bits)
            for bits in zip(*(result["each"] for result in results), strict=True)
        ]
        for results in (first, second)
    ]
    differences = [a - b for a, b in zip(*sides, strict=True)]
    error = statistics.stdev(differences) / math.sqrt(len(differences))
    return statistics.mean(differences), error


def _method(report: _Numbers) -> Iterator[str]:
    settings, machine = report.settings, report.machine
    likelihood = settings["likelihood"]
    shipped = sorted({LABELS[run["model"]] for run in report.runs if run["shipped"]})
    if shipped:
        yield f"studykit과 함께 배포되는 체크포인트: {', '.join(shipped)}."
    yield (
        f"{report.metric}: 우리 분류기의 특징(feature)에서 표본 {settings['samples']}장과 모든 "
        "시험 이미지 사이의 프레셰(Fréchet) 거리의 제곱. FID가 아닙니다. 표본이 적을수록 커집니다."
    )
    yield (
        "정밀도, 재현율: 같은 특징에서 표본과 같은 수의 시험 이미지로, $k = 3$ "
        "(Kynkäänniemi et al., 2019)."
    )
    yield "알아본 비율: 분류기가 한 부류에 0.9 이상의 확률을 준 비율."
    yield (
        f"표본 추출: 씨앗 {settings['seed']}, 모든 모델에 같은 잡음. 평가는 표본 하나를 얻는 데 "
        "네트워크를 부른 횟수. `dpm_solver`는 2차."
    )
    odes = [each for model in report.models for each in report.results(model, "likelihood/ode")]
    starts = ", ".join(f"{t:g}" for t in sorted({each["t_0"] for each in odes}))
    yield (
        f"bits/dim (ODE): 탐침(probe) {likelihood['probes']}개의 Hutchinson 추정, 허용 오차 "
        f"{likelihood['tolerance']:g}, 네트워크에 처음 묻는 시각 $t_0$ = {starts} "
        "(그 전에는 스코어가 그대로라고 봅니다)."
    )
    seconds = sum(s for name, s in report.seconds.items() if not name.endswith("/training"))
    yield (
        f"컴퓨터: {machine['processor']}, 코어 {machine['cores']}개, 스레드 "
        f"{machine['threads']}개, torch {machine['torch']}. 재는 데 걸린 시간 {seconds / 60:.1f}분."
    )


# --- the overview -------------------------------------------------------------------------------

_OVERVIEW = """\
논문의 네 모델을 작은 네트워크와 짧은 예산으로 학습해 잰 값입니다.
표의 수는 모두 `studykit compare`가 쓴 `report.json`에서 옵니다."""

_REFERENCE = r"""## 무엇이 기준값인가

Fashion-FD와 Digits-FD는 **FID가 아닙니다**.
FID는 ImageNet으로 학습한 Inception의 특징으로 보통 표본 5만 장을 재고,
우리 값은 우리 분류기의 특징으로 수백 장을 잽니다. 그래서 논문의 FID와 견줄 수 없습니다.
견줄 것은 각 표의 첫 줄입니다. 표본 대신 실제 학습 이미지를 같은 수만큼 넣은 값이라,
표본이 적어서 생기는 치우침까지 같습니다.
손글씨 숫자에서는 알아볼 수 있는지(알아본 비율)가 가장 솔직한 기준입니다.

논문이 CIFAR-10에서 보고한 값은 이렇습니다. 자료, 네트워크, 예산이 모두 달라
수 자체는 견줄 수 없고, 모델 사이의 순서만 견줄 수 있습니다.

| 논문의 모델 (CIFAR-10) | bits/dim, ODE | bits/dim, 변분 상한 | FID |
| --- | --: | --: | --: |
| DDPM ($L_\text{simple}$) | 3.28 | 3.75 | 3.17 |
| DDPM cont. (VP) | 3.21 | — | 3.69 |
| DDPM cont. (sub-VP) | 3.05 | — | 3.56 |
| NCSN++ cont. (VE) | — | — | 2.38 |

출처: [Ho et al. (2020)](https://arxiv.org/abs/2006.11239), Table 1;
[Song et al. (2021)](https://arxiv.org/abs/2011.13456), Table 2와 Table 3(VE).
FID는 첫 줄이 1,000걸음 표본 추출, 가운데 두 줄이 ODE의 값입니다."""
