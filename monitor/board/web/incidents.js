// @ts-check
// The first page: the list, the map, the timeline and the latest tallies of what the filters let through.

import { get } from "./api.js";
import { Timeline } from "./charts.js";
import { byId, el, inside, replace, word } from "./dom.js";
import { Filters, asked, change } from "./filters.js";
import { tallyNode } from "./lists.js";
import { WorldMap } from "./map.js";
import { clock, day, figure, listed, number, placeName, t, term } from "./words.js";

/** @typedef {import("./words.js").Count} Count */
/** @typedef {{incident_id: string, title: string, kind: string, event_type: string, date: {from: string, to: string}|null, place: import("./words.js").Place|null, killed: Count|null, injured: Count|null, casualties: Count|null, perpetrators: string[], claimed_by: string[], targets: string[], weapon: string|null, victims: string[], background: boolean, dismissed: boolean, corrected: string[], closed: boolean, sources: string[], independent_sources: number, first_published: string, updated: string, alerts: number}} Incident */

const SOON_MS = 250;
const SUMMARY_MS = 1500;

/** @param {Incident} one */
export function what(one) {
  const where = placeName(one.place);
  return where ? `${term(one.event_type)} · ${where}` : term(one.event_type);
}

/** @param {Incident} one */
export function toll(one) {
  const parts = [];
  if (one.killed) parts.push(el("span", {}, el("b", {}, figure(one.killed)), ` ${t("killed")}`));
  if (one.injured) parts.push(el("span", {}, figure(one.injured), ` ${t("injured")}`));
  if (!parts.length && one.casualties) parts.push(el("span", {}, figure(one.casualties), ` ${t("casualties")}`));
  return el("span", { class: "toll" }, ...parts);
}

/** @param {Incident} one */
function row(one) {
  const sources = one.independent_sources > 1 ? t("sources_n", { n: number(one.independent_sources) }) : t("one_source");
  const by = listed([...new Set([...one.perpetrators, ...one.claimed_by])].slice(0, 3));
  return inside(
    `/incidents/${encodeURIComponent(one.incident_id)}`,
    { class: "row" },
    el("time", { class: "time", datetime: one.first_published }, clock(one.first_published)),
    el("span", { class: "what" }, el("span", { class: `kind ${one.kind}`, "aria-hidden": "true" }), el("span", { class: "hidden" }, `${term(one.kind)}: `), word(what(one))),
    toll(one),
    el("span", { class: "title" }, word(one.title)),
    el("span", { class: "meta" }, by && word(by), sources, one.alerts ? el("span", { class: "tag loud" }, t("alerted")) : null,
      one.background && el("span", { class: "tag" }, t("is_background")), one.dismissed && el("span", { class: "tag" }, t("dismissed")),
      one.corrected.length > 0 && el("span", { class: "tag" }, t("corrected"))),
  );
}

export class IncidentsView {
  constructor() {
    /** @type {Incident[]} */
    this.items = [];
    /** @type {Set<string>} */
    this.fresh = new Set();
    this.next = /** @type {string|null} */ (null);
    this.asking = 0;
    this.filters = new Filters(() => this.load());
    this.list = el("div", { class: "incidents", "aria-busy": "true" });
    this.map = new WorldMap((spot) => this.choose(spot));
    this.timeline = new Timeline((since, until) => {
      change({ since, until });
      this.filters.draw();
      this.load();
    });
    this.tallies = el("div", { class: "panel tallies-panel", hidden: true });
    const side = el("aside", { class: "side", "aria-label": `${t("map")}, ${t("timeline")}` }, this.map.node, el("section", { class: "panel" }, el("h2", {}, t("timeline")), this.timeline.node), this.tallies);
    const list = el("section", { "aria-label": t("incidents") }, el("h1", { class: "hidden" }, t("incidents")), this.list);
    this.node = el("div", {}, this.filters.node, el("div", { class: "columns" }, list, side));
    this.load();
    this.loadTallies();
  }

