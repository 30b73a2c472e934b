// node peer.mjs PACKAGE: masks texts for bench. A line of JSON in, one out:
//   {"texts": […]} → {}
//   {"run": true} → {"ns": CPU time}
//   {"find": true} → {"masked": […]} with MARK for each value, or {"hidden": [[[start, end], …], …]} in code points
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const MARK = "\u241f";
const require = createRequire(import.meta.url);

const makers = {
  "redact-pii": () => {
    const redactor = new (require("redact-pii").SyncRedactor)({ globalReplaceWith: MARK });
    return (text) => redactor.redact(text);
  },
  "@redactpii/node": () => {
    const redactor = new (require("@redactpii/node").Redactor)({ globalReplaceWith: MARK });
    return (text) => redactor.redact(text);
  },
  openredaction: async () => {
    const { OpenRedaction } = await import("openredaction");
    const redactor = new OpenRedaction({ redactionMode: "placeholder" });
    return async (text, where) => {
      const { redacted, detections } = await redactor.detect(text);
      if (!where) return redacted;
      const codePoints = (units) => [...text.slice(0, units)].length;
      return detections.map(({ position: [start, end] }) => [codePoints(start), codePoints(end)]);
    };
  },
};

const mask = await makers[process.argv[2]]();

let texts = [];
for await (const line of createInterface({ input: process.stdin })) {
  const ask = JSON.parse(line);
  let answer = {};
  if (ask.texts) texts = ask.texts;
  if (ask.run) {
    const before = process.cpuUsage();
    for (const text of texts) {
      const out = mask(text);
      if (out instanceof Promise) await out;
    }
    const { user, system } = process.cpuUsage(before);
    answer = { ns: (user + system) * 1000 };
  }
  if (ask.find) {
    const found = [];
    for (const text of texts) found.push(await mask(text, true));
    answer = Array.isArray(found[0]) ? { hidden: found } : { masked: found };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
