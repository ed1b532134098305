// @ts-check
// Starts the board: which page, who looks, in which language and light, and what changes meanwhile.

import { Problem, get, listen, setToken, token } from "./api.js";
import { byId, el, inside, replace } from "./dom.js";
import { IncidentView } from "./incident.js";
import { IncidentsView } from "./incidents.js";
import { ListView, alertNode, saidNode, tallyNode } from "./lists.js";
import { language, setLanguage, t } from "./words.js";

const THEME = "board-theme";
const PAGES = /** @type {const} */ ([["/", "incidents"], ["/statements", "statements"], ["/tallies", "tallies"], ["/alerts", "alerts"]]);

/** @type {{node: HTMLElement, heard: (name: string, data: any) => void}|null} */
let view = null;
let viewer = { name: /** @type {string|null} */ (null), editor: false };
let connected = false;

function open() {
  const path = location.pathname;
  const incident = path.match(/^\/incidents\/([^/]+)$/);
  document.title = "news-monitor";
  if (incident) view = new IncidentView(decodeURIComponent(incident[1] ?? ""), () => viewer);
  else if (path === "/statements") view = new ListView("statements", saidNode, "items");
  else if (path === "/alerts") view = new ListView("alerts", alertNode, "items");
  else if (path === "/tallies") view = new ListView("tallies", tallyNode, "tallies");
  else view = new IncidentsView();
  replace(byId("main"), view.node);
  header();
}

/** @param {string} path */
function go(path) {
  history.pushState(null, "", path);
  open();
  scrollTo(0, 0);
  byId("main").focus({ preventScroll: true });
}

function header() {
  const here = (/** @type {string} */ path) => path === location.pathname || (path === "/" && location.pathname.startsWith("/incidents/"));
  const links = PAGES.map(([path, name]) => inside(path, { "aria-current": here(path) ? "page" : null }, t(name)));
  const button = (/** @type {string} */ text, /** @type {() => void} */ act, /** @type {string|null} */ label = null) => el("button", { type: "button", onclick: act, "aria-label": label, title: label }, text);
  replace(
    byId("top"),
    inside("/", { class: "brand" }, t("title")),
    el("nav", { "aria-label": t("title") }, ...links),
    el("div", { class: "tools" },
      el("span", { id: "state", class: connected ? "state open" : "state" }, connected ? t("live") : t("offline")),
      button(t("language"), switchLanguage),
      button("◐", switchTheme, t("theme")),
      token() ? button(`${t("sign_out")}${viewer.name ? ` (${viewer.name})` : ""}`, () => enter(null)) : button(t("sign_in"), () => signIn(""))),
  );
  byId("skip").textContent = t("skip");
}

function dress() {
  const root = document.documentElement;
  root.lang = language();
  root.dir = language() === "ar" ? "rtl" : "ltr";
  const theme = localStorage.getItem(THEME);
  if (theme) root.dataset.theme = theme;
  if (new URLSearchParams(location.search).has("embed")) document.body.classList.add("embed");
}

function switchLanguage() {
  setLanguage(language() === "ar" ? "en" : "ar");
  const query = new URLSearchParams(location.search);
  query.delete("lang");
  history.replaceState(null, "", String(query) ? `${location.pathname}?${query}` : location.pathname);
  dress();
  open();
}

function switchTheme() {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  localStorage.setItem(THEME, dark ? "light" : "dark");
  dress();
}

/** @param {string} error */
function signIn(error) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
  const field = el("input", { type: "password", name: "token", required: true, autocomplete: "off", "aria-describedby": "dialog-about" });
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    dialog.close();
    enter(/** @type {HTMLInputElement} */ (field).value.trim());
  };
  replace(dialog, el("form", { onsubmit: submit },
    el("h2", { id: "dialog-title" }, t("sign_in")), el("p", { id: "dialog-about", class: "note" }, t("sign_in_about")),
    error && el("p", { class: "error", role: "alert" }, error), el("label", {}, t("token"), " ", field),
    el("div", { class: "acts" }, el("button", { type: "button", onclick: () => dialog.close() }, t("cancel")), el("button", {}, t("sign_in")))));
  dialog.showModal();
}

/** @param {string|null} given */
async function enter(given) {
  setToken(given);
  await meet();
  if (given && viewer.name === null && !viewer.editor) {
    const known = await get("/api/viewer").then(() => true, () => false);
    if (!known) setToken(null);
  }
  open();
}

/** Learn who looks; a board that is read with a token asks for it. */
async function meet() {
  viewer = { name: null, editor: false };
  try {
    viewer = await get("/api/viewer");
  } catch (error) {
    const status = /** @type {import("./api.js").Problem} */ (error).status;
    if (status === 401) signIn(token() ? t("wrong_token") : t("need_token"));
  }
}

// Not by way of the address: going to `#main` would draw the page anew.
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-inside]") : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  if (document.body.classList.contains("embed")) {
    link.target = "_blank";
    link.rel = "noopener";
    return;
  }
  event.preventDefault();
  go(link.getAttribute("href") ?? "/");
});
document.addEventListener("go", (event) => go(/** @type {CustomEvent} */ (event).detail));
addEventListener("popstate", open);
// What the API refuses is told to people; a lost connection is told by the state in the header.
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Problem) && !(event.reason instanceof TypeError)) return;
  event.preventDefault();
  byId("live").textContent = t("failed", { x: event.reason.message });
});

dress();
// The list need not wait for who looks; an editor's part is drawn when that is known.
const meeting = meet();
open();
meeting.then(() => {
  header();
  if (viewer.editor && view instanceof IncidentView && view.page) view.draw();
});
listen(
  (name, data) => {
    if (name !== "hello") view?.heard(name, data);
  },
  (now) => {
    connected = now;
    header();
  },
);
