// The decoder of studykit/autoencoders/latent_figure.py's file, and the square that it is shown in.

/** y = sigmoid(W2 tanh(W1 z + b1) + b2): the brightness of each pixel, row by row. */
export class Decoder {
  #layers;

  constructor(data) {
    this.points = data.points;
    this.shape = data.shape;
    this.#layers = ["hidden", "logits"].map((name) => ({
      weight: unpacked(data[`${name}.weight`]),
      bias: unpacked(data[`${name}.bias`]),
    }));
  }

  decode(z) {
    const [hidden, logits] = this.#layers;
    const h = affine(hidden, z).map(Math.tanh);
    return affine(logits, h).map((each) => 1 / (1 + Math.exp(-each)));
  }
}

function affine({ weight, bias }, x) {
  return bias.map((start, row) => {
    let sum = start;
    for (let i = 0; i < x.length; i++) sum += weight[row * x.length + i] * x[i];
    return sum;
  });
}

// Base64 of 16-bit integers, the small end first, in units of `scale`.
function unpacked({ scale, int16 }) {
  const bytes = Uint8Array.from(atob(int16), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 2 }, (_, i) => scale * view.getInt16(2 * i, true));
}

/** The share of standard normal numbers below z (Abramowitz, Stegun 1964, 26.2.17). */
export function shareBelow(z) {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const factors = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const tail = factors.reduce((sum, factor) => (sum + factor) * t, 0);
  const beyond = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
  return z > 0 ? 1 - beyond : beyond;
}

/** The z with that share below it. */
export function quantile(share) {
  let [low, high] = [-6, 6];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (shareBelow(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
