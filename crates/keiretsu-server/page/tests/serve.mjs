// A server for tests: started on a free port, ended by its own id.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
export const KEIRETSU = process.env.KEIRETSU ?? join(ROOT, "target/debug/keiretsu");
const EXAMPLES = process.env.EXAMPLES ?? join(ROOT, "examples");
const START_MS = 20_000;
const END_MS = 5_000;

export const example = (name) => join(EXAMPLES, name);

/** A copy of an example that a test may write to. */
export function copied(name) {
  const folder = mkdtempSync(join(tmpdir(), "keiretsu-page-"));
  cpSync(example(name), folder, { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Serves a model; `port` 0 takes a free one. */
export async function serve(model, options = [], port = 0) {
  const child = spawn(KEIRETSU, ["serve", model, "--port", String(port), ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, "line").then(([line]) => line);
  const ended = once(child, "exit").then(() => null);
  const late = new Promise((resolve) => setTimeout(resolve, START_MS, null).unref());
  const line = await Promise.race([first, ended, late]);
  const address = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line ?? "")?.[1];
  if (!address) {
    child.kill("SIGKILL");
    throw new Error(`serve printed "${line}" instead of its address`);
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGINT");
    const killed = setTimeout(() => child.kill("SIGKILL"), END_MS);
    await ended;
    clearTimeout(killed);
  };
  return { address, port: Number(new URL(address).port), stop };
}
