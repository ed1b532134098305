// @ts-check
// The timeline with its brush, and tallies as steps.

import { el, replace, svg } from "./dom.js";
import { arrow, day, figure, isolated, listed, month, number, shortDay, t } from "./words.js";

/** @typedef {{day: string, incidents: number, killed: number, injured: number}} Day */
/** @typedef {{from: number, incidents: number, killed: number, injured: number}} Bin */

const DAY = 86_400_000;
const UPPER = 64;
const LOWER = 44;
const AXIS = 16;
const MOST_BINS = 110;

/** @param {Day[]} days @returns {{bins: Bin[], width: number, per: string}} */
export function binned(days) {
  if (!days.length) return { bins: [], width: DAY, per: "per_day" };
  const first = Date.parse(days[0]?.day ?? "");
  const last = Date.parse(days[days.length - 1]?.day ?? "");
  const count = (last - first) / DAY + 1;
  const [width, per] = count <= MOST_BINS ? [DAY, "per_day"] : count <= MOST_BINS * 7 ? [7 * DAY, "per_week"] : [30 * DAY, "per_month"];
  const total = Math.max(Math.floor((last - first) / width) + 1, 1);
  const bins = Array.from({ length: total }, (_, n) => ({ from: first + n * width, incidents: 0, killed: 0, injured: 0 }));
  for (const one of days) {
    const bin = bins[Math.floor((Date.parse(one.day) - first) / width)];
    if (!bin) continue;
    bin.incidents += one.incidents;
    bin.killed += one.killed;
    bin.injured += one.injured;
  }
  return { bins, width, per };
}

export class Timeline {
  /** @param {(since: string, until: string) => void} onBrush */
  constructor(onBrush) {
    this.onBrush = onBrush;
    /** @type {Day[]} */
    this.days = [];
    this.note = el("p", { class: "note" });
    this.chart = svg("svg", { class: "timeline", role: "img", height: UPPER + LOWER + AXIS });
    this.node = el("figure", { class: "chart" }, this.chart, this.note);
    new ResizeObserver(() => this.draw()).observe(this.node);
  }

  /** @param {{days: Day[], incidents: number, complete: boolean}} summary */
  show(summary) {
    this.days = summary.days;
    this.count = summary.incidents;
    this.complete = summary.complete;
    this.draw();
  }

  draw() {
    const width = this.node.clientWidth;
    if (!width) return;
    const { bins, width: span, per } = binned(this.days);
    this.chart.setAttribute("viewBox", `0 0 ${width} ${UPPER + LOWER + AXIS}`);
    this.chart.setAttribute("width", String(width));
    const most = Math.max(1, ...bins.map((b) => b.incidents));
    const worst = Math.max(1, ...bins.map((b) => b.killed + b.injured));
    const step = width / Math.max(bins.length, 14);
    const rects = bins.flatMap((bin, n) => bars(bin, n * step, Math.max(step - 1.5, 1), most, worst));
    const scale = (/** @type {number} */ y, /** @type {string} */ words) => svg("text", { x: width, y, class: "scale end" }, isolated(words));
    replace(
      this.chart,
      svg("line", { x1: 0, x2: width, y1: UPPER, y2: UPPER, class: "axis" }),
      ...rects,
      ...this.labels(bins, step, per === "per_day" ? shortDay : month),
      scale(9, t("up_to", { x: `${t("incidents")} ${t(per)}`, n: number(most) })),
      scale(UPPER + LOWER - 2, t("up_to", { x: listed([t("killed"), t("injured")]), n: number(worst) })),
      this.brush(bins, step, span),
    );
    const a = this.days[0]?.day;
    const b = this.days[this.days.length - 1]?.day;
    const about = a && b ? t("timeline_about", { n: number(this.count ?? 0), a: day(a), b: day(b) }) : t("nothing");
    this.chart.setAttribute("aria-label", about);
    replace(this.note, this.complete === false ? t("newest_only", { n: number(this.count ?? 0) }) : null);
  }

  /** @param {Bin[]} bins @param {number} step @param {(iso: string) => string} written */
  labels(bins, step, written) {
    const every = Math.max(Math.ceil(74 / step), 1);
    return bins
      .map((bin, n) => ({ bin, n }))
      .filter(({ n }) => n % every === 0 && (n + every / 2) * step < this.node.clientWidth)
      .map(({ bin, n }) => svg("text", { x: n * step, y: UPPER + LOWER + AXIS - 3, class: "scale" }, isolated(written(new Date(bin.from).toISOString()))));
  }

