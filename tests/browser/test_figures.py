"""Figures that a reader can touch: their numbers are Python's, and a still stands in for them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, Route, expect

from studykit.diffusion import DDPM, cosine_schedule, linear_schedule
from studykit.diffusion.samplers import predictor_corrector, trajectory
from studykit.diffusion.samplers.predictor_corrector import _correct
from studykit.figures import beta_schedule, model_in_page, score_field
from studykit.noise import Noise
from studykit.pretrained.loading import load_vae
from tests.browser.canvas import greys, wait_for_ink
from tests.browser.conftest import Visit
from tests.browser.reader import SIZES, Reader
from tests.browser.sites import Site
from tests.browser.test_accessibility import TWO_LOOKS, faults_at

PLACES = {
    "beta-schedule": "answers/w01-q2/",
    "score-field": "answers/score/",
    "model-in-page": "answers/ddpm/",
    "latent-square": "answers/w01-q1/",
}
"""A page for each figure."""

POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'"
"""Scripts and styles from the site's own files alone."""

PATIENCE = 120_000
"""How long a slow machine may take for a model, in milliseconds."""

BEFORE_A_PRESS = 60_000
"""What a figure may add to a page, in bytes."""


def figure(page: Page, name: str) -> Locator:
    return page.locator(f".sk-figure-{name}")


def touch(visit: Visit, wiki: Site, name: str, **window: Any) -> tuple[Reader, Locator]:
    """The reader of a page with the figure, and the figure once it is there."""
    reader = visit(wiki, PLACES[name], **window)
    shown = figure(reader.page, name)
    expect(shown).to_be_visible()
    shown.scroll_into_view_if_needed()
    return reader, shown


def value_of(slider: Locator) -> float:
    return float(slider.input_value())


def calculate(page: Page, part: str, expression: str, argument: Any = None) -> Any:
    """What one of the figures' own modules gives, in the page."""
    return page.evaluate(
        f"""async (argument) => {{
          const part = await import("/assets/studykit/figures/parts/{part}.js");
          const plain = (each) => ArrayBuffer.isView(each) ? [...each] : each;
          return JSON.parse(JSON.stringify({expression}, (_, each) => plain(each)));
        }}""",
        argument,
    )


def close(found: Any, expected: Any, atol: float = 1e-6) -> bool:
    found = torch.as_tensor(found, dtype=torch.float64)
    return torch.allclose(found, torch.as_tensor(expected).double(), rtol=0, atol=atol)


# --- every figure ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("size", SIZES)
def test_it_takes_the_still_s_place_and_fits(
    wiki: Site, visit: Visit, name: str, size: str
) -> None:
    reader, shown = touch(visit, wiki, name, size=size)
    expect(shown).to_have_count(1)
    expect(reader.page.locator(f"img[data-figure={name}]")).to_be_hidden()
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    # Nothing that a policy of scripts and styles from files alone would refuse.
    inline = "node => [...node.querySelectorAll('*')].filter(each => each.getAttributeNames().some("
    inline += "name => name === 'style' || name.startsWith('on'))).length"
    assert shown.evaluate(inline) == 0


@pytest.mark.parametrize("name", PLACES)
def test_without_javascript_there_is_the_still(wiki: Site, visit: Visit, name: str) -> None:
    page = visit(wiki, PLACES[name], size="phone", java_script_enabled=False).page
    still = page.locator(f"img[data-figure={name}]")
    still.scroll_into_view_if_needed()
    expect(still).to_be_visible()
    assert len(still.get_attribute("alt")) > 40
    box = still.bounding_box()
    assert 300 < box["width"] <= 390
    assert box["height"] > 50


@pytest.mark.parametrize("name", PLACES)
def test_what_it_adds_to_a_page_is_light(
    wiki: Site, visit: Visit, browser: Browser, name: str
) -> None:
    reader, _ = touch(visit, wiki, name)
    asked = {url for url in reader.asked if "/figures" in url}
    assert len(asked) >= 5
    paths = [wiki.folder / url.removeprefix(wiki.url) for url in asked]
    assert sum(path.stat().st_size for path in paths) <= BEFORE_A_PRESS


def test_other_pages_load_nothing_of_it(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, "answers/w01-q3/")
    assert not [url for url in reader.asked if "/figures" in url]


