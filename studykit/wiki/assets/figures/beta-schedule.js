// How beta, alpha_bar and the signal-to-noise ratio go over t, and what becomes of a digit.

import { button, choice, fill, make, slider } from "./parts/controls.js";
import { Noise } from "./parts/noise.js";
import { plot } from "./parts/plot.js";
import { cosineSchedule, linearSchedule, signalToNoise } from "./parts/schedules.js";

const WORDS = {
  ko: {
    title: "β 스케줄을 바꾸어 보는 그림",
    schedule: "스케줄",
    linear: "선형",
    cosine: "코사인",
    steps: "걸음 수 T",
    first: "처음 β",
    last: "마지막 β",
    reset: "논문 값으로",
    other: "다른 숫자",
    step: "시각 t",
    data: "x₀ 원래",
    noise: "ε 잡음",
    mixed: "xₜ 섞음",
    beta: "βₜ: t걸음에 섞는 잡음",
    alphaBar: "ᾱₜ: 남은 그림의 몫",
    snr: "ᾱₜ / (1 − ᾱₜ): 신호 대 잡음비",
    at: "{name}, t = {t}에서 {value}",
    note: "점선은 논문의 선형 스케줄입니다. 곡선을 눌러도 t가 바뀝니다.",
    digit: "손글씨 숫자 {digit}",
  },
  en: {
    title: "A beta schedule to change",
    schedule: "Schedule",
    linear: "linear",
    cosine: "cosine",
    steps: "Steps T",
    first: "First β",
    last: "Last β",
    reset: "The paper's values",
    other: "Another digit",
    step: "Time t",
    data: "x₀ data",
    noise: "ε noise",
    mixed: "xₜ mixed",
    beta: "βₜ: noise mixed in at step t",
    alphaBar: "ᾱₜ: what is left of the picture",
    snr: "ᾱₜ / (1 − ᾱₜ): signal to noise",
    at: "{name}, {value} at t = {t}",
    note: "Dashed: the paper's linear schedule. A press on a curve moves t, too.",
    digit: "the handwritten digit {digit}",
  },
};
const PAPER = { T: 1000, beta1: 1e-4, betaT: 0.02 };
const SIDE = 8;
// 1e-5 to 0.8 in even steps of the eye, the paper's among them.
const VARIANCES = [-5, -4, -3, -2, -1].flatMap((power) =>
  [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8].map((digit) => Number(`${digit}e${power}`)),
);
const positionOf = (variance) => VARIANCES.indexOf(variance);

