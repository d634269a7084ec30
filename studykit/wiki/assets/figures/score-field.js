// A score field in the plane, and particles that follow it in three ways.

import { button, choice, fill, make, slider } from "./parts/controls.js";
import { langevinStep, Mixture, VPSDE, walk } from "./parts/mixture.js";
import { Noise } from "./parts/noise.js";

const WORDS = {
  ko: {
    title: "스코어를 따라 움직이는 점들",
    method: "걷는 법",
    reverse: "역방향 SDE",
    flow: "확률 흐름",
    langevin: "랑주뱅",
    time: "시각 t",
    play: "재생",
    pause: "멈춤",
    step: "한 걸음",
    restart: "처음부터",
    seed: "다른 씨앗",
    shares: "봉우리마다 {found}% (데이터는 {wanted}%)",
    reverseNote: "잡음(t = 1)에서 데이터(t = 0)로, 걸음마다 우연을 섞으며 갑니다.",
    flowNote: "같은 길을 우연 없이 갑니다. 출발점이 같으면 도착점도 같습니다.",
    langevinNote: "t를 그대로 두고 오르며 흔듭니다. t가 작으면 봉우리 사이를 건너지 못합니다.",
    arrows: "화살표는 스코어 ∇ log pₜ(x), 색이 진한 곳은 확률이 큰 곳입니다. 씨앗 {seed}.",
    said: "{method}, t = {t}, 점 {n}개. {shares}",
  },
  en: {
    title: "Points that follow the score",
    method: "Walk",
    reverse: "reverse SDE",
    flow: "probability flow",
    langevin: "Langevin",
    time: "Time t",
    play: "Play",
    pause: "Pause",
    step: "One step",
    restart: "Restart",
    seed: "Another seed",
    shares: "At the modes {found}% (the data: {wanted}%)",
    reverseNote: "From noise (t = 1) to data (t = 0), with chance in each step.",
    flowNote: "The same way without chance: one start, one end.",
    langevinNote: "Climbs and shakes while t stays. With a small t no mode is left.",
    arrows: "Arrows: the score ∇ log pₜ(x). Colour: where points are likely. Seed {seed}.",
    said: "{method}, t = {t}, {n} points. {shares}",
  },
};
const N = 200;
const STEPS = 100;
const REACH = 3.1; // the canvas shows [-REACH, REACH] in both directions
const TRAIL = { reverse: 3, flow: 15, langevin: 3 }; // states that a point drags behind it
const ARROWS = 15;
const SHADES = 64;
const STILL = { reverse: 1, flow: 1, langevin: 0.15 }; // the time to begin with
const PAUSE = 50; // milliseconds between two steps

export async function makeFigure(figure, { data: address, language }) {
  const words = WORDS[language];
  const response = await fetch(address(".json"));
  if (!response.ok) throw new Error(response.statusText);
  const settings = await response.json();
  const [data, sde] = [new Mixture(settings), new VPSDE(settings)];
  let seed = 0;
  let states = []; // of the whole walk, or the last few of Langevin dynamics
  let noise = null;
  let timer = 0;

  // --- what can be changed ----------------------------------------------------------------------

  const method = choice(
    words.method,
    ["reverse", "flow", "langevin"].map((name) => [name, words[name]]),
    restart,
  );
  const time = slider(words.time, {
    min: 0,
    max: 1,
    step: 0.01,
    value: 1,
    say: (t) => t.toFixed(2),
    change: () => {
      pause();
      paint();
    },
  });
  const player = button(words.play, () => (timer ? pause() : play()));
  const once = button(words.step, () => {
    pause();
    step();
    paint();
  });
  const again = button(words.restart, restart);
  const other = button(words.seed, () => {
    seed += 1;
    restart();
  });
  const canvas = make("canvas", { role: "img" });
  const note = make("p", { class: "sk-note" });
  const shares = make("p", { class: "sk-note" });
  const caption = make("figcaption");

  const langevin = () => method.value === "langevin";
  // The time of each state: as the walk's, whose last one is the denoised at 0.
  const position = () => Math.round((1 - time.value) * STEPS);

  function restart() {
    pause();
    time.value = STILL[method.value];
    if (langevin()) {
      noise = new Noise(seed, N);
      states = [Float64Array.from(noise.normal(2))];
    } else {
      states = walk(sde, data, { flow: method.value === "flow", n: N, steps: STEPS, seed });
    }
    note.textContent = words[`${method.value}Note`];
    caption.textContent = words.arrows.replace("{seed}", seed);
    paint();
  }

  /** Whether there is another step after this one. */
  function step() {
    if (langevin()) {
      const x = states.at(-1).slice();
      langevinStep(sde, data, x, Math.max(time.value, sde.eps), noise.normal(2));
      states = [...states.slice(-TRAIL.langevin), x];
      return true;
    }
    time.value = Math.max(0, 1 - (position() + 1) / STEPS);
    return time.value > 0;
  }

  function play() {
    if (!langevin() && time.value === 0) time.value = 1;
    // Who asked for less motion gets the result at once.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      for (let i = 0; i < STEPS && step(); i++);
      paint();
      return;
    }
    player.textContent = words.pause;
    timer = setInterval(() => {
      // Material replaces a page without leaving it.
      if (!figure.isConnected || !step()) pause();
      paint();
    }, PAUSE);
  }

  function pause() {
    clearInterval(timer);
    timer = 0;
    player.textContent = words.play;
  }

  // --- what is shown ----------------------------------------------------------------------------

  function paint() {
    const t = langevin() ? Math.max(time.value, sde.eps) : Math.max(time.value, 0);
    const now = langevin() ? states.length - 1 : position();
    const at = sde.scoreAt(data, t);
    const sizes = canvas.getBoundingClientRect();
    const side = Math.round((sizes.width || 320) * devicePixelRatio);
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    const colours = getComputedStyle(figure);
    const scale = side / (2 * REACH);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    shade(context, at, side, colours.getPropertyValue("--sk-cool"));
    // From here on in the data's own units, upwards.
    context.setTransform(scale, 0, 0, -scale, side / 2, side / 2);
    arrows(context, at, colours.getPropertyValue("--sk-arrow"));
    const trail = states.slice(Math.max(0, now - TRAIL[method.value]), now + 1);
    points(context, trail, colours.getPropertyValue("--sk-warm"));

    const found = sum(states[now], at).map((share) => Math.round((100 * share) / N));
    const wanted = at.parts.map(({ weight }) => Math.round(100 * weight));
    shares.textContent = fill(words.shares, { found: found.join(" · "), wanted: wanted.join(" · ") });
    canvas.setAttribute(
      "aria-label",
      fill(words.said, { method: words[method.value], t: t.toFixed(2), n: N, shares: shares.textContent }),
    );
  }

  figure.setAttribute("aria-label", words.title);
  figure.append(
    method.element,
    make(
      "div",
      { class: "sk-field" },
      canvas,
      make(
        "div",
        { class: "sk-beside" },
        note,
        make("div", { class: "sk-buttons" }, player, once, again, other),
        make("div", { class: "sk-main" }, time.element),
        shares,
      ),
    ),
    caption,
  );
  figure.addEventListener("sk-repaint", paint);
  new ResizeObserver(paint).observe(canvas);
  restart();
}

