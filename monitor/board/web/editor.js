// @ts-check
// What an editor can do to an incident. Each act is sent as a record; the page changes when the rules have taken it.

import { post } from "./api.js";
import { el, replace, word } from "./dom.js";
import { figure, moment, t, term } from "./words.js";

/** @param {any} page */
export function editorNode(page) {
  const id = page.incident.incident_id;
  const status = el("p", { role: "status", class: "note" });
  const note = el("input", { name: "note", maxlength: 1000, autocomplete: "off" });

  /** @param {object} act */
  async function send(act) {
    replace(status, "…");
    try {
      await post("/api/corrections", { incident_id: id, note: /** @type {HTMLInputElement} */ (note).value, ...act });
      replace(status, t("sent"));
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    } catch (error) {
      const told = /** @type {import("./api.js").Problem} */ (error);
      replace(status, t("failed", { x: told.reason ? term(told.reason) : told.message }));
    }
  }

  /** @param {string} name @param {(data: FormData) => object} act @param {...Node} fields */
  function form(name, act, ...fields) {
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      send(act(new FormData(/** @type {HTMLFormElement} */ (event.target))));
    };
    return el("form", { onsubmit: submit, "data-act": name }, el("div", {}, ...fields, el("button", {}, t(name))));
  }

  return el(
    "section",
    { class: "panel editor", "aria-label": t("correct") },
    el("h2", {}, t("correct")),
    el("p", { class: "note" }, t("correct_about")),
    el("label", {}, t("note"), note),
    status,
    inForce(page.edits, send),
    form("figure", figureAct, ...figureFields()),
    form("merge", (data) => ({ act: "merge", other_id: String(data.get("other_id")).trim() }), el("label", { class: "wide" }, t("merge_about"), el("input", { name: "other_id", required: true, pattern: "\\s*inc-[0-9a-f]+\\s*", autocomplete: "off" }))),
    form("split", (data) => ({ act: "split", articles: data.getAll("article").map(String) }), splitFields(page.reports)),
    form("dismiss", () => ({ act: "dismiss" })),
    form("mark_background", () => ({ act: "background" })),
  );
}

function figureFields() {
  const options = ["killed", "injured", "casualties"].map((m) => el("option", { value: m }, t(m)));
  const field = (/** @type {string} */ name) => el("label", {}, t(name), el("input", { type: "number", name, min: 0, max: 10_000_000 }));
  return [el("label", {}, t("measure"), el("select", { name: "measure" }, ...options)), field("low"), field("best"), field("high")];
}

/** @param {FormData} data */
function figureAct(data) {
  const n = (/** @type {string} */ name) => (data.get(name) === "" ? null : Number(data.get(name)));
  const [low, best, high] = [n("low"), n("best"), n("high")];
  const known = low !== null || best !== null || high !== null;
  const count = known ? { low: low ?? best, best, high: high ?? (low === null ? best : null) } : null;
  return { act: "figure", measure: data.get("measure"), count };
}

/** @param {any[]} reports */
function splitFields(reports) {
  const ticks = reports.map((r) => el("label", { class: "tick" }, el("input", { type: "checkbox", name: "article", value: r.article_id }), word(`${r.source}: ${r.title}`)));
  return el("fieldset", { class: "wide" }, el("legend", { class: "note" }, t("split_about")), ...ticks);
}

/** @param {any[]} edits @param {(act: object) => void} send */
function inForce(edits, send) {
  if (!edits.length) return null;
  const one = (/** @type {any} */ e) =>
    el("li", {}, el("div", {}, el("b", {}, term(e.act)), e.measure && ` ${t(e.measure)} ${figure(e.count) || t("unknown")}`), el("div", { class: "note" }, t("by", { x: e.by }), " · ", moment(e.at), e.note && " · ", word(e.note)),
      el("button", { type: "button", onclick: () => send({ act: "lift", lifts: e.act, measure: e.measure ?? null }) }, t("lift")));
  return el("div", {}, el("h2", {}, t("in_force")), el("ul", { class: "items" }, ...edits.map(one)));
}
