// A mixture of Gaussians and its diffusion, as studykit/datasets/mixtures.py and the VP SDE of
// studykit/diffusion/sdes.py have them; in the plane, with one variance for each part.

import { Noise } from "./noise.js";

/** N(x; alpha mu, alpha^2 v + sigma^2), summed over the parts: the data's density at a noise level. */
export class Mixture {
  constructor({ means, variances, weights }) {
    this.parts = means.map((mean, k) => ({ mean, variance: variances[k], weight: weights[k] }));
  }

  /** The distribution of alpha * x_0 + sigma * eps. */
  diffused(alpha, sigma) {
    return new Mixture({
      means: this.parts.map(({ mean }) => mean.map((each) => alpha * each)),
      variances: this.parts.map(({ variance }) => alpha ** 2 * variance + sigma ** 2),
      weights: this.parts.map(({ weight }) => weight),
    });
  }

  density(x, y) {
    return this.#joint(x, y).reduce((sum, each) => sum + each, 0);
  }

  /** The score, [d/dx, d/dy] log p. */
  score(x, y) {
    // Scaled by the largest, so that far from all parts it is no 0 / 0.
    const logs = this.parts.map((part) => logOf(part, x, y));
    const most = Math.max(...logs);
    let [total, up, right] = [0, 0, 0];
    for (const [k, { mean, variance }] of this.parts.entries()) {
      const share = Math.exp(logs[k] - most);
      total += share;
      right += (share * (mean[0] - x)) / variance;
      up += (share * (mean[1] - y)) / variance;
    }
    return [right / total, up / total];
  }

  /** How much of a point belongs to each part: p(k | x). */
  shares(x, y) {
    const joint = this.#joint(x, y);
    const total = joint.reduce((sum, each) => sum + each, 0);
    return joint.map((each) => each / total);
  }

  #joint(x, y) {
    return this.parts.map((part) => Math.exp(logOf(part, x, y)));
  }
}

function logOf({ mean, variance, weight }, x, y) {
  const square = ((x - mean[0]) ** 2 + (y - mean[1]) ** 2) / variance;
  return Math.log(weight) - square / 2 - Math.log(2 * Math.PI * variance);
}

/** dx = -beta(t)/2 x dt + sqrt(beta(t)) dw (Song et al. 2021, Eq. 11). */
export class VPSDE {
  constructor({ beta_min: least, beta_max: most, eps }) {
    Object.assign(this, { least, most, eps });
  }

  logAlpha(t) {
    return -0.25 * t ** 2 * (this.most - this.least) - 0.5 * t * this.least;
  }

  alpha(t) {
    return Math.exp(this.logAlpha(t));
  }

  sigma(t) {
    return Math.sqrt(-Math.expm1(2 * this.logAlpha(t)));
  }

  /** x_t = r x_s + std z for s < t: [r, std]. */
  transition(s, t) {
    const ratio = this.alpha(t) / this.alpha(s);
    const variance = this.sigma(t) ** 2 - ratio ** 2 * this.sigma(s) ** 2;
    return [ratio, Math.sqrt(Math.max(variance, 0))];
  }

  /** Evenly spaced times from 1 to eps. */
  times(steps) {
    return Array.from({ length: steps }, (_, i) => 1 + ((this.eps - 1) * i) / (steps - 1));
  }

  scoreAt(data, t) {
    return data.diffused(this.alpha(t), this.sigma(t));
  }
}

// Each step moves all points, two numbers each, in place.

/** x - f_t(x) + G_t^2 g + G_t z (Song et al. 2021, Eq. 46): the reverse SDE from t to s. */
export function reverseStep(sde, data, x, t, s, z) {
  const at = sde.scoreAt(data, t);
  const [ratio, std] = sde.transition(s, t);
  move(x, at, (each, g, i) => (2 - ratio) * each + std ** 2 * g + std * z[i]);
}

/** x - f_t(x) + G_t^2 g / 2 (Eq. 47): the probability flow from t to s, without chance. */
export function flowStep(sde, data, x, t, s) {
  const at = sde.scoreAt(data, t);
  const [ratio, std] = sde.transition(s, t);
  move(x, at, (each, g) => (2 - ratio) * each + (std ** 2 / 2) * g);
}

/** x + e g + sqrt(2 e) z with e = 2 r^2 sigma^2 (Eq. 2, Algorithm 5): the time stays. */
export function langevinStep(sde, data, x, t, z, snr = 0.16) {
  const at = sde.scoreAt(data, t);
  const e = 2 * (snr * sde.sigma(t)) ** 2;
  move(x, at, (each, g, i) => each + e * g + Math.sqrt(2 * e) * z[i]);
}

/** (x + sigma^2 g) / alpha: the data that are expected behind x_t (Tweedie). */
export function denoise(sde, data, x, t) {
  const at = sde.scoreAt(data, t);
  const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
  move(x, at, (each, g) => (each + sigma ** 2 * g) / alpha);
}

/**
 * All states of a walk from the prior at t = 1 down to eps, and then the data expected behind the
 * last: those of studykit's `predictor_corrector` with the predictor "reverse_diffusion" or
 * "probability_flow", for the same seed.
 */
export function walk(sde, data, { flow, n, steps, seed }) {
  const noise = new Noise(seed, n);
  const x = Float64Array.from(noise.normal(2));
  const times = sde.times(steps);
  const states = [x.slice()];
  for (let i = 1; i < steps; i++) {
    if (flow) flowStep(sde, data, x, times[i - 1], times[i]);
    else reverseStep(sde, data, x, times[i - 1], times[i], noise.normal(2));
    states.push(x.slice());
  }
  denoise(sde, data, x, times.at(-1));
  return [...states, x];
}

function move(x, at, step) {
  for (let i = 0; i < x.length; i += 2) {
    const g = at.score(x[i], x[i + 1]);
    x[i] = step(x[i], g[0], i);
    x[i + 1] = step(x[i + 1], g[1], i + 1);
  }
}
