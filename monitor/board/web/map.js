// @ts-check
// The map: outlines from the package, a mark for each place, moved by pointer, wheel, buttons and arrow keys.

import { el, replace, svg } from "./dom.js";
import { SIZE, path, paths, project } from "./geo.js";
import { Tiles, configured } from "./tiles.js";
import { number, t } from "./words.js";

/** @typedef {{name: string, lat: number, lon: number, incidents: number, killed: number, strikes: number, latest: string, precision: string, country: string|null}} Spot */

const CLOSEST = 60;
const DETAIL_FROM = 3.2;
/** From here on a province is wide enough to be seen. */
const PROVINCES_FROM = 5;
/** Countries whose provinces are drawn at once; more cannot be in so near a view. */
const MOST_COUNTRIES = 24;
const STEP = 1.6;

/** @type {Map<string, Promise<ReturnType<typeof paths>>>} */
const worlds = new Map();

/** @param {"110"|"50"} size */
function world(size) {
  const known = worlds.get(size) ?? fetch(`/static/world-${size}.json`).then((answer) => answer.json()).then(paths);
  worlds.set(size, known);
  return known;
}

/** @type {Map<string, Promise<string>>} */
const provinces = new Map();

/** The lines between a country's provinces; some countries have none. @param {string} code */
function provincesOf(code) {
  const known = provinces.get(code) ?? fetch(`/static/provinces-${code}.json`).then((answer) => (answer.ok ? answer.json().then(path) : ""));
  provinces.set(code, known);
  return known;
}

export class WorldMap {
  /** @param {(spot: Spot) => void} onSpot */
  constructor(onSpot) {
    this.onSpot = onSpot;
    /** @type {Spot[]} */
    this.spots = [];
    this.view = { x: SIZE / 2, y: 400, zoom: 1 };
    this.detail = false;
    this.fitted = "never";
    this.lines = svg("g", { class: "lines" });
    this.inner = svg("g", { class: "inner" });
    this.marks = svg("g", { class: "marks" });
    /** @type {Set<string>} */
    this.divided = new Set();
    const config = configured();
    this.tiles = config && new Tiles(config);
    this.canvas = svg("svg", { class: "world", role: "img", preserveAspectRatio: "xMidYMid slice" }, this.lines, this.inner, this.marks);
    this.node = el("div", { class: config ? "map tiled" : "map", tabindex: 0, role: "group", "aria-label": t("map") }, this.tiles?.ground, this.canvas, this.buttons(), this.tiles?.note);
    this.listen();
    this.draw("110");
    new ResizeObserver(() => this.place()).observe(this.node);
  }

  buttons() {
    const one = (/** @type {string} */ sign, /** @type {string} */ name, /** @type {() => void} */ act) =>
      el("button", { type: "button", "aria-label": t(name), title: t(name), onclick: act }, sign);
    return el(
      "div",
      { class: "zoom" },
      one("+", "zoom_in", () => this.zoom(STEP)),
      one("−", "zoom_out", () => this.zoom(1 / STEP)),
      one("⤢", "whole", () => this.fit(this.spots)),
    );
  }

  /** @param {"110"|"50"} size */
  async draw(size) {
    const drawn = await world(size);
    replace(this.lines, line("land", drawn.land), line("border", drawn.border), line("disputed", drawn.disputed));
  }

  /** Draw the provinces of countries that have marks in view. @param {Spot[]} seen */
  divide(seen) {
    const codes = new Set(seen.map((spot) => spot.country ?? ""));
    for (const code of [...codes].slice(0, MOST_COUNTRIES)) {
      if (!/^[A-Z]{2}$/.test(code) || this.divided.has(code)) continue;
      this.divided.add(code);
      provincesOf(code).then((d) => d && this.inner.append(line("province", d)));
    }
  }

  /** @param {Spot[]} spots @param {string} about What they are of: another filter moves the view. */
  show(spots, about) {
    this.spots = spots;
    this.canvas.setAttribute("aria-label", t("map_about", { n: number(spots.length) }));
    if (about === this.fitted) this.place();
    else this.fit(spots);
    this.fitted = about;
  }

  /** @param {Spot[]} spots */
  fit(spots) {
    const at = spots.map((spot) => project(spot.lon, spot.lat));
    if (!at.length) {
      this.view = { x: SIZE / 2, y: 400, zoom: 1 };
    } else {
      const xs = at.map(([x]) => x).sort((a, b) => a - b);
      const ys = at.map(([, y]) => y).sort((a, b) => a - b);
      const [left, right] = [xs[0] ?? 0, xs[xs.length - 1] ?? SIZE];
      const [top, bottom] = [ys[0] ?? 0, ys[ys.length - 1] ?? SIZE];
      const zoom = Math.min(SIZE / Math.max(right - left, 40) / 1.25, SIZE / Math.max(bottom - top, 40) / 2.2, 14);
      this.view = { x: (left + right) / 2, y: (top + bottom) / 2, zoom: Math.max(zoom, 1) };
    }
    this.place();
  }

