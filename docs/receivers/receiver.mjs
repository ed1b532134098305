// Receive alerts and verify them: Node.js, no packages. WEBHOOK_SECRET and PORT come from the environment.
// Answer 2xx as soon as the alert is safe with you; do slow work afterwards. The same webhook-id may come again.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const TOLERANCE_S = 300;
const MAX_BODY_BYTES = 1_000_000;
const seen = new Set(); // Keep these in your database: an alert may come again after a restart.

function isSigned(headers, body, secret, nowS) {
  const id = headers["webhook-id"] ?? "";
  const stamp = headers["webhook-timestamp"] ?? "";
  if (!/^\d+$/.test(stamp) || Math.abs(nowS - Number(stamp)) > TOLERANCE_S) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${stamp}.`).update(body).digest();
  return (headers["webhook-signature"] ?? "").split(" ").some((signature) => {
    const [version, value] = signature.split(",");
    const given = Buffer.from(value ?? "", "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

createServer((request, response) => {
  const parts = [];
  let size = 0;
  request.on("data", (part) => {
    size += part.length;
    if (size > MAX_BODY_BYTES) request.destroy();
    parts.push(part);
  });
  request.on("end", () => {
    const body = Buffer.concat(parts);
    if (!isSigned(request.headers, body, process.env.WEBHOOK_SECRET, Date.now() / 1000)) {
      return response.writeHead(401).end();
    }
    const id = request.headers["webhook-id"];
    if (!seen.has(id)) {
      seen.add(id);
      const event = JSON.parse(body);
      console.log(event.type, event.data.headline);
    }
    return response.writeHead(204).end();
  });
}).listen(Number(process.env.PORT ?? 8099), "127.0.0.1");
