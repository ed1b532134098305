// @ts-check
// Asks the API, and listens to what changes. The token stays in this tab.

const TOKEN = "board-token";

/** An answer that is a problem (RFC 9457). */
export class Problem extends Error {
  /** @param {number} status @param {string} detail @param {string} reason */
  constructor(status, detail, reason) {
    super(detail || String(status));
    this.status = status;
    this.reason = reason;
  }
}

export function token() {
  return sessionStorage.getItem(TOKEN);
}

/** Ends the pause between two attempts to listen. */
let listenAgain = () => {};
addEventListener("online", () => listenAgain());

/** @param {string|null} value */
export function setToken(value) {
  if (value) sessionStorage.setItem(TOKEN, value);
  else sessionStorage.removeItem(TOKEN);
  listenAgain();
}

/** @returns {Record<string, string>} */
function identity() {
  const held = token();
  return held ? { Authorization: `Bearer ${held}` } : {};
}

/** @param {Response} answer */
async function told(answer) {
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, body.detail ?? answer.statusText, body.reason ?? "");
  return body;
}

/** @param {string} path @param {URLSearchParams} [query] */
export async function get(path, query) {
  const asked = query && String(query) ? `${path}?${query}` : path;
  return told(await fetch(asked, { headers: identity() }));
}

/** @param {string} path @param {object} body */
export async function post(path, body) {
  const headers = { "Content-Type": "application/json", ...identity() };
  return told(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

const AGAIN_MS = 2000;
const SLOWEST_MS = 30000;
/** The server says something every 15 s; one that is silent for longer has gone without a word. */
const SILENT_MS = 40000;

/**
 * Listen for ever; come back after a break with what was last heard. `EventSource` could not send the token.
 * @param {(name: string, data: any) => void} onEvent
 * @param {(open: boolean) => void} onState
 */
export async function listen(onEvent, onState) {
  let last = "";
  let pause = AGAIN_MS;
  for (;;) {
    const ended = new AbortController();
    try {
      /** @type {Record<string, string>} */
      const headers = last ? { ...identity(), "Last-Event-ID": last } : identity();
      const answer = await fetch("/api/stream", { headers, cache: "no-store", signal: ended.signal });
      if (!answer.ok || !answer.body) throw new Problem(answer.status, "", "");
      onState(true);
      pause = AGAIN_MS;
      for await (const event of events(answer.body, () => ended.abort())) {
        last = event.id || last;
        onEvent(event.name, JSON.parse(event.data));
      }
    } catch {
      pause = Math.min(pause * 2, SLOWEST_MS);
    }
    onState(false);
    await new Promise((resolve) => {
      listenAgain = () => resolve(undefined);
      setTimeout(resolve, pause);
    });
  }
}

/** @param {ReadableStream<Uint8Array>} body @param {() => void} end What ends a stream that has fallen silent. */
async function* events(body, end) {
  const reader = body.getReader();
  const text = new TextDecoder();
  let rest = "";
  for (;;) {
    const waiting = setTimeout(end, SILENT_MS);
    const { value, done } = await reader.read().finally(() => clearTimeout(waiting));
    if (done) return;
    const pieces = (rest + text.decode(value, { stream: true })).split("\n\n");
    rest = pieces.pop() ?? "";
    for (const piece of pieces) {
      const event = { name: "", id: "", data: "" };
      for (const line of piece.split("\n")) {
        if (line.startsWith("event: ")) event.name = line.slice(7);
        else if (line.startsWith("id: ")) event.id = line.slice(4);
        else if (line.startsWith("data: ")) event.data += line.slice(6);
      }
      if (event.name) yield event;
    }
  }
}
