// The script of docs/capabilities.md in a page that is made of nothing but what the script uses; prints what it does.
//
// waiting_page.mjs log-summary.js

import { readFileSync } from "node:fs";

const script = readFileSync(process.argv[2], "utf8");

function page(answers) {
  const seen = { shown: [], looks: 0, streams: [], timers: new Set() };
  class EventSource {
    constructor(url) {
      Object.assign(this, { url, listeners: {}, open: true });
      seen.streams.push(this);
    }
    addEventListener(type, listener) { this.listeners[type] = listener; }
    close() { this.open = false; }
    send(type, data) { if (this.open) this.listeners[type]?.({ data: JSON.stringify(data) }); }
  }
  async function fetch(url) {
    if (url !== "?look=1") throw new Error(`asked for ${url}`);
    const body = answers[Math.min(seen.looks++, answers.length - 1)];
    if (body === "down") throw new TypeError("network");
    return { ok: true, json: async () => body };
  }
  const setTimeout = (run, ms) => { const timer = { run, ms }; seen.timers.add(timer); return timer; };
  const clearTimeout = (timer) => seen.timers.delete(timer);
  new Function("EventSource", "fetch", "setTimeout", "clearTimeout", `${script}; return waitForSummary`)(
    EventSource, fetch, setTimeout, clearTimeout)(6123456789, "/swf-monitor", (text) => seen.shown.push(text));
  return seen;
}

const settled = () => new Promise((resolve) => globalThis.setTimeout(resolve, 0));

async function tell(what, seen) {
  await settled();
  const stream = seen.streams[0];
  console.log(`${what}: shown ${JSON.stringify(seen.shown)}, looked ${seen.looks}, stream ${stream.open ? "open" : "closed"}, timers ${seen.timers.size}`);
}

let seen = page([{ last_error: "" }]);
console.log(seen.streams[0].url, [...seen.timers][0].ms);
await tell("at first", seen);
seen.streams[0].send("connected", {});
await tell("connected", seen);
seen.streams[0].send("log_summary_ready", { pandaid: "1", summary: "of another job" });
await tell("another job's event", seen);
seen.streams[0].send("log_summary_ready", { pandaid: "6123456789", summary: "3 lines" });
seen.streams[0].send("log_summary_failed", { pandaid: "6123456789", reason: "late" });
await tell("its event", seen);

seen = page([{ last_error: "" }]);
seen.streams[0].send("log_summary_failed", { pandaid: 6123456789, reason: "ERROR: no log" });
await tell("its failure", seen);

seen = page([{ summary: "there already" }]);
await tell("there at the first look", seen);

seen = page([{ last_error: "" }, { summary: "came before the stream" }]);
await settled();
seen.streams[0].send("connected", {});
await tell("there when the stream is open", seen);

seen = page(["down", { last_error: "ERROR: no log" }]);
await settled();
[...seen.timers][0].run();
await tell("the last look", seen);

seen = page([{ last_error: "" }]);
await settled();
[...seen.timers][0].run();
await tell("the last look, nothing known", seen);