  /** @param {import("./map.js").Spot} spot */
  choose(spot) {
    if (spot.incidents === 1) {
      document.dispatchEvent(new CustomEvent("go", { detail: `/incidents/${encodeURIComponent(spot.latest)}` }));
      return;
    }
    change({ q: spot.name });
    this.filters.draw();
    this.load();
  }

  async load() {
    this.asking += 1;
    const mine = this.asking;
    this.list.setAttribute("aria-busy", "true");
    const summary = this.summarise(mine);
    const page = await get("/api/incidents", asked());
    if (mine !== this.asking) return;
    this.items = page.items;
    this.next = page.next;
    this.draw();
    await summary;
  }

  /** @param {number} mine */
  async summarise(mine) {
    const query = asked();
    const summary = await get("/api/summary", query);
    if (mine !== this.asking) return;
    this.map.show(summary.spots, String(query));
    this.timeline.show(summary);
    if (!query.get("country")) this.filters.offer(summary.countries);
    else if (!this.filters.countries.childElementCount) this.filters.offer((await get("/api/summary")).countries);
  }

  async loadTallies() {
    const { items } = await get("/api/tallies", new URLSearchParams({ limit: "2" }));
    if (!items.length) return;
    this.tallies.hidden = false;
    replace(this.tallies, el("h2", {}, t("tallies")), el("div", { class: "tallies" }, ...items.map(tallyNode)));
  }

  async older() {
    const query = asked();
    query.set("after", this.next ?? "");
    const page = await get("/api/incidents", query);
    const first = page.items[0]?.incident_id;
    this.items.push(...page.items);
    this.next = page.next;
    this.draw();
    if (first) this.focus(first);
  }

  /** @param {string} id */
  focus(id) {
    const link = this.list.querySelector(`[data-id="${CSS.escape(id)}"] a`);
    if (link instanceof HTMLElement) link.focus();
  }

  draw() {
    const nodes = [];
    let date = "";
    /** @type {HTMLElement|null} */
    let group = null;
    for (const one of this.items) {
      const now = day(one.first_published);
      if (now !== date || !group) {
        date = now;
        group = el("ol", { "aria-label": date });
        nodes.push(el("h2", { class: "date" }, date), group);
      }
      group.append(el("li", { "data-id": one.incident_id, class: this.fresh.has(one.incident_id) ? "fresh" : null }, row(one)));
    }
    const empty = String(asked()) ? t("nothing") : t("nothing_yet");
    replace(
      this.list,
      ...nodes,
      !this.items.length && el("p", { class: "empty" }, empty),
      this.next && el("button", { type: "button", class: "older", onclick: () => this.older() }, t("more")),
    );
    this.list.setAttribute("aria-busy", "false");
  }

  /** Something changed: ask for the first page again and keep what was opened below it. @param {string} name @param {any} data */
  heard(name, data) {
    if (name === "incident" || name === "merged") this.fresh.add(data.incident_id);
    if (name === "alert") this.tell(data);
    if (name === "reset") this.fresh.clear();
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.refresh(), SOON_MS);
  }

  async refresh() {
    const mine = this.asking;
    const query = asked();
    const page = await get("/api/incidents", query);
    if (mine !== this.asking) return;
    const known = new Map(this.items.map((one) => [one.incident_id, one]));
    const seen = new Set(page.items.map((/** @type {Incident} */ one) => one.incident_id));
    const oldest = page.items[page.items.length - 1]?.first_published ?? "";
    const below = page.next ? this.items.filter((one) => !seen.has(one.incident_id) && one.first_published < oldest) : [];
    const news = page.items.filter((/** @type {Incident} */ one) => this.fresh.has(one.incident_id) && !known.has(one.incident_id));
    const held = document.activeElement?.closest("[data-id]")?.getAttribute("data-id");
    this.items = [...page.items, ...below];
    if (!below.length) this.next = page.next;
    this.draw();
    this.fresh.clear();
    if (held) this.focus(held);
    if (news[0]) byId("live").textContent = t("new_one", { x: what(news[0]) });
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      this.summarise(mine);
      this.loadTallies();
    }, SUMMARY_MS);
  }

  /** @param {{title: string}} alert */
  tell(alert) {
    byId("live").textContent = alert.title;
  }
}
