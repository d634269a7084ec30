// Answers Material's search box: messages 0 (set up), 1 (ready), 2 (query), 3 (result) are its
// protocol. What a text is found by is the same as in studykit/wiki/search/tokens.py, rule by rule.
"use strict";

const CHOSEONG = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const VOWELS = [
  "ㅏ", "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ", "ㅗㅏ", "ㅗㅐ", "ㅗㅣ", "ㅛ", "ㅜ",
  "ㅜㅓ", "ㅜㅔ", "ㅜㅣ", "ㅠ", "ㅡ", "ㅡㅣ", "ㅣ",
];
const FINALS = [
  "", "ㄱ", "ㄲ", "ㄳ", "ㄴ", "ㄵ", "ㄶ", "ㄷ", "ㄹ", "ㄺ", "ㄻ", "ㄼ", "ㄽ", "ㄾ", "ㄿ", "ㅀ",
  "ㅁ", "ㅂ", "ㅄ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ",
];
const GREEK = new Map([
  ..."alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega"
    .split(" ")
    .map((name, at) => [String.fromCharCode(0x3b1 + at), ` ${name}`]),
  ["ϵ", " epsilon"], ["ϕ", " phi"], ["ϑ", " theta"], ["µ", " mu"],
]);
const HEAD = 4;

// The two-set keyboard: what a key types when it is set to Hangul.
const KEYS = {
  r: "ㄱ", R: "ㄲ", s: "ㄴ", e: "ㄷ", E: "ㄸ", f: "ㄹ", a: "ㅁ", q: "ㅂ", Q: "ㅃ", t: "ㅅ", T: "ㅆ",
  d: "ㅇ", w: "ㅈ", W: "ㅉ", c: "ㅊ", z: "ㅋ", x: "ㅌ", v: "ㅍ", g: "ㅎ", k: "ㅏ", o: "ㅐ", i: "ㅑ",
  O: "ㅒ", j: "ㅓ", p: "ㅔ", u: "ㅕ", P: "ㅖ", h: "ㅗ", y: "ㅛ", n: "ㅜ", b: "ㅠ", m: "ㅡ", l: "ㅣ",
};
const LATIN = new Map(Object.entries(KEYS).map(([key, letter]) => [letter, key.toLowerCase()]));
const PAIRS = {
  "ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ",
  "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ", "ㄹㅂ": "ㄼ", "ㄹㅅ": "ㄽ",
  "ㄹㅌ": "ㄾ", "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ",
};
const ORDER = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";

// How much an occurrence counts that was reached in another way than by the word itself.
const BY_NAME = 0.9;
const BY_START = 0.7;
const BY_TYPO = 0.5;
const BY_LETTERS = 0.45;
const BY_FIRST = 0.3;
const BY_INITIALS = 0.05;
// So much of a word's pairs has to be there; less, where nothing else is found.
const ENOUGH = 0.5;
const SOMETHING = 0.3;
const WORSE = 0.1;
const MOST_PAGES = 10;
const MOST_READ = 24;
const COMPLETIONS = 12;

// --- words, as tokens.py has them ------------------------------------------------------------------

function folded(text) {
  return text.normalize("NFC").toLowerCase().replace(/[α-ωϵϕϑµ]/g, (letter) => GREEK.get(letter));
}

function letters(word) {
  return [...word].map((syllable) => {
    const at = syllable.codePointAt(0) - 0xac00;
    return CHOSEONG[Math.floor(at / 588)] + VOWELS[Math.floor(at / 28) % 21] + FINALS[at % 28];
  }).join("");
}

function initials(word) {
  return [...word].map((each) => CHOSEONG[Math.floor((each.codePointAt(0) - 0xac00) / 588)]).join("");
}

function pairs(word) {
  if (word.length === 1) return [word];
  return Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2));
}

function headOf(word) {
  const found = letters(word.slice(0, HEAD));
  return word.length > 1 && found.length >= HEAD ? `^${found.slice(0, HEAD)}` : "";
}

// A word without its particle, where enough is left.
function stemOf(word, cut) {
  const stem = word.length > 2 ? word.replace(cut, "") : word;
  return stem.length < 2 ? word : stem;
}