  /** @param {number} by @param {[number, number]} [around] */
  zoom(by, around) {
    const zoom = Math.min(Math.max(this.view.zoom * by, 0.8), CLOSEST);
    const [x, y] = around ?? [this.view.x, this.view.y];
    const share = this.view.zoom / zoom;
    this.view = { x: x + (this.view.x - x) * share, y: y + (this.view.y - y) * share, zoom };
    this.place();
  }

  /** @param {number} dx @param {number} dy In pixels. */
  move(dx, dy) {
    this.view.x -= dx / this.pixels();
    this.view.y -= dy / this.pixels();
    this.place();
  }

  /** Pixels of one unit of the projection. */
  pixels() {
    return ((this.node.clientWidth || 1) / SIZE) * this.view.zoom;
  }

  place() {
    const width = this.node.clientWidth;
    const height = this.node.clientHeight;
    if (!width || !height) return;
    const { x, y, zoom } = this.view;
    if (zoom > DETAIL_FROM && !this.detail && !this.tiles) {
      this.detail = true;
      this.draw("50");
    }
    const scale = this.pixels();
    this.canvas.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const moved = `translate(${width / 2 - x * scale} ${height / 2 - y * scale}) scale(${scale})`;
    this.lines.setAttribute("transform", moved);
    this.inner.setAttribute("transform", moved);
    this.inner.setAttribute("visibility", zoom < PROVINCES_FROM ? "hidden" : "visible");
    this.tiles?.place({ x, y, pixels: scale, width, height });
    replace(this.marks, ...this.spots.map((spot) => this.mark(spot, scale, width, height)).reverse());
    if (zoom >= PROVINCES_FROM && !this.tiles) this.divide(this.spots.filter((spot) => this.sees(spot, scale, width, height)));
  }

  /** @param {Spot} spot @param {number} scale @param {number} width @param {number} height */
  sees(spot, scale, width, height) {
    const [x, y] = project(spot.lon, spot.lat);
    return Math.abs(x - this.view.x) * scale < width / 2 && Math.abs(y - this.view.y) * scale < height / 2;
  }

  /** @param {Spot} spot @param {number} scale @param {number} width @param {number} height */
  mark(spot, scale, width, height) {
    const [px, py] = project(spot.lon, spot.lat);
    const x = (px - this.view.x) * scale + width / 2;
    const y = (py - this.view.y) * scale + height / 2;
    const r = Math.min(3.5 + 1.8 * Math.sqrt(spot.incidents), 22);
    const kind = spot.strikes * 2 > spot.incidents ? "strike" : "attack";
    const vague = spot.precision === "country" || spot.precision === "region" || spot.precision === "admin1";
    const told = `${spot.name}: ${number(spot.incidents)} · ${number(spot.killed)} ${t("killed")}`;
    const shape =
      kind === "strike"
        ? svg("rect", { x: x - r * 0.85, y: y - r * 0.85, width: r * 1.7, height: r * 1.7, transform: `rotate(45 ${x} ${y})` })
        : svg("circle", { cx: x, cy: y, r });
    return svg("g", { class: `mark ${kind}${vague ? " vague" : ""}`, onclick: () => this.onSpot(spot) }, svg("title", {}, told), shape);
  }

  listen() {
    /** @type {{x: number, y: number}|null} */
    let held = null;
    this.canvas.addEventListener("pointerdown", (event) => {
      held = { x: event.clientX, y: event.clientY };
    });
    this.node.addEventListener("pointermove", (event) => {
      if (!held || !(event.buttons & 1)) return;
      this.move(event.clientX - held.x, event.clientY - held.y);
      held = { x: event.clientX, y: event.clientY };
    });
    this.node.addEventListener("wheel", (event) => {
      // Scrolling the page over the map must go on scrolling the page.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? STEP : 1 / STEP);
    }, { passive: false });
    this.node.addEventListener("keydown", (event) => {
      /** @type {Record<string, () => void>} */
      const acts = {
        ArrowLeft: () => this.move(60, 0), ArrowRight: () => this.move(-60, 0),
        ArrowUp: () => this.move(0, 60), ArrowDown: () => this.move(0, -60),
        "+": () => this.zoom(STEP), "=": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP), 0: () => this.fit(this.spots),
      };
      const act = acts[event.key];
      if (!act || event.target !== this.node) return;
      event.preventDefault();
      act();
    });
  }
}

/** @param {string} kind @param {string} d */
function line(kind, d) {
  return svg("path", { class: kind, d, "vector-effect": "non-scaling-stroke" });
}
