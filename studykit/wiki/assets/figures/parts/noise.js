// The normal numbers of studykit/noise.py, bit for bit but for the last rounding: each example has
// a Mersenne twister of its own, seeded with NumPy's SeedSequence of the seed and the example's
// number, and drawn from as PyTorch does on the CPU. So a seed gives one picture, here and there.

const AHEAD = 1024; // _AHEAD of studykit/noise.py

/** One stream of standard normal numbers for each of `n` examples, as `Noise(seed, n)`. */
export class Noise {
  #streams;
  #size = 0;
  #ahead = [];
  #used = 0;

  constructor(seed, n) {
    this.n = n;
    this.#streams = Array.from({ length: n }, (_, example) => new Twister(stateOf([seed, example])));
  }

  /** `size` numbers for each example, in one row after the other: a Float32Array of n * size. */
  normal(size) {
    if (size !== this.#size || this.#used === this.#ahead[0]?.length) {
      this.#size = size;
      this.#used = 0;
      const draws = Math.max(1, Math.floor(AHEAD / size));
      this.#ahead = this.#streams.map((stream) => normal(stream, draws * size));
    }
    const numbers = new Float32Array(this.n * size);
    for (const [example, ahead] of this.#ahead.entries()) {
      numbers.set(ahead.subarray(this.#used, this.#used + size), example * size);
    }
    this.#used += size;
    return numbers;
  }
}

// torch.randn of at least 16 numbers: Box and Muller's method on sixteen at a time, the last sixteen
// drawn anew where the number is no multiple.
function normal(stream, size) {
  const numbers = new Float32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = stream.uniform();
  for (let i = 0; i + 16 <= size; i += 16) boxMuller(numbers.subarray(i, i + 16));
  if (size % 16 > 0) {
    const last = numbers.subarray(size - 16);
    for (let i = 0; i < 16; i++) last[i] = stream.uniform();
    boxMuller(last);
  }
  return numbers;
}

function boxMuller(sixteen) {
  for (let i = 0; i < 8; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - sixteen[i]));
    const angle = 2 * Math.PI * sixteen[i + 8];
    sixteen[i] = radius * Math.cos(angle);
    sixteen[i + 8] = radius * Math.sin(angle);
  }
}

/** MT19937 (Matsumoto, Nishimura 1998), seeded with one word. */
class Twister {
  #state = new Uint32Array(624);
  #next = 624;

  constructor(seed) {
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < 624; i++) {
      state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** A number of [0, 1) with 24 bits. */
  uniform() {
    return (this.#word() & 0xffffff) / 0x1000000;
  }

  #word() {
    if (this.#next === 624) this.#twist();
    let word = this.#state[this.#next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return word ^ (word >>> 18);
  }

  #twist() {
    const state = this.#state;
    for (let i = 0; i < 624; i++) {
      const word = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff);
      state[i] = state[(i + 397) % 624] ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}

// numpy.random.SeedSequence(words).generate_state(1, uint64) >> 1, of which the twister takes the
// lower 32 bits; for two words below 2^32.
function stateOf(words) {
  let constant = 0x43b0d7e5;
  const hash = (word) => {
    word ^= constant;
    constant = Math.imul(constant, 0x931e8875);
    word = Math.imul(word, constant);
    return word ^ (word >>> 16);
  };
  const mix = (a, b) => {
    const word = (Math.imul(0xca01f9dd, a) - Math.imul(0x4973f715, b)) | 0;
    return word ^ (word >>> 16);
  };
  const pool = [0, 1, 2, 3].map((i) => hash(words[i] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) {
      if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
    }
  }
  constant = 0x8b51f9dd;
  const [low, high] = pool.map((word) => {
    word ^= constant;
    constant = Math.imul(constant, 0x58f38ded);
    word = Math.imul(word, constant);
    return word ^ (word >>> 16);
  });
  return ((low >>> 1) | (high << 31)) >>> 0;
}
