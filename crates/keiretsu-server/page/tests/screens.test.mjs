// Every screen, at three widths, light and dark: nothing cut, covered or too small, nothing that axe finds, and
// a silent console, which also says that no style or script of the page needs a looser policy.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { faults, launch, open, violations, whole } from "./browser.mjs";
import { example, serve } from "./serve.mjs";
import { write } from "./webs.mjs";

const PATHS = [
  "/",
  "/web",
  "/web?view=matrix",
  "/web?view=ego",
  "/cash",
  "/compare",
  "/circularity",
  "/exposure",
  "/outcomes",
  "/what-if",
  "/text",
];
const PICTURES = process.env.PICTURES;
const LIMIT = { timeout: 240_000 };
const folder = mkdtempSync(join(tmpdir(), "keiretsu-web-"));
let browser;

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function looked(server, name, path, width, theme) {
  const { page, said, close } = await open(browser, server.address + path, { width, theme });
  const found = [];
  const say = (kind, list) =>
    found.push(...list.slice(0, 5).map((each) => `${name}${path} ${width} ${theme} ${kind}: ${each}`));
  say("axe", await violations(page));
  await whole(page);
  say("seen", await faults(page));
  say("console", said);
  const file = `${name}${path.replace(/[^a-z]+/g, "-")}.${width}.${theme}.png`;
  if (PICTURES) await page.screenshot({ path: join(PICTURES, file) });
  await close();
  return found;
}

for (const name of ["three-clouds", "ai-web"]) {
  test(`${name}: each screen at three widths in two themes`, LIMIT, async () => {
    const server = await serve(example(name));
    try {
      const found = [];
      for (const path of PATHS) {
        for (const [width, theme] of [
          [420, "dark"],
          [420, "light"],
          [1200, "light"],
          [1200, "dark"],
          [1600, "light"],
          [1600, "dark"],
        ]) {
          found.push(...(await looked(server, name, path, width, theme)));
        }
      }
      assert.deepEqual(found, []);
    } finally {
      await server.stop();
    }
  });
}

test(
  "100 parties and 500 contracts: each screen is readable, and the web is drawn in a second",
  LIMIT,
  async () => {
    write(folder, 100, 500);
    const server = await serve(folder);
    try {
      const found = [];
      for (const path of PATHS) found.push(...(await looked(server, "many", path, 1600, "light")));
      found.push(...(await looked(server, "many", "/web", 420, "dark")));
      assert.deepEqual(found, []);
      const { page, close } = await open(browser, `${server.address}/web?view=columns`, { width: 1600 });
      const lines = await page.locator("svg.drawing g[data-from]").count();
      assert.equal(lines, 60, "the 60 largest lines are drawn");
      assert.match(await page.locator("main").innerText(), /lines under .* are not drawn here/);
      await close();
    } finally {
      await server.stop();
    }
  },
);
