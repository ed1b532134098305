// @ts-check
// What a fact was read from: the article, with its sentence and the words of the fact marked, opened and closed.

import { get } from "./api.js";
import { el, replace } from "./dom.js";
import { listed, t, term } from "./words.js";

export class Evidence {
  /**
   * @param {string} article @param {string} incident Whose facts are marked.
   * @param {Set<string>} opened What is open, kept where the page is drawn anew. @param {string} key
   */
  constructor(article, incident, opened, key) {
    this.article = article;
    this.incident = incident;
    this.opened = opened;
    this.key = key;
    this.button = el("button", { type: "button", onclick: () => this.toggle() });
    this.text = el("div", { class: "text" });
    this.node = el("div", { class: "evidence" }, this.button, this.text);
    this.dress();
    if (opened.has(key)) this.load("");
  }

  toggle() {
    if (this.opened.delete(this.key)) this.dress();
    else this.open("");
  }

  /** @param {string} fact What to show at once; none: the first mark. */
  async open(fact) {
    this.opened.add(this.key);
    this.dress();
    await this.load(fact);
  }

  dress() {
    const open = this.opened.has(this.key);
    this.button.setAttribute("aria-expanded", String(open));
    replace(this.button, t(open ? "hide" : "read_from"));
    this.text.hidden = !open;
  }

  /** @param {string} fact */
  async load(fact) {
    try {
      const article = await get(`/api/articles/${encodeURIComponent(this.article)}`, new URLSearchParams({ incident: this.incident }));
      const body = el("div", { class: "article", tabindex: 0, role: "region", "aria-label": t("evidence_marks"), dir: "auto", lang: article.language },
        el("b", {}, ...segments(article.title)), "\n\n", ...segments(article.text));
      replace(this.text, body);
      this.point(body, fact);
    } catch {
      replace(this.text, el("p", { class: "note" }, t("no_text")));
    }
  }

  /** Bring a fact's words into view, else its sentence. @param {HTMLElement} body @param {string} fact */
  point(body, fact) {
    const marks = /** @type {HTMLElement[]} */ ([...body.querySelectorAll("mark")]);
    const told = marks.filter((mark) => fact && (mark.dataset.facts ?? "").split(" ").includes(fact));
    for (const mark of told) mark.classList.add("told");
    const first = told[0] ?? marks[0];
    if (first) body.scrollTop = Math.max(first.offsetTop - body.offsetTop - 40, 0);
    if (!fact) return;
    body.focus({ preventScroll: true });
    body.scrollIntoView({ block: "nearest" });
  }
}

/** Pieces of a text, marked where facts were read. @param {{text: string, facts: string[]}[]} pieces */
function segments(pieces) {
  return pieces.map((piece) => {
    const facts = piece.facts.filter((fact) => fact !== "sentence");
    if (!piece.facts.length) return document.createTextNode(piece.text);
    return el("mark", { class: facts.length ? "fact" : "", title: listed(facts.map(term)) || null, "data-facts": facts.join(" ") || null }, piece.text);
  });
}
