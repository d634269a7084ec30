// The square of a VAE with two latent dimensions: each place is a digit.

import { choice, fill, make } from "./parts/controls.js";
import { Decoder } from "./parts/decoder.js";

const WORDS = {
  ko: {
    title: "VAE의 잠재 공간에서 고른 숫자",
    square: "잠재 공간",
    across: "z₁",
    up: "z₂",
    digit: "디코더가 그린 그림",
    at: "z = ({z1}, {z2})",
    show: "점의 숫자",
    all: "모두",
    note: "점은 시험 그림 360장을 인코더가 놓은 자리입니다. 끌거나, 화살표 열쇠로 움직이세요.",
  },
  en: {
    title: "A digit from a place in a VAE's latent space",
    square: "Latent space",
    across: "z₁",
    up: "z₂",
    digit: "What the decoder draws",
    at: "z = ({z1}, {z2})",
    show: "Digits of the points",
    all: "all",
    note: "Points: where the encoder puts 360 test pictures. Drag, or use the arrow keys.",
  },
};
const REACH = 3; // the square shows [-REACH, REACH] in both directions
const STEP = 0.1;

