// @ts-check
// The filters, whose one home is the address of the page.

import { el, replace } from "./dom.js";
import { country, number, t } from "./words.js";

const NAMES = ["q", "kind", "country", "actor", "source", "min_killed", "since", "until", "background"];
const TYPING_MS = 250;

/** What of the page's address the API is asked for. */
export function asked() {
  const given = new URLSearchParams(location.search);
  const query = new URLSearchParams();
  for (const name of NAMES) for (const value of given.getAll(name)) if (value) query.append(name, value);
  return query;
}

/** @param {Record<string, string>} changes An empty value takes the filter out. */
export function change(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = String(query);
  history.replaceState(null, "", text ? `${location.pathname}?${text}` : location.pathname);
}

export class Filters {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.countries = el("select", { name: "country" });
    this.node = el("form", { class: "filters", role: "search", onsubmit: (/** @type {Event} */ e) => e.preventDefault() });
    this.node.addEventListener("change", (event) => this.take(event));
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let waiting;
    this.node.addEventListener("input", (event) => {
      if (!(event.target instanceof HTMLInputElement) || !["search", "text"].includes(event.target.type)) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => this.take(event), TYPING_MS);
    });
    this.draw();
  }

  /** @param {Event} event */
  take(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const value = field.type === "checkbox" ? (field.checked ? "true" : "") : field.value.trim();
    if ((asked().get(field.name) ?? "") === value) return;
    change({ [field.name]: value });
    this.onChange();
  }

  draw() {
    const now = asked();
    const value = (/** @type {string} */ name) => now.get(name) ?? "";
    const field = (/** @type {string} */ name, /** @type {string} */ type, /** @type {string} */ kind) =>
      el("label", { class: kind }, t(name), el("input", { type, name, value: value(name), maxlength: 200, autocomplete: "off" }));
    const further = ["actor", "source", "min_killed", "background"].some((name) => value(name));
    replace(
      this.node,
      el("label", { class: "search" }, t("search"), el("input", { type: "search", name: "q", value: value("q"), maxlength: 200 })),
      this.kinds(value("kind")),
      el("label", { class: "short" }, t("country"), this.countries),
      field("since", "date", "short"),
      field("until", "date", "short"),
      el(
        "details",
        { open: further },
        el("summary", {}, t("more_filters")),
        el("div", {}, this.killed(value("min_killed")), field("actor", "text", "short"), field("source", "text", "short"),
          el("label", { class: "tick" }, el("input", { type: "checkbox", name: "background", checked: value("background") === "true" }), t("background"))),
      ),
      String(now) && el("button", { type: "button", onclick: () => this.clear() }, t("clear")),
    );
  }

  /** @param {string} chosen */
  kinds(chosen) {
    const one = (/** @type {string} */ value, /** @type {string} */ name) =>
      el("label", {}, el("input", { type: "radio", name: "kind", value, checked: value === chosen }), el("span", {}, t(name)));
    return el("fieldset", { class: "segments" }, el("legend", { class: "hidden" }, t("kind")), one("", "all"), one("attack", "attacks"), one("strike", "strikes"));
  }

  /** @param {string} chosen */
  killed(chosen) {
    const options = ["", "1", "5", "10", "25", "50", "100"].map((n) => el("option", { value: n, selected: n === chosen }, n ? number(Number(n)) : t("any")));
    return el("label", { class: "short" }, t("min_killed"), el("select", { name: "min_killed" }, ...options));
  }

  /** @param {{code: string, incidents: number}[]} found */
  offer(found) {
    const chosen = asked().get("country") ?? "";
    const codes = found.some((one) => one.code === chosen) || !chosen ? found : [{ code: chosen, incidents: 0 }, ...found];
    const options = codes.map((one) => el("option", { value: one.code, selected: one.code === chosen }, `${country(one.code, null)} (${number(one.incidents)})`));
    replace(this.countries, el("option", { value: "" }, t("any_country")), ...options);
  }

  clear() {
    change(Object.fromEntries(NAMES.map((name) => [name, ""])));
    this.draw();
    this.onChange();
  }
}
