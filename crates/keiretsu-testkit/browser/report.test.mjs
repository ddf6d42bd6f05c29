// Reports in Chromium: at three widths, light and dark, no text is cut, covered or too small, the console is
// silent, and axe finds nothing serious. A planted fault of each kind is found.
//
// node --test report.test.mjs, with KEIRETSU=path of the binary and EXAMPLES=folder of the examples.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { SMALLEST, inPage } from "./faults.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const KEIRETSU = process.env.KEIRETSU ?? "keiretsu";
const EXAMPLES = process.env.EXAMPLES ?? "examples";
const PICTURES = process.env.PICTURES;
const LIMIT = { timeout: 120_000 };

let browser;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "keiretsu-report-"));
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"], timeout: 30_000 });
  for (const example of ["three-clouds", "ai-web"]) {
    const report = ["report", join(EXAMPLES, example), "-o", reportOf(example)];
    execFileSync(KEIRETSU, report, { timeout: 60_000, stdio: "ignore" });
  }
}, LIMIT);

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const reportOf = (example) => join(folder, `${example}.html`);

async function open(address, width, colorScheme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const messages = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== address) messages.push(`fetches ${request.url()}`);
  });
  await page.goto(address);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(height + 50, 30_000) });
  return { context, page, messages };
}

async function serious(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.length}, first ${nodes[0].html.slice(0, 160)}`);
}

for (const example of ["three-clouds", "ai-web"]) {
  for (const width of [420, 1200, 1600]) {
    for (const theme of ["light", "dark"]) {
      test(`${example} at ${width} px, ${theme}`, LIMIT, async () => {
        const { context, page, messages } = await open(pathToFileURL(reportOf(example)).href, width, theme);
        if (PICTURES) await page.screenshot({ path: join(PICTURES, `${example}.${width}.${theme}.png`) });
        if (PICTURES && `${example} ${width} ${theme}` === "three-clouds 1200 light") {
          await page.screenshot({ path: join(PICTURES, "report.png"), clip: { x: 0, y: 0, width, height: 660 } });
        }
        const faults = await page.evaluate(inPage, SMALLEST);
        assert.deepEqual(faults.slice(0, 20), []);
        assert.deepEqual(await serious(page), []);
        assert.deepEqual(messages, []);
        await context.close();
      });
    }
  }
}

// A4 less its margins, in CSS pixels: upright, and across for the web.
const PAPER = { upright: { width: 703, height: 1017 }, across: { width: 1031, height: 687 } };
// Six points.
const SMALLEST_ON_PAPER = 7.5;

for (const example of ["three-clouds", "ai-web"]) {
  for (const [turned, size] of Object.entries(PAPER)) {
    test(`${example} on paper, ${turned}`, LIMIT, async () => {
      const context = await browser.newContext({ viewport: size, colorScheme: "dark" });
      const page = await context.newPage();
      await page.emulateMedia({ media: "print" });
      await page.goto(pathToFileURL(reportOf(example)).href);
      // The sections that are printed this way round.
      await page.evaluate((across) => {
        for (const section of document.querySelectorAll("main section")) {
          if ((section.querySelector(":scope > h2")?.id === "web") !== across) section.remove();
        }
      }, turned === "across");
      const split = await page.evaluate((most) => {
        const whole = document.querySelectorAll("figure, .panels > *, .grid > *, .pair, .told, tr");
        const long = [...whole].filter((one) => one.getBoundingClientRect().height > most);
        return long.map((one) => `${one.tagName}.${one.className} is longer than a page`);
      }, size.height);
      assert.deepEqual(split, []);
      const faults = await page.evaluate(inPage, SMALLEST_ON_PAPER);
      assert.deepEqual(faults.slice(0, 20), []);
      const hidden = await page.locator("details.same").first().isVisible();
      assert.equal(hidden, false, "a table that says what its chart says is not printed");
      await context.close();
    });
  }
}

test("a number leads to its contract, that to its figures, and these to a document", LIMIT, async () => {
  const { context, page } = await open(pathToFileURL(reportOf("three-clouds")).href, 1200, "light");
  const follow = async (from) => {
    const link = page.locator(from).first();
    const target = await link.getAttribute("href");
    await link.evaluate((element) => element.click());
    const row = page.locator(`[id="${target.slice(1)}"]`);
    assert.ok(await row.isVisible(), `${target} is shown`);
    return `[id="${target.slice(1)}"]`;
  };
  const tie = await follow(".pair .words a");
  const contract = await follow(`${tie} a[href^="#contract-"]`);
  const figure = await follow(`${contract} a[href^="#figure-"]`);
  await follow(`${figure} a[href^="#source-"]`);
  await context.close();
});

test("planted faults are found", LIMIT, async () => {
  const context = await browser.newContext({ viewport: { width: 400, height: 600 } });
  const page = await context.newPage();
  const plain = "<p style='font-size:14px'>fine</p>";
  const faults = async (html) => {
    await page.setContent(`<body>${html}</body>`);
    return page.evaluate(inPage, SMALLEST);
  };
  assert.deepEqual(await faults(plain), []);
  assert.match((await faults("<p style='font-size:8px'>small</p>")).join(), /8\.0 px high/);
  assert.match((await faults("<p style='white-space:nowrap;overflow:hidden;width:40px'>a long line</p>")).join(), /is cut/);
  assert.match((await faults("<p style='width:900px;text-align:right'>far</p>")).join(), /leaves the page/);
  const over = "<p style='position:absolute;top:20px;left:9px'>one word</p>";
  assert.match((await faults(over + over.replace("one", "other"))).join(), /covers/);
  const lid = "<div style='position:absolute;inset:0;background:red'></div>";
  assert.match((await faults(plain + lid)).join(), /is covered by div/);
  await context.close();
});
