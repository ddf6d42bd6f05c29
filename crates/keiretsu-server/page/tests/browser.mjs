// Pages in Chromium: what their console says is kept, and they are waited for until all is computed.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { inPage, SMALLEST } from "../../../keiretsu-testkit/browser/faults.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const READY_MS = 30_000;

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
    timeout: 30_000,
  });

/** Opens an address; gives the page and all that its console said. */
export async function open(browser, address, { width = 1200, height = 900, theme = "light" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(address);
  await ready(page);
  return { page, said, close: () => context.close() };
}

/** Until nothing waits, is stale, or is computed. */
export async function ready(page) {
  const isReady = () =>
    document.querySelector("main h1") !== null &&
    document.querySelector(".waiting, .stale, [aria-busy=true]") === null;
  await page.waitForFunction(isReady, null, { timeout: READY_MS });
  await page.waitForTimeout(120);
}

/** The window as high as the page, so that nothing is below it. */
export async function whole(page) {
  const size = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.min(height + 40, 16_000) });
  await page.waitForTimeout(80);
}

export const faults = (page) => page.evaluate(inPage, SMALLEST);

export async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.length}, first ${nodes[0].html.slice(0, 200)}`);
}
