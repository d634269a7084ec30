// The square of a VAE with two latent dimensions: each place is a digit.

import { fill, make } from "./parts/controls.js";
import { Decoder, quantile, shareBelow } from "./parts/decoder.js";

const WORDS = {
  ko: {
    title: "VAE의 잠재 공간에서 고른 숫자",
    square: "잠재 공간의 자리",
    places: "시험 그림이 놓인 자리 보기",
    decoded: "디코더가 그린 그림",
    note: "정사각형을 끌거나, 화살표 키로 움직이세요. 가로가 z₁, 세로가 z₂이고, 눈금은 사전 분포의 넓이가 고르게 나뉘도록 잡았습니다.",
  },
  en: {
    title: "A digit from a place in a VAE's latent space",
    square: "Place in latent space",
    places: "Show where test pictures lie",
    decoded: "What the decoder draws",
    note: "Drag in the square, or use the arrow keys. Across z₁, up z₂, spaced so that equal areas are equally likely under the prior.",
  },
};
const STEP = 1 / 80; // of the square, for a press of an arrow key
const EDGE = 1 / 400;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export async function makeFigure(figure, { data, language }) {
  const words = WORDS[language];
  const at = [0.5, 0.5]; // shares of the prior to the left and below
  let decoder = null;
  let loading = null;

  const background = make("img", { src: data(".png"), alt: "", draggable: "false" });
  const canvas = make("canvas", {
    tabindex: 0,
    role: "slider",
    "aria-label": words.square,
    "aria-valuemin": 0,
    "aria-valuemax": 100,
  });
  const picture = make("canvas", { width: 8, height: 8, role: "img", "aria-label": words.decoded });
  const said = make("span", { class: "sk-value" });
  const places = make("input", { type: "checkbox" });

  // The decoder weighs more than all else: it comes when somebody touches the square.
  async function wake() {
    loading ??= fetch(data(".json")).then((response) => {
      if (!response.ok) throw new Error(response.statusText);
      return response.json();
    });
    decoder ??= new Decoder(await loading);
    paint();
  }

  function moveTo(across, up) {
    at[0] = Math.min(Math.max(across, EDGE), 1 - EDGE);
    at[1] = Math.min(Math.max(up, EDGE), 1 - EDGE);
    paint();
    wake();
  }

  function point(event) {
    const box = canvas.getBoundingClientRect();
    moveTo((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height);
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    point(event);
  });
  canvas.addEventListener("pointermove", (event) => event.buttons && point(event));
  canvas.addEventListener("focus", wake);
  canvas.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? 4 * STEP : STEP;
    moveTo(at[0] + way[0] * step, at[1] + way[1] * step);
  });
  places.addEventListener("change", wake);

  function paint() {
    const z = at.map(quantile);
    const text = `z = (${z.map((each) => each.toFixed(2)).join(", ")})`;
    said.textContent = text;
    canvas.setAttribute("aria-valuenow", Math.round(100 * at[0]));
    canvas.setAttribute("aria-valuetext", text);
    square();
    if (decoder) draw(picture, decoder, z);
  }

  function square() {
    const side = Math.round((canvas.getBoundingClientRect().width || 300) * devicePixelRatio);
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    const colours = getComputedStyle(figure);
    context.clearRect(0, 0, side, side);
    if (places.checked && decoder) {
      context.font = `bold ${side / 34}px sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineWidth = side / 150;
      context.strokeStyle = "#000";
      for (const [z1, z2, digit] of decoder.points) {
        const [x, y] = [side * shareBelow(z1), side * (1 - shareBelow(z2))];
        context.fillStyle = `hsl(${36 * digit} 90% 72%)`;
        context.strokeText(digit, x, y);
        context.fillText(digit, x, y);
      }
    }
    for (const [colour, width] of [
      ["#000", side / 60],
      [colours.getPropertyValue("--sk-mark"), side / 110],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.arc(side * at[0], side * (1 - at[1]), side / 28, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  figure.setAttribute("aria-label", words.title);
  figure.append(
    make(
      "div",
      { class: "sk-field" },
      make("div", { class: "sk-square" }, background, canvas),
      make(
        "div",
        { class: "sk-beside" },
        make("span", { class: "sk-pixels" }, picture, make("small", {}, words.decoded)),
        said,
        make("label", { class: "sk-check" }, places, make("span", {}, words.places)),
      ),
    ),
    make("figcaption", {}, words.note),
  );
  figure.addEventListener("sk-repaint", paint);
  new ResizeObserver(paint).observe(canvas);
}

function draw(picture, decoder, z) {
  const [height, width] = decoder.shape;
  const context = picture.getContext("2d", { willReadFrequently: true });
  const image = context.createImageData(width, height);
  for (const [i, brightness] of decoder.decode(z).entries()) {
    image.data.fill(255 * brightness, 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
