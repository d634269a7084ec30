// DDIM without new noise, as studykit/diffusion/samplers/ddim.py walks a DDPM's chain.

/** The steps of the chain that a walk visits, from T down to 1. */
export function visits(T, steps) {
  return Array.from({ length: steps }, (_, i) =>
    toEven(steps > 1 ? T + ((1 - T) * i) / (steps - 1) : T),
  );
}

/**
 * Walks from noise to data.
 *
 * @param {Float32Array} x The start, which becomes each state in turn.
 * @param {{T: number, alphaBar: Float64Array}} schedule The chain.
 * @param {number} steps How many times the network is asked.
 * @param {(x: Float32Array, t: number) => Promise<Float32Array>} velocity The network: v of x_t.
 * @param {(step: number) => void} moved Called after each step.
 */
export async function ddim(x, { T, alphaBar }, steps, velocity, moved) {
  const times = [...visits(T, steps), 0];
  for (let i = 0; i < steps; i++) {
    const [t, s] = [times[i], times[i + 1]];
    const [alpha, sigma] = [Math.sqrt(alphaBar[t]), Math.sqrt(1 - alphaBar[t])];
    const [alphaNext, sigmaNext] = [Math.sqrt(alphaBar[s]), Math.sqrt(1 - alphaBar[s])];
    const v = await velocity(x, t);
    for (let j = 0; j < x.length; j++) {
      const data = alpha * x[j] - sigma * v[j];
      const noise = sigma * x[j] + alpha * v[j];
      x[j] = alphaNext * data + sigmaNext * noise;
    }
    moved(i + 1);
  }
}

// Halves go to the even neighbour, as torch.round has it.
function toEven(value) {
  const low = Math.floor(value);
  if (value - low === 0.5) return low % 2 === 0 ? low : low + 1;
  return Math.round(value);
}
