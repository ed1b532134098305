// @ts-check
// Statements, tallies and alerts.

import { get } from "./api.js";
import { steps } from "./charts.js";
import { el, inside, outside, replace, word } from "./dom.js";
import { day, moment, t, term } from "./words.js";

/** @param {any} series */
export function tallyNode(series) {
  const { tally, points } = series;
  const about = [term(tally.what), tally.victims, tally.area.join(", ")].filter(Boolean).join(" · ");
  const last = points[points.length - 1];
  return el(
    "article",
    { class: "tally" },
    el("h3", {}, word(about)),
    steps(points, about),
    el("p", { class: "note" }, tally.since && t("since_day", { x: day(tally.since) }), tally.since && last ? " · " : "", last && outside(last.url, word(last.source))),
  );
}

/** @param {any} said */
export function saidNode(said) {
  const { statement } = said;
  const who = [statement.speaker.role, statement.speaker.affiliation].filter((x) => x && x !== statement.speaker.name).join(", ");
  return el(
    "li",
    {},
    el("div", {}, el("b", {}, word(statement.speaker.name)), who && el("span", { class: "note" }, " ", word(who)), " ", el("span", { class: "tag loud" }, term(statement.stance)),
      " ", statement.official && el("span", { class: "tag good" }, t("official"))),
    statement.quote && el("blockquote", { dir: "auto" }, word(statement.quote)),
    el("div", { class: "note" }, moment(said.at), " · ", outside(said.url, word(said.source)), said.incident_id && location.pathname === "/statements" ? " · " : null,
      said.incident_id && location.pathname === "/statements" ? inside(`/incidents/${encodeURIComponent(said.incident_id)}`, {}, t("open_incident")) : null),
  );
}

/** @param {any} alert */
export function alertNode(alert) {
  return el(
    "li",
    {},
    el("div", {}, el("span", { class: "tag loud" }, term(alert.kind)), " ", alert.incident_id ? inside(`/incidents/${encodeURIComponent(alert.incident_id)}`, {}, word(alert.title)) : el("b", {}, word(alert.title))),
    el("div", { class: "note" }, moment(alert.at), " · ", term(alert.reason), alert.watches.length > 0 && " · ", word(alert.watches.join(", ")), " · ",
      el("a", { href: `/api/alerts/${encodeURIComponent(alert.alert_id)}?format=cap` }, "CAP")),
  );
}

/** A page of things, newest first, with older ones on demand. */
export class ListView {
  /** @param {string} name @param {(one: any) => Node} drawn @param {string} kind */
  constructor(name, drawn, kind) {
    this.name = name;
    this.drawn = drawn;
    this.items = el(kind === "tallies" ? "div" : "ul", { class: kind });
    this.more = el("div", {});
    this.node = el("div", {}, el("div", { class: "head" }, el("h1", {}, t(name))), el("section", { class: "panel", "aria-label": t(name) }, this.items), this.more);
    this.load(null);
  }

  /** @param {string|null} after */
  async load(after) {
    const page = await get(`/api/${this.name}`, new URLSearchParams(after ? { after } : {}));
    if (!after) replace(this.items);
    for (const one of page.items) this.items.append(this.drawn(one));
    if (!this.items.childElementCount) this.items.append(el(this.items.tagName === "UL" ? "li" : "p", { class: "empty" }, t("nothing_yet")));
    replace(this.more, page.next && el("button", { type: "button", class: "older", onclick: () => this.load(page.next) }, t("more")));
  }

  /** @param {string} name */
  heard(name) {
    if (name === "alert" || name === "incident" || name === "reset") this.load(null);
  }
}
