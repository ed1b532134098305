// @ts-check
// Tiles of another map under the marks, where the board is configured to have one. Nothing else is loaded from elsewhere.

import { el, outside } from "./dom.js";
import { SIZE } from "./geo.js";

/** @typedef {{url: string, attribution: string, attribution_url: string|null, max_zoom: number}} Config */
/** @typedef {{x: number, y: number, pixels: number, width: number, height: number}} View `x` and `y` are in the middle, in units of the projection; `pixels` is how long one is. */

const PIXELS = 256;

/** @returns {Config|null} */
export function configured() {
  const told = document.querySelector('meta[name="tiles"]')?.getAttribute("content");
  return told ? JSON.parse(told) : null;
}

/** Which tiles cover a view, and where each is to stand. @param {View} view @param {number} deepest */
export function covering(view, deepest) {
  const zoom = Math.min(Math.max(Math.round(Math.log2((view.pixels * SIZE) / PIXELS)), 0), deepest);
  const count = 2 ** zoom;
  const unit = SIZE / count;
  const size = unit * view.pixels;
  const [left, top] = [view.x - view.width / 2 / view.pixels, view.y - view.height / 2 / view.pixels];
  const found = [];
  for (let row = Math.max(Math.floor(top / unit), 0); row < Math.min((top + view.height / view.pixels) / unit, count); row += 1) {
    for (let column = Math.floor(left / unit); column < (left + view.width / view.pixels) / unit; column += 1) {
      const x = ((column % count) + count) % count;
      found.push({ name: `${zoom}/${column}/${row}`, zoom, x, y: row, left: (column * unit - left) * view.pixels, top: (row * unit - top) * view.pixels, size });
    }
  }
  return found;
}

export class Tiles {
  /** @param {Config} config */
  constructor(config) {
    this.config = config;
    this.ground = el("div", { class: "tiles", "aria-hidden": "true" });
    this.note = el("p", { class: "attribution" }, outside(config.attribution_url, config.attribution));
    /** @type {Map<string, HTMLElement>} */
    this.held = new Map();
  }

  /** @param {View} view */
  place(view) {
    const wanted = covering(view, this.config.max_zoom);
    const shown = new Map(wanted.map((tile) => [tile.name, this.held.get(tile.name) ?? this.picture(tile)]));
    for (const { name, left, top, size } of wanted) {
      const style = shown.get(name)?.style;
      style?.setProperty("transform", `translate(${left}px, ${top}px)`);
      style?.setProperty("width", `${size + 0.5}px`);
      style?.setProperty("height", `${size + 0.5}px`);
    }
    for (const [name, node] of this.held) if (!shown.has(name)) node.remove();
    for (const [name, node] of shown) if (!this.held.has(name)) this.ground.append(node);
    this.held = shown;
  }

  /** Servers of tiles want to know which page asks (OpenStreetMap's tile usage policy). @param {{zoom: number, x: number, y: number}} tile */
  picture({ zoom, x, y }) {
    const src = this.config.url.replace("{z}", String(zoom)).replace("{x}", String(x)).replace("{y}", String(y));
    return el("img", { alt: "", draggable: "false", referrerpolicy: "origin", src });
  }
}