@contextlib.contextmanager
def alone(
    browser: Browser, wiki: Site, name: str, language: str
) -> Iterator[tuple[Page, list[str]]]:
    """A page of nothing but the figure, under a strict policy, and what the console said."""
    markup = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><body><p><img alt="still" '
        f'data-figure="{name}" src="figures/{name}.png"></p>'
        '<script src="assets/studykit/studykit.js"></script></body></html>'
    )
    headers = {"content-type": "text/html", "content-security-policy": POLICY}

    def answer(route: Route) -> None:
        route.fulfill(body=markup, headers=headers)

    with browser.new_context() as context:
        context.route(f"{wiki.url}alone.html", answer)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{wiki.url}alone.html")
        yield page, said


@pytest.mark.parametrize("name", PLACES)
def test_under_a_strict_policy(wiki: Site, browser: Browser, name: str) -> None:
    with alone(browser, wiki, name, "ko") as (page, said):
        expect(figure(page, name)).to_be_visible()
        assert not said


def test_after_instant_navigation_and_back(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, "answers/")
    page = reader.page
    page.evaluate("window.sameDocument = true")
    for path, name in (
        (PLACES["beta-schedule"], "beta-schedule"),
        (PLACES["score-field"], "score-field"),
    ):
        reader.follow(page.locator(f"article a[href='{wiki.url}{path}']").first)
        expect(figure(page, name)).to_have_count(1)
        page.go_back()
        reader.arrive(f"{wiki.url}answers/")
        expect(page.locator(".sk-figure")).to_have_count(0)
    page.go_forward()
    reader.arrive(f"{wiki.url}{PLACES['score-field']}")
    expect(figure(page, "score-field")).to_have_count(1)
    assert page.evaluate("window.sameDocument")


@pytest.mark.parametrize("name", PLACES)
def test_axe_finds_no_fault(wiki: Site, visit: Visit, node_modules: Path, name: str) -> None:
    # axe and what keeps the page still are put into it, which the policy of pages refuses.
    reader, _ = touch(visit, wiki, name, bypass_csp=True)
    assert not faults_at(reader, node_modules, TWO_LOOKS)


# --- the numbers ----------------------------------------------------------------------------------


def test_the_noise_is_python_s(wiki: Site, visit: Visit) -> None:
    """The seed of a figure means what it means to `Noise`."""
    page = visit(wiki, "answers/").page
    draw = "((noise) => argument.sizes.map((size) => noise.normal(size)))"
    draw += "(new part.Noise(argument.seed, 3))"
    # Draws ahead, anew for another size, and the last sixteen numbers of an odd one.
    sizes = [2, 2, 64, 784, 784, 1025, 2, *[3] * 400]
    for seed in (0, 1, 123_456_789):
        noise = Noise(seed, 3)
        found = calculate(page, "noise", draw, {"seed": seed, "sizes": sizes})
        for size, numbers in zip(sizes, found, strict=True):
            assert close(numbers, noise.normal((size,)).flatten(), atol=5e-6)


def test_the_schedules_are_python_s(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "answers/").page
    chosen = {
        "linearSchedule(1000, 1e-4, 0.02)": linear_schedule(),
        "linearSchedule(250, 4e-4, 0.08)": linear_schedule(250, 4e-4, 0.08),
        "linearSchedule(10, 0.1, 0.79)": linear_schedule(10, 0.1, 0.79),
        "cosineSchedule(1000)": cosine_schedule(),
        "cosineSchedule(50)": cosine_schedule(50),
    }
    for call, schedule in chosen.items():
        found = calculate(page, "schedules", f"part.{call}")
        assert close(found["beta"], schedule.beta)
        assert close(found["alphaBar"], schedule.alpha_bar)
        # Near t = 0 the ratio is a difference's reciprocal: by digits, not by distance.
        alpha_bar = schedule.alpha_bar[1:]
        ratio = (
            f"((of) => [...of.beta].map((_, t) => part.signalToNoise(of, t)).slice(1))(part.{call})"
        )
        found = torch.tensor(calculate(page, "schedules", ratio), dtype=torch.float64)
        assert torch.allclose(found, alpha_bar / (1 - alpha_bar), rtol=1e-6, atol=0)


