// @ts-check
// One incident: what is known, how it changed and on whose word, the evidence in its article, and why people were told.

import { get } from "./api.js";
import { editorNode } from "./editor.js";
import { el, inside, outside, replace, word } from "./dom.js";
import { toll, what } from "./incidents.js";
import { alertNode, saidNode } from "./lists.js";
import { WorldMap } from "./map.js";
import { days, figure, moment, number, placeName, t, term } from "./words.js";

const SOON_MS = 300;

export class IncidentView {
  /** @param {string} id @param {() => {editor: boolean}} viewer */
  constructor(id, viewer) {
    this.id = id;
    this.viewer = viewer;
    /** @type {Set<string>} */
    this.opened = new Set();
    this.node = el("div", { "aria-busy": "true" });
    this.load();
  }

  async load() {
    try {
      this.page = await get(`/api/incidents/${encodeURIComponent(this.id)}`);
    } catch (error) {
      replace(this.node, el("div", { class: "head" }, back(), el("h1", {}, t("not_found"))), el("p", { class: "note" }, String(error)));
      return;
    }
    this.draw();
  }

  /** @param {string} name @param {any} data */
  heard(name, data) {
    const mine = name === "reset" || data.incident_id === this.id;
    if (!mine) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.load(), SOON_MS);
  }

  draw() {
    const { page } = this;
    const one = page.incident;
    const reports = section("reports", ...page.reports.map((/** @type {any} */ r) => this.report(r)), el("p", { class: "note" }, t("evidence_marks")));
    const left = [known(one), reports, changes(page.changes), page.statements.length > 0 && section("statement_by", el("ul", { class: "items" }, ...page.statements.map(saidNode)))];
    const right = [facts(page), place(one), alerts(page), merges(page), this.data(), this.viewer().editor && editorNode(page)];
    // A form that somebody writes in is not taken away by what comes meanwhile.
    const writing = this.node.querySelector(".editor")?.contains(document.activeElement);
    if (writing) return;
    replace(this.node, head(page), el("div", { class: "page" }, el("div", {}, ...left), el("div", {}, ...right)));
    this.node.setAttribute("aria-busy", "false");
    document.title = `${what(one)} – news-monitor`;
    for (const name of this.opened) this.show(name);
  }

  data() {
    const base = `/api/incidents/${encodeURIComponent(this.id)}`;
    return section("data", el("p", {}, el("a", { href: base }, "JSON"), " · ", el("a", { href: `${base}?format=geojson` }, "GeoJSON")), el("p", { class: "note" }, this.id));
  }

  /** @param {any} report */
  report(report) {
    const copy = report.copy_of !== null;
    const tolls = [["killed", report.killed], ["injured", report.injured], ["casualties", report.casualties]]
      .filter(([, count]) => count)
      .map(([name, count]) => `${figure(count)} ${t(name)}`);
    return el(
      "article",
      { class: "report", "data-article": report.article_id },
      el("div", { class: "line" }, el("b", {}, outside(report.url, word(report.source))), el("span", { class: copy ? "tag" : "tag good" }, copy ? t("copy_of", { x: report.copy_of }) : t("independent")),
        report.published && el("span", { class: "note" }, moment(report.published)), el("span", { class: "num" }, tolls.join(", "))),
      el("div", {}, word(report.title)),
      report.quote && report.quote !== report.title && el("blockquote", { dir: "auto" }, word(report.quote)),
      el("button", { type: "button", "aria-expanded": "false", onclick: () => this.toggle(report.article_id) }, t("read_from")),
      el("div", { class: "text", hidden: true }),
    );
  }

  /** @param {string} name */
  toggle(name) {
    if (this.opened.delete(name)) this.hide(name);
    else this.show(name);
  }

  /** @param {string} name */
  parts(name) {
    const node = this.node.querySelector(`[data-article="${CSS.escape(name)}"]`);
    return { button: node?.querySelector("button"), text: /** @type {HTMLElement|null|undefined} */ (node?.querySelector(".text")) };
  }

  /** @param {string} name */
  hide(name) {
    const { button, text } = this.parts(name);
    if (!button || !text) return;
    text.hidden = true;
    button.setAttribute("aria-expanded", "false");
    replace(button, t("read_from"));
  }

  /** @param {string} name */
  async show(name) {
    this.opened.add(name);
    const { button, text } = this.parts(name);
    if (!button || !text) return;
    button.setAttribute("aria-expanded", "true");
    replace(button, t("hide"));
    text.hidden = false;
    try {
      const article = await get(`/api/articles/${encodeURIComponent(name)}`, new URLSearchParams({ incident: this.id }));
      const body = el("div", { class: "article", tabindex: 0, role: "region", "aria-label": t("evidence_marks"), dir: "auto", lang: article.language },
        el("b", {}, ...segments(article.title)), "\n\n", ...segments(article.text));
      replace(text, body);
      const first = /** @type {HTMLElement|null} */ (body.querySelector("mark"));
      if (first) body.scrollTop = Math.max(first.offsetTop - body.offsetTop - 40, 0);
    } catch {
      replace(text, el("p", { class: "note" }, t("no_text")));
    }
  }
}

