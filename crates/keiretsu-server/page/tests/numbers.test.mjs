// Numbers on the page are the numbers of the command line: 200 of three-clouds, drawn with a fixed seed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launch, open } from "./browser.mjs";
import { example, KEIRETSU, serve } from "./serve.mjs";

const run = promisify(execFile);
const LIMIT = { timeout: 240_000 };
const SAMPLE = 200;
const PATHS = ["/", "/web?party=anthropic", "/circularity", "/exposure", "/outcomes"];
/** What the screen of outcomes runs unless told otherwise. */
const PATHS_RUN = { paths: { count: 1000 } };
let browser;
let server;

before(async () => {
  browser = await launch();
  server = await serve(example("three-clouds"));
}, LIMIT);
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Numbers that stand in tables: as read, behind their mark. */
const inTables = () =>
  [...document.querySelectorAll("td [data-address]")].map((each) => [
    each.dataset.address,
    each.textContent.trim(),
  ]);

async function shown() {
  const found = new Map();
  for (const path of PATHS) {
    const { page, close } = await open(browser, server.address + path);
    for (const button of await page.getByRole("button", { name: "Table", exact: true }).all())
      await button.click();
    // Each button goes away with its click.
    const more = page.getByRole("button", { name: /^All \d+ rows$/ });
    while ((await more.count()) > 0) await more.first().click();
    for (const [address, words] of await page.evaluate(inTables))
      found.set(address, { words, paths: path === "/outcomes" ? PATHS_RUN : {} });
    await close();
  }
  // What moves a number most explains that number, and has no explanation of its own.
  const isOwn = ([address]) => !/^(returns\(at-end|sensitivity\()/.test(address);
  return [...found].filter(isOwn);
}

test("200 numbers of the page are those that the command line prints", LIMIT, async () => {
  const all = await shown();
  assert.ok(all.length >= SAMPLE, `the page shows ${all.length} numbers in tables`);
  const step = all.length / SAMPLE;
  const sample = Array.from({ length: SAMPLE }, (_, at) => all[Math.floor(at * step)]);
  const wrong = [];
  const check = async ([address, { words, paths }]) => {
    const asked = run(KEIRETSU, ["measure", example("three-clouds"), "--question", "-", "--all"], {
      timeout: 60_000,
    });
    asked.child.stdin.end(JSON.stringify({ ask: "number", of: [address], ...paths }));
    const { stdout } = await asked;
    const [first] = stdout.split("\n\n").filter((part) => part.includes("───"));
    const lines = first.split("\n").map((line) => line.trimEnd());
    if (!lines.some((line) => line.endsWith(`  ${words}`)))
      wrong.push(`${address}: ${words} not in ${first}`);
  };
  for (let at = 0; at < SAMPLE; at += 2) await Promise.all(sample.slice(at, at + 2).map(check));
  assert.deepEqual(wrong.slice(0, 5), []);
});