def test_the_score_is_python_s(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "answers/").page
    model, data = score_field.model(), score_field.mixture()
    x = 2 * Noise(5, 50).normal((2,)).double()
    x[0] = torch.tensor([40.0, -40.0])  # far from everything
    for t in (1e-3, 0.15, 0.5, 1.0):
        time = torch.full((len(x),), t, dtype=torch.float64)
        give = """((at) => argument.x.map(([x, y]) => [at.density(x, y), ...at.score(x, y)]))(
          new part.VPSDE(argument).scoreAt(new part.Mixture(argument), argument.t))"""
        argument = {**score_field.SETTINGS, "x": x.tolist(), "t": t}
        found = torch.tensor(calculate(page, "mixture", give, argument), dtype=torch.float64)
        at = data.diffused(model.sde.alpha(time), model.sde.sigma(time))
        assert close(found[:, 0], at.log_prob(x).exp())
        assert torch.allclose(found[:, 1:], model.score(x, time), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("predictor", ["reverse_diffusion", "probability_flow"])
def test_a_walk_is_python_s(wiki: Site, visit: Visit, predictor: str) -> None:
    """Checks: Song et al. (2021), Eqs. 46 and 47."""
    page = visit(wiki, "answers/").page
    give = "part.walk(new part.VPSDE(argument), new part.Mixture(argument), argument)"
    flow = predictor == "probability_flow"
    argument = {**score_field.SETTINGS, "flow": flow, "n": 40, "steps": 100, "seed": 3}
    found = calculate(page, "mixture", give, argument)
    path = trajectory(
        predictor_corrector, score_field.model(), (40, 2), 100, predictor=predictor, seed=3
    )
    assert close(found, path.states.flatten(1), atol=1e-4)


def test_a_langevin_step_is_python_s(wiki: Site, visit: Visit) -> None:
    """Checks: Song et al. (2021), Eq. 2."""
    page = visit(wiki, "answers/").page
    give = """((x, noise) => (part.langevinStep(
      new part.VPSDE(argument), new part.Mixture(argument), x, argument.t, argument.z), x))(
      argument.x.flat())"""
    x, t = Noise(1, 40).normal((2,)).double(), torch.full((40,), 0.15, dtype=torch.float64)
    z = Noise(0, 40).normal((2,)).flatten().tolist()
    argument = {**score_field.SETTINGS, "x": x.tolist(), "z": z, "t": 0.15}
    found = calculate(page, "mixture", give, argument)
    stepped = _correct(score_field.model(), x, t, t, Noise(0, 40), 0.16, by_norm=False)
    assert close(found, stepped.flatten())


# --- the beta-schedule explorer -------------------------------------------------------------------


def test_the_mixed_digit_is_the_forward_process_s(wiki: Site, visit: Visit) -> None:
    """Checks: Ho et al. (2020), Eq. 4."""
    _, shown = touch(visit, wiki, "beta-schedule", size="phone")
    x_0 = beta_schedule.ten_digits()
    eps = Noise(beta_schedule.SEED, 10).normal((1, 8, 8))
    time = shown.get_by_role("slider", name="시각 t")
    for digit, t in ((0, 250), (1, 0), (2, 1000)):
        time.fill(str(t))
        x_t = DDPM(lambda x_t, _: x_t).q_sample(x_0, torch.full((10,), t), eps)
        grey = (127.5 * (x_t[digit].flatten() + 1)).clamp(0, 255)
        # In whole levels, which browsers round either way.
        assert (greys(shown.locator("canvas").nth(2)) - grey).abs().max() < 1
        shown.get_by_role("button", name="다른 숫자").click()


def test_the_explorer_with_the_keyboard(wiki: Site, visit: Visit) -> None:
    reader, shown = touch(visit, wiki, "beta-schedule")
    keyboard = reader.page.keyboard
    time = shown.get_by_role("slider", name="시각 t")
    left = shown.get_by_role("img", name="ᾱₜ: 남은 그림의 몫")
    at = "ᾱₜ: 남은 그림의 몫, t = {}에서 {}"
    expect(left).to_have_accessible_name(at.format(250, "0.524"))
    time.focus()
    keyboard.press("ArrowRight")
    expect(time).to_have_value("251")
    expect(left).to_have_accessible_name(at.format(251, "0.521"))

    shown.get_by_role("radio", name="선형").focus()
    keyboard.press("ArrowRight")
    expect(shown.get_by_role("radio", name="코사인")).to_be_checked()
    expect(left).to_have_accessible_name(at.format(251, "0.846"))
    for name in ("처음 β", "마지막 β"):
        expect(shown.get_by_role("slider", name=name)).to_be_disabled()

    steps = shown.get_by_role("slider", name="걸음 수 T")
    steps.focus()
    keyboard.press("Home")
    expect(steps).to_have_value("10")
    expect(time).to_have_attribute("max", "10")
    assert value_of(time) == 3  # the same share of the way
    shown.get_by_role("button", name="논문 값으로").press("Enter")
    expect(steps).to_have_value("1000")
    expect(shown.get_by_role("radio", name="선형")).to_be_checked()


def test_a_press_on_a_curve_moves_the_time(wiki: Site, visit: Visit) -> None:
    _, shown = touch(visit, wiki, "beta-schedule", size="phone", has_touch=True)
    curve = shown.locator("svg").nth(1)
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    curve.tap(position={"x": box["width"] * 0.97, "y": box["height"] / 2})
    assert value_of(shown.get_by_role("slider", name="시각 t")) > 950


# --- the model ------------------------------------------------------------------------------------


def test_the_model_draws_python_s_pictures_after_a_press(wiki: Site, visit: Visit) -> None:
    reader, shown = touch(visit, wiki, "model-in-page", size="phone")
    assert not [url for url in reader.asked if url.endswith((".onnx", ".wasm", ".mjs"))]
    steps = shown.get_by_role("slider", name="걸음 수")
    steps.fill("5")
    draw = shown.get_by_role("button", name="여기서 뽑기")
    draw.focus()
    reader.page.keyboard.press("Enter")
    said = shown.get_by_role("status")
    expect(said).to_contain_text("씨앗 0, 5걸음", timeout=PATIENCE)
    assert [url for url in reader.asked if url.endswith(".wasm")]
    expect(shown.locator("code")).to_contain_text("--sampler ddim --steps 5 --seed 0 -n 4")
    expect(draw).to_be_focused()
    expected = model_in_page.samples(seed=0, steps=5)
    for picture, image in zip(shown.locator("canvas").all(), expected, strict=True):
        grey = (127.5 * (image.flatten() + 1)).clamp(0, 255)
        assert (greys(picture) - grey).abs().max() < 2


def test_a_walk_of_the_model_can_be_cancelled(wiki: Site, visit: Visit) -> None:
    _, shown = touch(visit, wiki, "model-in-page")
    shown.get_by_role("button", name="여기서 뽑기").press("Enter")
    expect(shown.get_by_role("button", name="여기서 뽑기")).to_be_disabled()
    cancel = shown.get_by_role("button", name="그만")
    expect(cancel).to_be_focused()
    cancel.press("Enter")
    expect(shown.get_by_role("status")).to_have_text("그만두었습니다.", timeout=PATIENCE)
    expect(shown.get_by_role("button", name="여기서 뽑기")).to_be_enabled()


# --- the latent square ----------------------------------------------------------------------------


def test_the_decoder_is_python_s(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "answers/").page
    give = """(await fetch("/figures/latent-square.json").then((found) => found.json())
      .then((data) => argument.map((z) => new part.Decoder(data).decode(z))))"""
    z = 1.5 * Noise(2, 30).normal((2,))
    found = torch.tensor(calculate(page, "decoder", give, z.tolist()), dtype=torch.float64)
    images = load_vae("vae-digits").decode(z).flatten(1)
    # The weights are shipped in 16 bits.
    assert torch.allclose(2 * found - 1, images.double(), rtol=0, atol=2e-3)


def test_the_square_is_spaced_by_the_prior(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "answers/").page
    shares = torch.linspace(0.0025, 0.9975, 40, dtype=torch.float64)
    give = "argument.map((share) => [part.quantile(share), part.shareBelow(part.quantile(share))])"
    found = torch.tensor(calculate(page, "decoder", give, shares.tolist()), dtype=torch.float64)
    assert torch.allclose(found[:, 0], torch.special.ndtri(shares), rtol=0, atol=1e-4)
    assert torch.allclose(found[:, 1], shares, rtol=0, atol=1e-6)


def test_a_drag_and_the_arrow_keys_move_about(wiki: Site, visit: Visit) -> None:
    reader, shown = touch(visit, wiki, "latent-square", size="phone")
    assert not [url for url in reader.asked if url.endswith("latent-square.json")]
    square = shown.get_by_role("slider", name="잠재 공간의 자리")
    decoded = shown.get_by_role("img", name="디코더가 그린 그림")
    square.focus()
    wait_for_ink(decoded)
    before = greys(decoded)
    reader.page.keyboard.press("Shift+ArrowRight")
    expect(square).to_have_attribute("aria-valuetext", "z = (0.13, 0.00)")
    assert not torch.equal(greys(decoded), before)
    box = square.bounding_box()
    mouse = reader.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.1)
    mouse.up()
    spoken = square.get_attribute("aria-valuetext")
    z = [float(each) for each in re.findall(r"-?[\d.]+", spoken)]
    assert z == pytest.approx([1.28, 1.28], abs=0.05)
    image = load_vae("vae-digits").decode(torch.tensor([z])).flatten()
    assert (greys(decoded) - 127.5 * (image + 1)).abs().max() < 6  # z is read to two digits


