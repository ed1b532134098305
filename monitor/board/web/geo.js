// @ts-check
// Outlines and projection: Web Mercator on a square of 1000, cut off where it grows without bound.

export const SIZE = 1000;
const FARTHEST = 84;

/** @param {number} lon @param {number} lat @returns {[number, number]} */
export function project(lon, lat) {
  const bounded = Math.max(-FARTHEST, Math.min(FARTHEST, lat)) * (Math.PI / 180);
  const y = Math.log(Math.tan(Math.PI / 4 + bounded / 2));
  return [((lon + 180) / 360) * SIZE, SIZE / 2 - (y / (2 * Math.PI)) * SIZE];
}

/** @typedef {{scale: number[], origin: number[], lines: string[]}} Grid Lines in whole steps from an origin. */
/** @typedef {Grid & {rings: number[][], coast: number[], border: number[], disputed: number[]}} Outlines */

/** Undo the encoded polyline that `monitor.board.outlines.encode` writes. @param {string} text */
function steps(text) {
  /** @type {number[]} */
  const found = [];
  let value = 0;
  let shift = 0;
  for (let n = 0; n < text.length; n += 1) {
    const bits = text.charCodeAt(n) - 63;
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits < 32) {
      found.push(value & 1 ? ~(value >> 1) : value >> 1);
      value = 0;
      shift = 0;
    }
  }
  return found;
}

/** @param {Grid} world @param {string} text @returns {[number, number][]} */
function points(world, text) {
  const [sx = 1, sy = 1] = world.scale;
  const [ox = 0, oy = 0] = world.origin;
  const read = steps(text);
  /** @type {[number, number][]} */
  const found = [];
  let x = 0;
  let y = 0;
  for (let n = 0; n < read.length; n += 2) {
    x += read[n] ?? 0;
    y += read[n + 1] ?? 0;
    found.push(project(x * sx + ox, y * sy + oy));
  }
  return found;
}

/** What crosses the edge of the map goes on beyond it, and does not jump to the other side. @param {[number, number][]} line */
function drawn(line) {
  let beyond = 0;
  let before = line[0]?.[0] ?? 0;
  return line
    .map(([x, y], n) => {
      if (x - before > SIZE / 2) beyond -= SIZE;
      if (before - x > SIZE / 2) beyond += SIZE;
      before = x;
      return `${n ? "L" : "M"}${(x + beyond).toFixed(2)},${y.toFixed(2)}`;
    })
    .join("");
}

/** The path of lines that belong to nothing. @param {Grid} grid */
export function path(grid) {
  return grid.lines.map((text) => drawn(points(grid, text))).join("");
}

/** The paths of land, borders and disputed borders. @param {Outlines} world */
export function paths(world) {
  const lines = world.lines.map((text) => points(world, text));
  const own = (/** @type {number} */ n) => (n >= 0 ? lines[n] ?? [] : [...(lines[~n] ?? [])].reverse());
  const land = world.rings.map((ring) => `${drawn(ring.flatMap(own))}Z`).join("");
  const several = (/** @type {number[]} */ numbers) => numbers.map((n) => drawn(own(n))).join("");
  return { land, border: several(world.border), disputed: several(world.disputed) };
}