/** Pieces of a text, marked where facts were read. @param {{text: string, facts: string[]}[]} pieces */
function segments(pieces) {
  return pieces.map((piece) => {
    const facts = piece.facts.filter((fact) => fact !== "sentence");
    if (!piece.facts.length) return document.createTextNode(piece.text);
    return el("mark", { class: facts.length ? "fact" : "", title: facts.map(term).join(", ") || null }, piece.text);
  });
}

function back() {
  return el("p", {}, inside("/", {}, `${document.documentElement.dir === "rtl" ? "→" : "←"} ${t("back")}`));
}

/** @param {any} page */
function head(page) {
  const one = page.incident;
  const tags = [
    one.background && el("span", { class: "tag" }, t("is_background")),
    one.dismissed && el("span", { class: "tag loud" }, t("dismissed")),
    one.corrected.length > 0 && el("span", { class: "tag" }, t("corrected")),
    one.closed && el("span", { class: "tag" }, t("closed")),
    el("span", { class: one.alerts ? "tag loud" : "tag" }, one.alerts ? t("alerted") : t("silent")),
    el("span", { class: "tag good" }, one.independent_sources > 1 ? t("sources_n", { n: number(one.independent_sources) }) : t("one_source")),
  ];
  return el("div", { class: "head" }, back(),
    el("h1", {}, el("span", { class: `kind ${one.kind}`, "aria-hidden": "true" }), " ", word(what(one))),
    toll(one), el("div", { class: "tags" }, ...tags),
    page.merged_into && el("p", { class: "error" }, `${t("merged_into")} `, inside(`/incidents/${encodeURIComponent(page.merged_into)}`, {}, page.merged_into)));
}

/** @param {string} name @param {...(Node|string|null|false|undefined)} kids */
function section(name, ...kids) {
  return el("section", { class: "panel", "aria-label": t(name) }, el("h2", {}, t(name)), ...kids);
}

/** @param {any} one */
function known(one) {
  const cell = (/** @type {number|null} */ n, /** @type {string} */ kind) => el("td", { class: `num ${kind}` }, n === null ? "–" : number(n));
  const rows = ["killed", "injured", "casualties"].filter((m) => one[m] || m !== "casualties").map((m) => {
    const count = one[m];
    return el("tr", {}, el("th", { scope: "row" }, t(m)), ...(count ? [cell(count.low, ""), cell(count.best, "best"), cell(count.high, "")] : [el("td", { colspan: 3, class: "note num" }, t("unknown"))]));
  });
  const columns = ["low", "best", "high"].map((name) => el("th", { scope: "col", class: "num" }, t(name)));
  return section("what_is_known", el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("measure")), ...columns)), el("tbody", {}, ...rows)));
}

/** @param {any} page */
function facts(page) {
  const one = page.incident;
  const names = (/** @type {any[]} */ given) => given.map((x) => x.name).join("; ");
  const told = [
    ["when", days(one.date)], ["where", placeName(one.place) || t("unknown")], ["perpetrators", names(page.perpetrators) || t("unknown")],
    ["claimed_by", names(page.claimed_by)], ["targets", names(page.targets)], ["victims", one.victims.join("; ")], ["weapon", one.weapon], ["known_since", moment(one.first_published)],
  ];
  const pairs = told.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, t(name)), el("dd", {}, word(value))]);
  return section("open_incident", el("dl", { class: "facts" }, ...pairs));
}

/** @param {any} one */
function place(one) {
  if (!one.place || one.place.lat === null || one.place.lon === null) return null;
  const map = new WorldMap(() => undefined);
  map.node.classList.add("small");
  const spot = { name: one.place.name, lat: one.place.lat, lon: one.place.lon, incidents: 1, killed: one.killed?.best ?? 0, strikes: one.kind === "strike" ? 1 : 0, latest: one.incident_id, precision: one.place.precision };
  map.show([spot], one.incident_id);
  return section("location", map.node);
}

/** @param {any[]} given */
function changes(given) {
  const rows = given.map((c) =>
    el("tr", {},
      el("td", { class: "note" }, el("time", { datetime: c.at }, moment(c.at))),
      el("td", {}, c.measure === c.reason ? term(c.measure) : `${term(c.measure)}: ${term(c.reason)}`, c.after && c.before && el("div", { class: "num" }, `${figure(c.before)} → `, el("b", {}, figure(c.after))), c.after && !c.before && el("div", { class: "num" }, el("b", {}, figure(c.after)))),
      el("td", {}, outside(c.url, word(c.source)), c.quote && el("div", { class: "note" }, word(c.quote))),
      el("td", {}, c.decisions.map(term).join(", "))),
  );
  const columns = ["at", "measure", "by_whom", "decision"].map((name) => el("th", { scope: "col" }, t(name)));
  return section("changes", el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("changes") }, el("table", { class: "changes" }, el("thead", {}, el("tr", {}, ...columns)), el("tbody", {}, ...rows))));
}

/** @param {any} page */
function alerts(page) {
  const told = page.alerts.length ? el("ul", { class: "items" }, ...page.alerts.map(alertNode)) : el("p", { class: "note" }, t("silent"), ": ", (page.changes[0]?.decisions ?? []).map(term).join(", "));
  return section("alerts", told);
}

/** @param {any} page */
function merges(page) {
  if (!page.merged_from.length) return null;
  return section("merges", el("ul", { class: "items" }, ...page.merged_from.map((/** @type {string} */ id) => el("li", {}, inside(`/incidents/${encodeURIComponent(id)}`, {}, t("merged_from", { x: id }))))));
}