  /** The part that is dragged over to choose days. @param {Bin[]} bins @param {number} step @param {number} span */
  brush(bins, step, span) {
    const chosen = svg("rect", { class: "chosen", y: 0, height: UPPER + LOWER, x: 0, width: 0 });
    const pad = svg("rect", { class: "pad", x: 0, y: 0, width: "100%", height: UPPER + LOWER });
    let start = -1;
    const at = (/** @type {PointerEvent} */ event) => {
      const box = this.chart.getBoundingClientRect();
      return Math.min(Math.max(Math.floor((event.clientX - box.left) / step), 0), bins.length - 1);
    };
    const mark = (/** @type {number} */ end) => {
      chosen.setAttribute("x", String(Math.min(start, end) * step));
      chosen.setAttribute("width", String((Math.abs(end - start) + 1) * step));
    };
    pad.addEventListener("pointerdown", (event) => {
      if (!bins.length) return;
      pad.setPointerCapture(event.pointerId);
      start = at(event);
      mark(start);
    });
    pad.addEventListener("pointermove", (event) => {
      if (start >= 0) mark(at(event));
    });
    pad.addEventListener("pointerup", (event) => {
      if (start < 0) return;
      const [from, to] = [start, at(event)].sort((a, b) => a - b);
      start = -1;
      const iso = (/** @type {number} */ ms) => new Date(ms).toISOString().slice(0, 10);
      const first = bins[from ?? 0];
      const last = bins[to ?? 0];
      if (first && last) this.onBrush(iso(first.from), iso(last.from + span));
    });
    return svg("g", {}, chosen, pad);
  }
}

/** @param {Bin} bin @param {number} x @param {number} width @param {number} most @param {number} worst */
function bars(bin, x, width, most, worst) {
  const up = (bin.incidents / most) * (UPPER - 14);
  const killed = (bin.killed / worst) * (LOWER - 12);
  const injured = (bin.injured / worst) * (LOWER - 12);
  const bar = (/** @type {string} */ kind, /** @type {number} */ y, /** @type {number} */ height) => svg("rect", { class: kind, x, y, width, height });
  return [
    bar("bar", UPPER - up, up),
    bar("bar killed", UPPER + 1, killed),
    bar("bar injured", UPPER + 1 + killed, injured),
  ].filter((node) => Number(node.getAttribute("height")) > 0);
}

/** @typedef {{at: string, value: import("./words.js").Count, source: string, url: string|null}} TallyPoint */

/** A tally as steps: each value holds until the next one is told. @param {TallyPoint[]} points @param {string} about */
export function steps(points, about) {
  const [width, height, pad, top] = [320, 96, 8, 18];
  const told = points.map((point) => point.value.best ?? point.value.low ?? 0);
  const times = points.map((point) => Date.parse(point.at));
  const [first, last] = [times[0] ?? 0, times[times.length - 1] ?? 0];
  const most = Math.max(1, ...told);
  const x = (/** @type {number} */ n) => pad + (last === first ? 0.5 : ((times[n] ?? 0) - first) / (last - first)) * (width - 60 - pad);
  const y = (/** @type {number} */ n) => height - 16 - ((told[n] ?? 0) / most) * (height - 16 - top);
  let d = "";
  points.forEach((_, n) => {
    d += n ? `H${x(n).toFixed(1)}V${y(n).toFixed(1)}` : `M${x(0).toFixed(1)},${y(0).toFixed(1)}`;
  });
  const dots = points.map((point, n) =>
    svg("g", {}, svg("title", {}, `${figure(point.value)} · ${point.source} · ${shortDay(point.at)}`), svg("circle", { cx: x(n), cy: y(n), r: 3 })),
  );
  const labels = points
    .map((point, n) => ({ point, n }))
    .filter(({ n }) => n === 0 || n === points.length - 1 || told[n] !== told[n - 1])
    .slice(-6)
    .map(({ point, n }) => svg("text", { x: x(n), y: y(n) - 7, class: "value" }, figure(point.value)));
  return svg(
    "svg",
    { class: "steps", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${about}: ${points.map((p) => figure(p.value)).join(` ${arrow()} `)}` },
    svg("line", { x1: 0, x2: width, y1: height - 16, y2: height - 16, class: "axis" }),
    svg("path", { d: `${d}H${width}` }),
    ...dots,
    ...labels,
    svg("text", { x: pad, y: height - 3, class: "scale" }, points[0] ? isolated(shortDay(points[0].at)) : ""),
    svg("text", { x: width - 4, y: height - 3, class: "scale end" }, points.length > 1 ? isolated(shortDay(points[points.length - 1]?.at ?? "")) : ""),
  );
}