# --- the score field ------------------------------------------------------------------------------


def test_the_field_plays_pauses_and_steps(wiki: Site, visit: Visit) -> None:
    reader, shown = touch(visit, wiki, "score-field", size="phone")
    time = shown.get_by_role("slider", name="시각 t")
    picture = shown.locator("canvas")
    expect(time).to_have_value("1")
    shown.get_by_role("button", name="재생").press("Enter")
    reader.page.wait_for_function("t => t.valueAsNumber < 0.9", arg=time.element_handle())
    shown.get_by_role("button", name="멈춤").click()
    paused = value_of(time)
    shown.get_by_role("button", name="한 걸음").click()
    assert value_of(time) == pytest.approx(paused - 0.01)
    time.focus()
    reader.page.keyboard.press("Home")
    expect(picture).to_have_accessible_name(re.compile("역방향 SDE, t = 0.00"))
    # All came to the data, in its shares.
    states = predictor_corrector(score_field.model(), (200, 2), 100, seed=0)
    near = torch.cdist(states, score_field.mixture().means).argmin(dim=1).bincount()
    shares = " · ".join(str(round(100 * int(count) / 200)) for count in near)
    expect(shown).to_contain_text(f"봉우리마다 {shares}%")
    shown.get_by_role("button", name="처음부터").click()
    expect(time).to_have_value("1")


