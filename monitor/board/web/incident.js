// @ts-check
// One incident: what is known, how it changed and on whose word, the evidence in its article, and why people were told.

import { get } from "./api.js";
import { editorNode } from "./editor.js";
import { Evidence } from "./evidence.js";
import { el, inside, outside, replace, word } from "./dom.js";
import { toll, what } from "./incidents.js";
import { alertNode, saidNode } from "./lists.js";
import { WorldMap } from "./map.js";
import { arrow, days, figure, language, listed, moment, number, placeName, t, term } from "./words.js";

const SOON_MS = 300;

export class IncidentView {
  /** @param {string} id @param {() => {editor: boolean}} viewer */
  constructor(id, viewer) {
    this.id = id;
    this.viewer = viewer;
    /** @type {Set<string>} */
    this.opened = new Set();
    /** @type {Map<string, Evidence>} */
    this.evidence = new Map();
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
    const left = [this.known(), reports, this.changes(), page.statements.length > 0 && section("statement_by", el("ul", { class: "items" }, ...page.statements.map((/** @type {any} */ said) => this.said(said))))];
    const right = [this.facts(), place(one), alerts(page), merges(page), this.data(), this.viewer().editor && editorNode(page)];
    // A form that somebody writes in is not taken away by what comes meanwhile.
    const writing = this.node.querySelector(".editor")?.contains(document.activeElement);
    if (writing) return;
    const held = focusable(this.node).indexOf(/** @type {HTMLElement} */ (document.activeElement));
    replace(this.node, head(page), el("div", { class: "page" }, el("div", {}, ...left), el("div", {}, ...right)));
    // Who works by keyboard stays where they were, as near as what came lets them.
    if (held >= 0) focusable(this.node)[held]?.focus({ preventScroll: true });
    this.node.setAttribute("aria-busy", "false");
    document.title = `${what(one)} – news-monitor`;
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
        report.published && el("span", { class: "note" }, moment(report.published)), el("span", { class: "num" }, listed(tolls))),
      el("div", {}, word(report.title)),
      report.quote && report.quote !== report.title && el("blockquote", { dir: "auto" }, word(report.quote)),
      this.shown(report.article_id, "report"),
    );
  }

  /** The evidence in an article, to be opened below what rests on it. @param {string} article @param {string} where */
  shown(article, where) {
    const made = new Evidence(article, this.id, this.opened, `${where} ${article}`);
    if (where === "report") this.evidence.set(article, made);
    return made.node;
  }

  /**
   * What is known, leading to where it was read.
   * @param {string} fact @param {string} text @param {any} [count] The figure that is told.
   */
  fact(fact, text, count) {
    const article = source(this.page, fact, count);
    if (!article) return word(text);
    const open = () => this.evidence.get(article)?.open(fact);
    return el("button", { type: "button", class: "fact-link", title: t("read_from"), onclick: open }, word(text));
  }

  known() {
    const one = this.page.incident;
    const cell = (/** @type {any} */ count, /** @type {string} */ m, /** @type {"low"|"best"|"high"} */ kind) => {
      const n = count[kind];
      return el("td", { class: `num ${kind === "best" ? "best" : ""}` }, n === null ? "–" : kind === "best" || (count.best === null && kind === "low") ? this.fact(m, number(n), count) : number(n));
    };
    const rows = ["killed", "injured", "casualties"].filter((m) => one[m] || m !== "casualties").map((m) => {
      const count = one[m];
      const cells = count ? [cell(count, m, "low"), cell(count, m, "best"), cell(count, m, "high")] : [el("td", { colspan: 3, class: "note num" }, t("unknown"))];
      return el("tr", {}, el("th", { scope: "row" }, t(m)), ...cells);
    });
    const columns = ["low", "best", "high"].map((name) => el("th", { scope: "col", class: "num" }, t(name)));
    return section("what_is_known", el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("measure")), ...columns)), el("tbody", {}, ...rows)));
  }

  facts() {
    const { page } = this;
    const one = page.incident;
    const names = (/** @type {any[]} */ given) => given.map((x) => x.name).join("; ");
    /** @type {[string, string, string|null][]} Label, value, and the fact by which its evidence is found. */
    const told = [
      ["what", term(one.event_type), "trigger"], ["when", one.date ? days(one.date) : "", "date"], ["where", placeName(one.place), "place"],
      ["perpetrators", names(page.perpetrators), "perpetrators"], ["claimed_by", names(page.claimed_by), "claimed_by"], ["targets", names(page.targets), "targets"],
      ["victims", one.victims.join("; "), "victims"], ["weapon", one.weapon ?? "", "weapon"], ["known_since", moment(one.first_published), null],
    ];
    const always = ["when", "where", "perpetrators"];
    const pairs = told.filter(([name, value]) => value || always.includes(name))
      .flatMap(([name, value, fact]) => [el("dt", {}, t(name)), el("dd", {}, !value ? t("unknown") : fact ? this.fact(fact, value) : word(value))]);
    return section("open_incident", el("dl", { class: "facts" }, ...pairs));
  }

  changes() {
    // On a phone the rows are no table to look at; the roles say that they are one.
    const rows = this.page.changes.map((/** @type {any} */ c) =>
      el("tr", { role: "row" },
        el("td", { class: "note", role: "cell" }, el("time", { datetime: c.at }, moment(c.at))),
        el("td", { role: "cell" }, c.measure === c.reason ? term(c.measure) : `${term(c.measure)}: ${term(c.reason)}`, c.after && c.before && el("div", { class: "num" }, `${figure(c.before)} ${arrow()} `, el("b", {}, figure(c.after))), c.after && !c.before && el("div", { class: "num" }, el("b", {}, figure(c.after)))),
        el("td", { role: "cell" }, outside(c.url, word(c.source)), c.quote && el("div", { class: "note" }, this.quoted(c))),
        el("td", { role: "cell" }, listed(c.decisions.map(term)))),
    );
    const columns = ["at", "measure", "by_whom", "decision"].map((name) => el("th", { scope: "col", role: "columnheader" }, t(name)));
    return section("changes", el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("changes") }, el("table", { class: "changes", role: "table" }, el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...columns)), el("tbody", { role: "rowgroup" }, ...rows))));
  }

  /** A change's sentence, leading into its article. @param {any} change */
  quoted(change) {
    const known = this.page.reports.some((/** @type {any} */ r) => r.article_id === change.article_id);
    if (!known) return word(change.quote);
    return el("button", { type: "button", class: "fact-link", title: t("read_from"), onclick: () => this.evidence.get(change.article_id)?.open(change.measure) }, word(change.quote));
  }

  /** @param {any} said */
  said(said) {
    const node = saidNode(said);
    node.append(this.shown(said.article_id, "said"));
    return node;
  }
}