// The density, as shades of one colour.
function shade(context, at, side, colour) {
  const cell = side / SHADES;
  const place = (i) => ((i + 0.5) / SHADES) * 2 * REACH - REACH;
  const densities = Array.from({ length: SHADES ** 2 }, (_, i) =>
    at.density(place(i % SHADES), -place(Math.floor(i / SHADES))),
  );
  const most = densities.reduce((a, b) => Math.max(a, b));
  context.fillStyle = colour;
  for (const [i, density] of densities.entries()) {
    context.globalAlpha = 0.75 * Math.sqrt(density / most);
    if (context.globalAlpha < 0.01) continue;
    const [x, y] = [(i % SHADES) * cell, Math.floor(i / SHADES) * cell];
    context.fillRect(Math.floor(x), Math.floor(y), Math.ceil(cell), Math.ceil(cell));
  }
  context.globalAlpha = 1;
}

// The score on a grid: long ones are cut, since near t = 0 they have no bound.
function arrows(context, at, colour) {
  const gap = (2 * REACH) / ARROWS;
  context.strokeStyle = colour;
  context.lineWidth = 0.02;
  context.beginPath();
  for (let i = 0; i < ARROWS ** 2; i++) {
    const [x, y] = [((i % ARROWS) + 0.5) * gap - REACH, (Math.floor(i / ARROWS) + 0.5) * gap - REACH];
    const [gx, gy] = at.score(x, y);
    const norm = Math.hypot(gx, gy) || 1;
    const length = (0.8 * gap * norm) / (norm + 3);
    const [dx, dy] = [(gx / norm) * length, (gy / norm) * length];
    context.moveTo(x - dx / 2, y - dy / 2);
    context.lineTo(x + dx / 2, y + dy / 2);
    for (const turn of [1, -1]) {
      context.moveTo(x + dx / 2, y + dy / 2);
      context.lineTo(x + dx / 2 - 0.35 * (dx + turn * 0.6 * dy), y + dy / 2 - 0.35 * (dy - turn * 0.6 * dx));
    }
  }
  context.stroke();
}

// The particles, with where they came from.
function points(context, trail, colour) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 0.018;
  context.globalAlpha = 0.35;
  context.beginPath();
  for (let i = 0; i < 2 * N; i += 2) {
    for (const [age, state] of trail.entries()) {
      if (age === 0) context.moveTo(state[i], state[i + 1]);
      else context.lineTo(state[i], state[i + 1]);
    }
  }
  context.stroke();
  context.globalAlpha = 1;
  context.beginPath();
  const now = trail.at(-1);
  for (let i = 0; i < 2 * N; i += 2) {
    context.moveTo(now[i] + 0.045, now[i + 1]);
    context.arc(now[i], now[i + 1], 0.045, 0, 2 * Math.PI);
  }
  context.fill();
}

// How many points belong to each part.
function sum(x, at) {
  const total = at.parts.map(() => 0);
  for (let i = 0; i < x.length; i += 2) {
    for (const [k, share] of at.shares(x[i], x[i + 1]).entries()) total[k] += share;
  }
  return total;
}