export async function makeFigure(figure, { data, language }) {
  const words = WORDS[language];
  const response = await fetch(data(".json"));
  if (!response.ok) throw new Error(response.statusText);
  const { digits, seed } = await response.json();
  const noise = new Noise(seed, digits.length).normal(SIDE * SIDE);
  const paper = linearSchedule(PAPER.T, PAPER.beta1, PAPER.betaT);
  let schedule = paper;
  let shown = 0;

  // --- what can be changed ----------------------------------------------------------------------

  const kind = choice(
    words.schedule,
    [
      ["linear", words.linear],
      ["cosine", words.cosine],
    ],
    change,
  );
  const T = slider(words.steps, { min: 10, max: 1000, step: 10, value: 1000, say: String, change });
  const variance = (name, min, max, value) =>
    slider(name, { min, max, step: 1, value: positionOf(value), say: (i) => number(VARIANCES[i]), change });
  const beta1 = variance(words.first, 0, positionOf(0.1), PAPER.beta1);
  const betaT = variance(words.last, positionOf(1e-3), VARIANCES.length - 1, PAPER.betaT);
  const t = slider(words.step, { min: 0, max: 1000, step: 1, value: 250, say: String, change: move });
  const reset = button(words.reset, () => {
    kind.value = "linear";
    T.value = PAPER.T;
    beta1.value = positionOf(PAPER.beta1);
    betaT.value = positionOf(PAPER.betaT);
    change();
  });
  const other = button(words.other, () => {
    shown = (shown + 1) % digits.length;
    move();
  });

  // --- what is shown ----------------------------------------------------------------------------

  const pick = (share) => {
    t.value = Math.round(share * schedule.T);
    move();
  };
  const part = [
    [0, "0"],
    [0.5, "0.5"],
    [1, "1"],
  ];
  const powers = [-4, -2, 0, 2, 4].map((power) => [power, `10${superscript(power)}`]);
  const plots = {
    beta: plot(words.beta, { low: 0, high: 1, ticks: part }, pick),
    alphaBar: plot(words.alphaBar, { low: 0, high: 1, ticks: part }, pick),
    snr: plot(words.snr, { low: -5, high: 4.5, ticks: powers }, pick),
  };
  const values = {
    beta: (of, step) => of.beta[step],
    alphaBar: (of, step) => of.alphaBar[step],
    snr: signalToNoise,
  };
  const height = (name, value) => (name === "snr" ? Math.log10(value) : value);

  const pictures = Object.fromEntries(["data", "noise", "mixed"].map((name) => [name, picture(words[name])]));
  const ofData = make("span", { class: "sk-factor" });
  const ofNoise = make("span", { class: "sk-factor" });

  function change() {
    const linear = kind.value === "linear";
    for (const control of [beta1, betaT]) control.input.disabled = !linear;
    const share = t.value / schedule.T;
    schedule = linear
      ? linearSchedule(T.value, VARIANCES[beta1.value], VARIANCES[betaT.value])
      : cosineSchedule(T.value);
    t.max = schedule.T;
    t.value = Math.round(share * schedule.T);
    const top = nice(schedule.beta.reduce((a, b) => Math.max(a, b)));
    plots.beta.scale({ low: 0, high: top, ticks: part.map(([at]) => [at * top, number(at * top)]) });
    for (const [name, { draw }] of Object.entries(plots)) {
      const series = (of) => ({
        T: of.T,
        first: name === "alphaBar" ? 0 : 1,
        at: (step) => height(name, values[name](of, step)),
      });
      draw(series(schedule), series(paper));
    }
    move();
  }

  function move() {
    const step = t.value;
    for (const [name, { mark }] of Object.entries(plots)) {
      const value = values[name](schedule, step);
      const said = fill(words.at, { name: words[name], t: step, value: number(value) });
      mark(step, schedule.T, height(name, value), said);
    }
    const [a, b] = [Math.sqrt(schedule.alphaBar[step]), Math.sqrt(1 - schedule.alphaBar[step])];
    ofData.textContent = `${a.toFixed(2)} ×`;
    ofNoise.textContent = `+ ${b.toFixed(2)} ×`;
    const { label, pixels } = digits[shown];
    const eps = noise.subarray(shown * SIDE * SIDE, (shown + 1) * SIDE * SIDE);
    const digit = fill(words.digit, { digit: label });
    const x0 = pixels.map((level) => level / 8 - 1);
    pictures.data.paint(x0, `${words.data}: ${digit}`);
    pictures.noise.paint(eps, words.noise);
    const x = x0.map((pixel, i) => a * pixel + b * eps[i]);
    pictures.mixed.paint(x, `${words.mixed}: ${digit}, t = ${step}`);
  }

  figure.setAttribute("aria-label", words.title);
  figure.append(
    make("div", { class: "sk-main" }, t.element),
    make(
      "div",
      { class: "sk-sum" },
      ofData,
      pictures.data.element,
      ofNoise,
      pictures.noise.element,
      make("span", { class: "sk-factor" }, "="),
      pictures.mixed.element,
    ),
    make("div", { class: "sk-plots" }, ...Object.values(plots).map(({ element }) => element)),
    make("div", { class: "sk-controls" }, kind.element, T.element, beta1.element, betaT.element),
    make("div", { class: "sk-buttons" }, other, reset),
    make("figcaption", {}, words.note),
  );
  change();
}

// A picture of 8 x 8 pixels in [-1, 1], with its name below.
function picture(name) {
  const canvas = make("canvas", { width: SIDE, height: SIDE, role: "img" });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return {
    element: make("span", { class: "sk-pixels" }, canvas, make("small", {}, name)),
    paint(pixels, said) {
      const image = context.createImageData(SIDE, SIDE);
      for (const [i, pixel] of pixels.entries()) {
        image.data.fill(127.5 * (pixel + 1), 4 * i, 4 * i + 3); // clamped to 0..255
        image.data[4 * i + 3] = 255;
      }
      context.putImageData(image, 0, 0);
      canvas.setAttribute("aria-label", said);
    },
  };
}

function number(value) {
  if (!Number.isFinite(value)) return "∞";
  if (value !== 0 && value < 9e-5) return value.toExponential(1);
  return String(Number(value.toPrecision(value < 0.01 ? 2 : 3)));
}

// The next of 1, 2, 5 times a power of ten, at most 1.
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const next = [1, 2, 5, 10].find((digit) => value <= digit * power * (1 + 1e-9));
  return Math.min(next * power, 1);
}

function superscript(power) {
  return [...String(power)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴"[Number(sign)])).join("");
}