/**
 * The article that a fact is shown in: whose figure is the one that is told, else that of the latest change of it,
 * else the first that names it, else the first of all.
 * @param {any} page @param {string} fact @param {any} [count]
 */
function source(page, fact, count) {
  const reports = /** @type {any[]} */ (page.reports);
  const same = (/** @type {any} */ given) => given && count && (given.best ?? given.low) === (count.best ?? count.low);
  const changed = page.changes.filter((/** @type {any} */ c) => c.measure === fact).at(-1)?.article_id;
  const found =
    reports.find((r) => same(r[fact])) ?? reports.find((r) => r.article_id === changed) ??
    reports.find((r) => r.facts.includes(fact)) ?? reports.find((r) => r.quote);
  return found?.article_id;
}

/** @param {HTMLElement} node @returns {HTMLElement[]} */
function focusable(node) {
  return [...node.querySelectorAll(/** @type {"a"} */ ("a[href], button, input, select, [tabindex]"))];
}

function back() {
  return el("p", {}, inside("/", {}, `${language() === "ar" ? "→" : "←"} ${t("back")}`));
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
function place(one) {
  if (!one.place || one.place.lat === null || one.place.lon === null) return null;
  const map = new WorldMap(() => undefined);
  map.node.classList.add("small");
  const spot = { name: one.place.name, lat: one.place.lat, lon: one.place.lon, incidents: 1, killed: one.killed?.best ?? 0, strikes: one.kind === "strike" ? 1 : 0, latest: one.incident_id, precision: one.place.precision, country: one.place.country_code };
  map.show([spot], one.incident_id);
  return section("location", map.node);
}

/** @param {any} page */
function alerts(page) {
  const told = page.alerts.length ? el("ul", { class: "items" }, ...page.alerts.map(alertNode)) : el("p", { class: "note" }, t("silent"), ": ", listed((page.changes[0]?.decisions ?? []).map(term)));
  return section("alerts", told);
}

/** @param {any} page */
function merges(page) {
  if (!page.merged_from.length) return null;
  return section("merges", el("ul", { class: "items" }, ...page.merged_from.map((/** @type {string} */ id) => el("li", {}, inside(`/incidents/${encodeURIComponent(id)}`, {}, t("merged_from", { x: id }))))));
}

