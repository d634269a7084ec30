// The controls of figures: the browser's own, with labels.

/** An element with attributes and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A button. */
export function button(text, press) {
  const element = make("button", { type: "button", class: "md-button" }, text);
  element.addEventListener("click", press);
  return element;
}

/** A slider with its value in words beside it: { element, value, shown }. */
export function slider(label, { min, max, step, value, say, change }) {
  const input = make("input", { type: "range", min, max, step });
  const shown = make("span", { class: "sk-value", "aria-hidden": "true" });
  const tell = () => {
    shown.textContent = say(input.valueAsNumber);
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.value = value;
  tell();
  input.addEventListener("input", () => {
    tell();
    change();
  });
  return {
    element: make("label", { class: "sk-slider" }, make("span", {}, label), input, shown),
    input,
    get value() {
      return input.valueAsNumber;
    },
    set value(number) {
      input.value = number;
      tell();
    },
    set max(number) {
      input.max = number;
      tell();
    },
  };
}

let groups = 0;

/** A row of which one is chosen: `options` are [value, text] pairs, the first one chosen. */
export function choice(legend, options, change) {
  const name = `sk-choice-${groups++}`;
  const inputs = options.map(([value]) => make("input", { type: "radio", name, value }));
  inputs[0].checked = true;
  const labels = options.map(([, text], i) => make("label", {}, inputs[i], make("span", {}, text)));
  const element = make("fieldset", { class: "sk-choice" }, make("legend", {}, legend), ...labels);
  element.addEventListener("change", change);
  return {
    element,
    get value() {
      return inputs.find((input) => input.checked).value;
    },
    set value(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

/** A phrase with its {names} replaced. */
export function fill(phrase, values) {
  return phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
