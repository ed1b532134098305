// @ts-check
// Makes elements. Words of sources are set as text and never parsed; links lead to http(s) alone.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node|string|number|null|undefined|false} Kid */
/** @typedef {Record<string, string|number|boolean|null|undefined|((event: any) => void)>} Props */

/**
 * Set attributes and listeners (`onclick: f`); false, null and undefined set nothing.
 * @param {Element} node @param {Props} props
 */
function dress(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {Element} node @param {Kid[]} kids */
function fill(node, kids) {
  for (const kid of kids) {
    if (kid === null || kid === undefined || kid === false) continue;
    node.append(kid instanceof Node ? kid : document.createTextNode(String(kid)));
  }
}

/** @param {string} tag @param {Props} [props] @param {...Kid} kids @returns {HTMLElement} */
export function el(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  dress(node, props);
  fill(node, kids);
  return node;
}

/** @param {string} tag @param {Props} [props] @param {...Kid} kids @returns {SVGElement} */
export function svg(tag, props = {}, ...kids) {
  const node = document.createElementNS(SVG, tag);
  dress(node, props);
  fill(node, kids);
  return node;
}

/** A word of a source: in its own direction, whatever that of the page. @param {string} text */
export function word(text) {
  return el("bdi", {}, text);
}

/**
 * A link to a source's page. Its address is hostile: only http(s) is followed, and nothing is told to where it leads.
 * @param {string|null} url @param {...Kid} kids
 */
export function outside(url, ...kids) {
  let safe = null;
  try {
    const read = new URL(url ?? "");
    if (read.protocol === "http:" || read.protocol === "https:") safe = read.href;
  } catch {
    safe = null;
  }
  if (safe === null) return el("span", {}, ...kids);
  return el("a", { href: safe, rel: "noopener noreferrer nofollow", target: "_blank", class: "outside" }, ...kids);
}

/** A link within the board. @param {string} path @param {Props} props @param {...Kid} kids */
export function inside(path, props, ...kids) {
  return el("a", { href: path, "data-inside": true, ...props }, ...kids);
}

/** @param {Element} node @param {...Kid} kids */
export function replace(node, ...kids) {
  node.replaceChildren();
  fill(node, kids);
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`no element ${id}`);
  return node;
}