// All tokens of a text, as often as they are in it: only the tests ask for it.
function tokens(text, cut) {
  const found = [];
  let last = "";
  let end = -1;
  const whole = folded(text);
  for (const match of whole.matchAll(/(?<hangul>[가-힣]+)|[a-z0-9]+(?:_[a-z0-9]+)*/g)) {
    const word = match[0];
    if (!match.groups.hangul) {
      found.push(word, ...(word.includes("_") ? word.split("_") : []));
      last = "";
      continue;
    }
    if (last && match.index === end + 1 && whole[end] === " ") found.push(last + word[0]);
    found.push(...pairs(word), `<${word[0]}`);
    const head = headOf(word);
    if (head) found.push(head);
    const first = initials(word);
    if (word.length > 1) {
      found.push(`!${first.slice(0, 2)}`, `=${first.slice(0, stemOf(word, cut).length)}`);
    }
    for (let at = 0; at + 3 <= first.length; at++) found.push(`!${first.slice(at, at + 3)}`);
    last = word.at(-1);
    end = match.index + word.length;
  }
  return found;
}

function shardOf(token, shards) {
  let value = 0x811c9dc5;
  for (let at = 0; at < token.length; at++) {
    value = Math.imul(value ^ token.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value % shards;
}

// --- the keyboard ----------------------------------------------------------------------------------

// What the keys type on a Korean keyboard, if it is whole syllables: eleldpd is 디디엥.
function typedAsHangul(word) {
  const typed = [...word].map((key) => KEYS[key] ?? KEYS[key.toLowerCase()]);
  if (typed.length < 3 || typed.some((letter) => !letter)) return "";
  let text = "";
  let at = 0;
  const vowel = (letter) => letter !== undefined && ORDER.includes(letter);
  while (at < typed.length) {
    const first = CHOSEONG.indexOf(typed[at]);
    if (first < 0 || !vowel(typed[at + 1])) return "";
    let middle = typed[at + 1];
    at += 2;
    if (PAIRS[middle + typed[at]]) middle = PAIRS[middle + typed[at++]];
    let final = "";
    if (at < typed.length && FINALS.includes(typed[at]) && !vowel(typed[at + 1])) {
      final = typed[at++];
      const both = PAIRS[final + typed[at]];
      if (at < typed.length && both && !vowel(typed[at + 1])) {
        final = both;
        at++;
      }
    }
    text += String.fromCharCode(
      0xac00 + (first * 21 + ORDER.indexOf(middle)) * 28 + FINALS.indexOf(final),
    );
  }
  return text;
}

// What was meant by letters of Hangul that make no syllable: ㅇㅇㅔㅡ is ddpm.
function typedAsLatin(word) {
  const keys = [...word].map((each) => {
    if (each >= "가" && each <= "힣") return [...letters(each)].map((one) => LATIN.get(one)).join("");
    return LATIN.get(each) ?? "";
  });
  return keys.join("");
}

// --- the index -------------------------------------------------------------------------------------

class Index {
  constructor(manifest, root) {
    Object.assign(this, manifest);
    this.root = new URL(manifest.folder, root);
    this.files = new Map();
    this.missed = false;
    this.cut = new RegExp(manifest.cut);
    this.longest = Math.max(0, ...Object.keys(manifest.names).map((name) => name.length));
  }

  // A part of the index. What cannot be had now, with no connection, is empty, and asked for again
  // the next time; what was had before still answers.
  file(name) {
    if (!this.files.has(name)) {
      const loading = fetch(new URL(name, this.root)).then((response) => {
        if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
        return response.json();
      }).catch(() => {
        this.files.delete(name);
        this.missed = true;
        return {};
      });
      this.files.set(name, loading);
    }
    return this.files.get(name);
  }

  // [[document, weight], …] of a token.
  async postings(token) {
    const shard = await this.file(`t/${shardOf(token, this.shards)}.json`);
    if (!Object.hasOwn(shard, token)) return [];
    const found = [];
    let number = 0;
    for (let at = 0; at < shard[token].length; at += 2) {
      number += shard[token][at];
      found.push([number, shard[token][at + 1]]);
    }
    return found;
  }

  async text(number) {
    let at = this.starts.findLastIndex((start) => start <= number);
    const texts = await this.file(`d/${at}.json`);
    if (!Object.hasOwn(texts, number - this.starts[at])) return null;
    const [location, title, text, kind, page] = texts[number - this.starts[at]];
    return { location, title, text, kind, page };
  }

  rarity(count) {
    return Math.log(1 + (this.documents - count + 0.5) / (count + 0.5));
  }
}

// --- what was typed, as ways to find it ------------------------------------------------------------

// A unit is a word of the query: `shown` is what is marked in a result, `ways` are lists of tokens,
// of which enough have to be in a document, each with how much it counts.
async function unitsOf(query, index) {
  const latex = query.replace(/\\+/g, " ");
  const units = [];
  for (const match of folded(latex).matchAll(/[가-힣]+|[ㄱ-ㅎㅏ-ㅣ]+|[a-z0-9]+(?:_[a-z0-9]+)*/g)) {
    const word = match[0];
    if (/[가-힣]/.test(word)) units.push(hangulUnit(word, index));
    else if (/[ㄱ-ㅣ]/.test(word)) units.push(letterUnit(word, index));
    else units.push({ word, shown: [word], ways: [{ tokens: [word], counts: 1 }] });
  }
  // Case matters on a Korean keyboard, and is lost when a word is folded.
  const typed = latex.match(/[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*/g) ?? [];
  const latin = units.filter(({ word }) => /^[a-z0-9]/.test(word));
  const last = units.at(-1);
  await Promise.all(latin.map((unit, at) => {
    return widen(unit, typed.length === latin.length ? typed[at] : unit.word, unit === last, index);
  }));
  name(units, index);
  return units;
}

function hangulUnit(word, index) {
  let stem = stemOf(word, index.cut);
  if (word.length > 2 && /[다]$/.test(stem)) stem = stem.slice(0, -1);
  const ways = [
    { tokens: stem.length > 1 ? pairs(stem) : [`<${stem}`], counts: 1 },
  ];
  const head = headOf(word);
  if (head) ways.push({ tokens: [head], counts: BY_LETTERS });
  return { word, shown: [word, stem], stem, ways };
}

// Initial consonants: those of a whole word count most, then those of a term's name that goes on,
// then those that a word begins with; inside of words there are many.
function letterUnit(word, index) {
  if (![...word].every((letter) => CHOSEONG.includes(letter))) {
    const meant = typedAsLatin(word);
    return { word: meant, shown: [meant], ways: [{ tokens: [meant], counts: 1 }] };
  }
  const found = [];
  if (word.length <= 2) found.push(`!${word}`);
  for (let at = 0; at + 3 <= word.length; at++) found.push(`!${word.slice(at, at + 3)}`);
  const ways = [
    { tokens: [`=${word}`], counts: 1 },
    // Only the first two of a word are a token.
    { tokens: [`!${word.slice(0, 2)}`, ...found], counts: BY_FIRST, all: true },
    { tokens: found, counts: BY_INITIALS, all: true },
  ];
  const named = Object.keys(index.names).filter((each) => {
    return /^[가-힣]+$/.test(each) && initials(each).startsWith(word);
  });
  for (const each of named) {
    const counts = each.length === word.length ? BY_NAME : BY_START;
    ways.push({ tokens: [`§${index.names[each]}`], counts });
  }
  return { word, shown: named, patterns: [syllablesOf(word)], initials: word, ways };
}

// A pattern for what has these initial consonants: 588 syllables begin with each.
function syllablesOf(word) {
  return [...word].map((each) => {
    const first = 0xac00 + CHOSEONG.indexOf(each) * 588;
    return `[${String.fromCharCode(first)}-${String.fromCharCode(first + 587)}]`;
  }).join("");
}

// The words that begin so, those that are nearly so, and what the keys type on a Korean keyboard.
async function widen(unit, typed, last, index) {
  const { word } = unit;
  const words = await index.file("words.json");
  const known = Object.hasOwn(words, word);
  if (last && word.length > 1) {
    const longer = Object.keys(words).filter((each) => each.startsWith(word) && each !== word);
    longer.sort((one, two) => words[two] - words[one]);
    for (const each of longer.slice(0, COMPLETIONS)) {
      unit.ways.push({ tokens: [each], counts: BY_START });
    }
    if (longer.length) return;
  }
  if (known) return;
  const hangul = typedAsHangul(typed);
  if (hangul.length > 1) {
    const meant = hangulUnit(hangul, index);
    unit.ways.push(...meant.ways);
    unit.shown.push(...meant.shown);
    unit.hangul = hangul;
    return;
  }
  const most = word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0;
  const near = Object.keys(words)
    .map((each) => [distance(word, each, most), each])
    .filter(([apart]) => apart <= most && most > 0);
  near.sort(([one, a], [two, b]) => one - two || words[b] - words[a]);
  for (const [apart, each] of near.slice(0, COMPLETIONS)) {
    unit.ways.push({ tokens: [each], counts: BY_TYPO / apart });
    unit.shown.push(each);
  }
}

// How many letters have to be put in, left out, changed, or swapped with the next one.
function distance(one, two, most) {
  if (Math.abs(one.length - two.length) > most) return most + 1;
  let above = [];
  let row = Array.from({ length: two.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= two.length; j++) {
      const change = one[i - 1] === two[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + change);
      if (i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1]) {
        next[j] = Math.min(next[j], above[j - 2] + 1);
      }
    }
    if (Math.min(...next) > most) return most + 1;
    [above, row] = [row, next];
  }
  return row[two.length];
}

// Units that together are a name of a term find it by all of its names.
function name(units, index) {
  units.forEach((_, first) => {
    let squeezed = "";
    for (let last = first; last < units.length; last++) {
      const unit = units[last];
      squeezed += unit.hangul ?? unit.word;
      if (squeezed.length > index.longest + 4) break;
      for (const written of namesIn(squeezed)) {
        const term = Object.hasOwn(index.names, written) ? index.names[written] : undefined;
        if (!term) continue;
        for (const each of units.slice(first, last + 1)) {
          each.ways.push({ tokens: [`§${term}`], counts: BY_NAME });
          each.term = term;
        }
        unit.shown.push(...Object.keys(index.names).filter((each) => index.names[each] === term));
      }
    }
  });

  // A name, with up to three syllables of particles behind it.
  function namesIn(squeezed) {
    const found = [squeezed];
    if (/[가-힣]$/.test(squeezed)) {
      for (let less = 1; less <= 3 && squeezed.length - less > 1; less++) {
        found.push(squeezed.slice(0, -less));
      }
    }
    return found;
  }
}

// --- finding ---------------------------------------------------------------------------------------

async function search(query, index) {
  index.missed = false;
  const units = await unitsOf(query, index);
  if (!units.length) return [];
  const found = await Promise.all(
    units.map((unit) => Promise.all(unit.ways.map((way) => scores(way, index)))),
  );
  let ranked = rank(units, found, ENOUGH);
  if (!ranked.length) ranked = rank(units, found, SOMETHING);
  const read = await Promise.all(
    ranked.slice(0, MOST_READ).map(async ([number, score]) => {
      const document = await index.text(number);
      return document && { ...document, score: score * fit(document, units, index) };
    }),
  );
  const had = read.filter(Boolean);
  if (!had.length && index.missed) return [offline(index)];
  return grouped(had.sort((one, two) => two.score - one.score), units, index);
}

// Each document's score for one way, and how much of the way's tokens it has.
async function scores(way, index) {
  const lists = await Promise.all(way.tokens.map((token) => index.postings(token)));
  const rarities = lists.map((list) => index.rarity(list.length));
  const whole = rarities.reduce((sum, each) => sum + each, 0);
  const found = new Map();
  lists.forEach((list, at) => {
    for (const [number, weight] of list) {
      const [score, part] = found.get(number) ?? [0, 0];
      found.set(number, [score + rarities[at] * weight, part + rarities[at] / whole]);
    }
  });
  const least = way.all ? 0.999 : 0;
  for (const [number, [score, part]] of found) {
    if (part < least) found.delete(number);
    else found.set(number, [score * way.counts * part * part, part]);
  }
  return found;
}

function rank(units, found, least) {
  const totals = new Map();
  for (const ways of found) {
    const best = new Map();
    for (const way of ways) {
      for (const [number, [score, part]] of way) {
        if (part >= least && score > (best.get(number) ?? 0)) best.set(number, score);
      }
    }
    for (const [number, score] of best) {
      const [sum, met] = totals.get(number) ?? [0, 0];
      totals.set(number, [sum + score, met + 1]);
    }
  }
  return [...totals]
    .map(([number, [sum, met]]) => [number, sum * (met / units.length) ** 2])
    .sort(([a, one], [b, two]) => two - one || a - b);
}

// Whether a word of a text begins with these initial consonants.
function begins(text, first) {
  return (folded(text).match(/[가-힣]+/g) ?? []).some((word) => initials(word).startsWith(first));
}

// How well a document's title and text fit what was typed as a whole.
function fit(document, units, index) {
  const squeeze = (text) => folded(text).replace(/[\s-]+/g, "");
  const asked = units.map((unit) => unit.hangul ?? unit.stem ?? unit.word).join("");
  const title = squeeze(document.title);
  let factor = document.location.includes("#") ? 1 : 1.15;
  if (title === asked) factor *= 2;
  else if (title.includes(asked)) factor *= 1.5;
  if (squeeze(document.text).includes(asked)) factor *= 1.2;
  const first = units.find((unit) => unit.initials)?.initials;
  if (first && begins(document.title, first)) factor *= 1.5;
  else if (first && !begins(document.text, first)) factor *= BY_INITIALS / BY_FIRST;
  const term = units.every((unit) => unit.term) && units[0].term;
  if (term && document.location === `terms/${term}/`) factor *= 2;
  return factor;
}

// --- showing ---------------------------------------------------------------------------------------

// Pages by kind, the best kind first, and behind all of them what fits far worse; the sections of one page together, as Material lists them.
function grouped(documents, units, index) {
  const pages = new Map();
  for (const document of documents) {
    const page = document.location.split("#")[0];
    if (!pages.has(page) && pages.size === MOST_PAGES) continue;
    pages.set(page, [...(pages.get(page) ?? []), document]);
  }
  const groups = new Map();
  for (const items of pages.values()) {
    const worse = items[0].score < WORSE * documents[0].score;
    const group = `${Number(worse)}${items[0].kind}`;
    groups.set(group, [...(groups.get(group) ?? []), withPage(items)]);
  }
  const ordered = [...groups].sort(([one], [two]) => one[0] - two[0]).flatMap(([, list]) => list);
  const marks = marker(units);
  return ordered.map((items, at) => {
    const { kind } = items.at(-1);
    const label = kind === ordered[at - 1]?.at(-1).kind
      ? ""
      : `<span class="sk-search-kind">${escaped(index.kinds[kind])}</span>`;
    return items.map((document, place) => ({
      location: document.location,
      title: (place ? "" : label) + marks.text(document.title),
      text: marks.sentence(document.text),
      score: document.score,
      terms: Object.fromEntries(marks.found(document.text).map((word) => [word, true])),
    }));
  });
}

// Nothing found is not the same as nothing there to look in.
function offline(index) {
  return [{ location: "", title: escaped(index.offline), text: "", score: 1, terms: {} }];
}

// Material lists sections below their page, those with less than the page's score behind a click.
function withPage(items) {
  const found = items.find(({ location }) => !location.includes("#"));
  if (found) return [found, ...items.filter((each) => each !== found)];
  const [{ location, page, score }] = items;
  return [{ location: location.split("#")[0], title: page, text: "", score: score / 2 }, ...items];
}

function marker(units) {
  const words = [...new Set(units.flatMap(({ shown }) => shown))].filter((word) => word.length > 0);
  // A name may be written with blanks or hyphens, LaTeX and Greek letters in their own way.
  const patterns = words.sort((one, two) => two.length - one.length).map((word) => {
    return [...word].map((each) => each.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("[\\s-]?");
  });
  patterns.push(...units.flatMap((unit) => unit.patterns ?? []));
  const pattern = patterns.length ? new RegExp(patterns.join("|"), "giu") : null;

  function spans(text) {
    if (!pattern) return [];
    return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
  }

  function text(said) {
    let html = "";
    let done = 0;
    for (const [start, end] of spans(said)) {
      html += `${escaped(said.slice(done, start))}<mark>${escaped(said.slice(start, end))}</mark>`;
      done = end;
    }
    return html + escaped(said.slice(done));
  }

  // The sentence that has most of what was typed, with a little around it.
  function sentence(said) {
    const parts = said.match(/[^.!?。]+[.!?。]*\s*/g) ?? [];
    let best = parts[0] ?? "";
    let most = 0;
    for (const part of parts) {
      const kinds = new Set(spans(part).map(([start, end]) => part.slice(start, end).toLowerCase()));
      const much = kinds.size + Math.min(spans(part).length, 3) / 10;
      if (much > most) [best, most] = [part, much];
    }
    const [first] = spans(best);
    const from = first && first[0] > 80 ? first[0] - 60 : 0;
    const short = best.slice(from, from + 200).trim();
    return `${from ? "… " : ""}${text(short)}${best.length > from + 200 ? " …" : ""}`;
  }

  function found(said) {
    return [...new Set(spans(said).map(([start, end]) => said.slice(start, end)))].slice(0, 5);
  }

  return { text, sentence, found };
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);
}

// --- Material's protocol ---------------------------------------------------------------------------

let index = null;

async function answer({ type, data }) {
  if (type === 0) {
    index = new Index(data.config.studykit, new URL("../../", self.location));
    return { type: 1 };
  }
  try {
    return { type: 3, data: { items: await search(data, index) } };
  } catch (error) {
    console.warn(error);
    return { type: 3, data: { items: [] } };
  }
}

// One after the other, since the box shows what comes last: an earlier query may wait longer for its
// fragments. What has been typed over by then is not looked for.
let done = Promise.resolve();
let newest = null;

self.addEventListener("message", ({ data }) => {
  newest = data;
  done = done.then(async () => {
    if (data.type === 0 || data === newest) self.postMessage(await answer(data));
  });
});
