// A trained DDPM that draws in the reader's browser: nothing is loaded before the press, nothing is
// sent, and a seed gives the picture that it gives in Python.

import { button, fill, make, slider } from "./parts/controls.js";
import { ddim } from "./parts/ddim.js";
import { Noise } from "./parts/noise.js";
import { linearSchedule } from "./parts/schedules.js";

const RUNTIME = new URL("../onnxruntime/", import.meta.url);
const WORDS = {
  ko: {
    title: "이 페이지에서 도는 DDPM",
    draw: "여기서 뽑기",
    cancel: "그만",
    seed: "씨앗",
    steps: "걸음 수",
    before: "처음 누르면 실행기와 모델을 받습니다(압축해서 약 7 MB). 계산은 이 기기에서만 합니다.",
    loading: "모델을 받는 중…",
    walking: "{step} / {steps} 걸음",
    done: "씨앗 {seed}, {steps}걸음, {seconds}초. 파이썬에서 같은 그림을 얻으려면:",
    cancelled: "그만두었습니다.",
    failed: "모델을 돌리지 못했습니다: {reason}",
    progress: "진행",
    picture: "뽑은 그림 {number}",
  },
  en: {
    title: "A DDPM that runs in this page",
    draw: "Draw here",
    cancel: "Cancel",
    seed: "Seed",
    steps: "Steps",
    before: "The first press loads the runtime and the model (about 7 MB compressed). All is computed on this device.",
    loading: "Loading the model …",
    walking: "Step {step} of {steps}",
    done: "Seed {seed}, {steps} steps, {seconds} s. The same pictures in Python:",
    cancelled: "Cancelled.",
    failed: "The model did not run: {reason}",
    progress: "Progress",
    picture: "Picture {number}",
  },
};

export async function makeFigure(figure, { data, language }) {
  const words = WORDS[language];
  const response = await fetch(data(".json"));
  if (!response.ok) throw new Error(response.statusText);
  const model = await response.json();
  const schedule = linearSchedule(model.T, model.beta_1, model.beta_T);
  const size = model.side ** 2;
  let session = null;
  let running = null; // what stops the walk

  const seed = slider(words.seed, { min: 0, max: 99, step: 1, value: 0, say: String, change() {} });
  const steps = slider(words.steps, {
    min: 5,
    max: 50,
    step: 5,
    value: model.steps,
    say: String,
    change() {},
  });
  const draw = button(words.draw, run);
  const cancel = button(words.cancel, () => running?.abort());
  const progress = make("progress", { "aria-label": words.progress, max: 1, value: 0 });
  const said = make("output", { class: "sk-said" }, words.before);
  const command = make("code", { class: "sk-command" });
  const pictures = Array.from({ length: model.count }, (_, i) => {
    const canvas = make("canvas", {
      width: model.side,
      height: model.side,
      role: "img",
      "aria-label": fill(words.picture, { number: i + 1 }),
    });
    return canvas.getContext("2d", { willReadFrequently: true });
  });
  const start = () => Float32Array.from(new Noise(seed.value, model.count).normal(size));

  async function run() {
    running = new AbortController();
    const { signal } = running;
    const chosen = { seed: seed.value, steps: steps.value };
    const x = start();
    const began = performance.now();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    busy(true);
    command.hidden = true;
    progress.removeAttribute("value");
    said.textContent = words.loading;
    try {
      session ??= await load(data(".onnx"), signal);
      await ddim(
        x,
        schedule,
        chosen.steps,
        (state, t) => velocity(session, state, t, size, signal),
        (step) => {
          progress.value = step / chosen.steps;
          said.textContent = fill(words.walking, { step, steps: chosen.steps });
          if (!still || step === chosen.steps) paint(x);
        },
      );
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      said.textContent = fill(words.done, { ...chosen, seconds });
      command.textContent =
        `studykit sample --pretrained ${model.model} --sampler ddim ` +
        `--steps ${chosen.steps} --seed ${chosen.seed} -n ${model.count}`;
      command.hidden = false;
    } catch (error) {
      progress.value = 0;
      said.textContent = signal.aborted
        ? words.cancelled
        : fill(words.failed, { reason: error.message });
    }
    busy(false);
  }

  function busy(yes) {
    const [off, on] = yes ? [draw, cancel] : [cancel, draw];
    const held = document.activeElement === off;
    seed.input.disabled = steps.input.disabled = yes;
    off.disabled = true;
    on.disabled = false;
    figure.setAttribute("aria-busy", yes);
    // A button that is switched off would lose the keyboard's place.
    if (held) on.focus();
  }

  function paint(x) {
    for (const [i, context] of pictures.entries()) {
      const image = context.createImageData(model.side, model.side);
      for (let j = 0; j < size; j++) {
        image.data.fill(127.5 * (x[i * size + j] + 1), 4 * j, 4 * j + 3); // clamped to 0..255
        image.data[4 * j + 3] = 255;
      }
      context.putImageData(image, 0, 0);
    }
  }

  figure.setAttribute("aria-label", words.title);
  figure.append(
    make("div", { class: "sk-sum" }, ...pictures.map(({ canvas }) => make("span", { class: "sk-pixels" }, canvas))),
    make("div", { class: "sk-controls" }, seed.element, steps.element),
    make("div", { class: "sk-buttons" }, draw, cancel, progress),
    make("figcaption", {}, said, command),
  );
  command.hidden = true;
  paint(start());
  busy(false);
}

async function load(address, signal) {
  const [ort, model] = await Promise.all([
    import(new URL("ort.wasm.min.mjs", RUNTIME)),
    bytes(address, signal),
  ]);
  // Threads would need headers that a static host does not send.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = await bytes(new URL("ort-wasm-simd-threaded.wasm", RUNTIME), signal);
  ort.env.wasm.wasmPaths = { mjs: new URL("ort-wasm-simd-threaded.mjs", RUNTIME).href };
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  const side = (x) => Math.sqrt(x.length);
  return async (x, t) => {
    const feeds = {
      x_t: new ort.Tensor("float32", x, [1, 1, side(x), side(x)]),
      t: new ort.Tensor("float32", [t], [1]),
    };
    const { v } = await session.run(feeds);
    return v.data;
  };
}

async function bytes(address, signal) {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return new Uint8Array(await response.arrayBuffer());
}

// The network takes one picture at a time; between two the page may answer its reader.
async function velocity(ask, x, t, size, signal) {
  const v = new Float32Array(x.length);
  for (let first = 0; first < x.length; first += size) {
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    v.set(await ask(x.slice(first, first + size), t), first);
  }
  return v;
}