def test_langevin_leaves_the_time(wiki: Site, visit: Visit) -> None:
    _, shown = touch(visit, wiki, "score-field")
    shown.get_by_role("radio", name="랑주뱅").check()
    time = shown.get_by_role("slider", name="시각 t")
    expect(time).to_have_value("0.15")
    before = shown.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    shown.get_by_role("button", name="한 걸음").click()
    expect(time).to_have_value("0.15")
    after = shown.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    assert after != before
    # The same seed, the same way.
    shown.get_by_role("button", name="처음부터").click()
    shown.get_by_role("button", name="한 걸음").click()
    assert shown.locator("canvas").evaluate("canvas => canvas.toDataURL()") == after


def test_who_wants_less_motion_sees_the_result_at_once(wiki: Site, visit: Visit) -> None:
    _, shown = touch(visit, wiki, "score-field", reduced_motion="reduce")
    shown.get_by_role("button", name="재생").click()
    expect(shown.get_by_role("slider", name="시각 t")).to_have_value("0")
    expect(shown.get_by_role("button", name="재생")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("beta-schedule", "The paper's values"),
        ("score-field", "probability flow"),
        ("model-in-page", "Draw here"),
        ("latent-square", "What the decoder draws"),
    ],
)
def test_the_other_language(wiki: Site, browser: Browser, name: str, words: str) -> None:
    with alone(browser, wiki, name, "en") as (page, said):
        expect(figure(page, name)).to_contain_text(words)
        assert not said
