// The noise schedules of studykit/diffusion/schedules.py, with its index: position 0 is the data.

/** beta grows linearly (Ho et al. 2020, section 4). */
export function linearSchedule(T = 1000, beta1 = 1e-4, betaT = 0.02) {
  const step = T > 1 ? (betaT - beta1) / (T - 1) : 0;
  return schedule(Float64Array.from({ length: T }, (_, i) => beta1 + step * i));
}

/** alpha_bar falls like a squared cosine (Nichol, Dhariwal 2021, Eq. 17). */
export function cosineSchedule(T = 1000, s = 0.008, betaMax = 0.999) {
  const f = (t) => Math.cos((((t / T + s) / (1 + s)) * Math.PI) / 2) ** 2;
  const beta = Float64Array.from({ length: T }, (_, i) => Math.min(1 - f(i + 1) / f(i), betaMax));
  return schedule(beta);
}

function schedule(steps) {
  const T = steps.length;
  const beta = new Float64Array(T + 1);
  beta.set(steps, 1);
  const alphaBar = new Float64Array(T + 1).fill(1);
  for (let t = 1; t <= T; t++) alphaBar[t] = alphaBar[t - 1] * (1 - beta[t]);
  return { T, beta, alphaBar };
}

/** What is left of the picture over what was mixed in: infinite at t = 0. */
export function signalToNoise({ alphaBar }, t) {
  return alphaBar[t] / (1 - alphaBar[t]);
}
