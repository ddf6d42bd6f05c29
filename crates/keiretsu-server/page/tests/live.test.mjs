// The text changes under the page: numbers follow without a reload, a broken text keeps the last numbers, and a
// server that comes back finds the page where it was.

import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, ready } from "./browser.mjs";
import { copied, serve } from "./serve.mjs";

const LIMIT = { timeout: 120_000 };
let browser;

before(async () => {
  browser = await launch();
}, LIMIT);
after(() => browser?.close());

/** A served copy of the example, with one of its files to write to. */
async function live(options, run) {
  const model = copied("three-clouds");
  const server = await serve(model.folder, options);
  const file = join(model.folder, "deals", "amazon.toml");
  try {
    await run({ server, file, folder: model.folder });
  } finally {
    await server.stop();
    model.remove();
  }
}

/** As editors write: another file, then a rename. */
function replace(file, from, to) {
  const text = readFileSync(file, "utf8");
  assert.ok(text.includes(from), `${file} says ${from}`);
  writeFileSync(`${file}.new`, text.replace(from, to));
  renameSync(`${file}.new`, file);
}

test("a file edited on disk shows without a reload", LIMIT, () =>
  live([], async ({ server, file }) => {
    const { page, close } = await open(browser, server.address);
    const findings = page.getByRole("region", { name: "Findings" });
    const paid = page.locator('td [data-address="compare(sides, money-put-in-paid, amazon, value)"]');
    assert.equal(await paid.innerText(), "$8B");
    await page.evaluate(() => {
      window.isSame = true;
    });
    replace(file, '"$8B"', '"$9B"');
    await page.waitForFunction(
      () =>
        document.querySelector('td [data-address="compare(sides, money-put-in-paid, amazon, value)"]')
          ?.textContent === "$9B",
      null,
      { timeout: 20_000 },
    );
    assert.ok(await page.evaluate(() => window.isSame), "the page was not loaded anew");
    assert.ok(await findings.isVisible());
    await close();
  }),
);

test("a broken text shows its errors in place and keeps the last numbers, marked", LIMIT, () =>
  live([], async ({ server, file }) => {
    const { page, close } = await open(browser, server.address);
    replace(file, '"$8B"', '"$8Q"');
    const banner = page.locator(".banners").getByText(/1 error in the text/);
    await banner.waitFor({ timeout: 20_000 });
    assert.match(
      await page.locator(".banners").innerText(),
      /numbers are those of the last text without errors/,
    );
    const paid = page.locator('td [data-address="compare(sides, money-put-in-paid, amazon, value)"]');
    assert.equal(await paid.innerText(), "$8B");
    await page.locator(".banners a").first().click();
    await page.waitForURL(/\/text/);
    await page.locator(".cm-lintRange-error").first().waitFor();
    assert.match(await page.locator(".cm-lintRange-error").first().innerText(), /8Q/);
    replace(file, '"$8Q"', '"$8B"');
    await banner.waitFor({ state: "detached", timeout: 20_000 });
    await close();
  }),
);

test("a server killed and started again finds the page as it was", LIMIT, async () => {
  const model = copied("three-clouds");
  const first = await serve(model.folder);
  try {
    const { page, close } = await open(browser, `${first.address}/cash?party=anthropic&reading=firm`);
    await first.stop();
    await page.getByText("Reconnecting.").waitFor({ timeout: 20_000 });
    const second = await serve(model.folder, [], first.port);
    try {
      await page.getByText("Reconnecting.").waitFor({ state: "detached", timeout: 20_000 });
      assert.match(page.url(), /\/cash\?party=anthropic&reading=firm$/);
      await ready(page);
      await page.keyboard.press("5");
      await page.getByRole("heading", { name: /Of all that a party sends/ }).waitFor({ timeout: 20_000 });
      await close();
    } finally {
      await second.stop();
    }
  } finally {
    await first.stop();
    model.remove();
  }
});

test("an edit on the page changes the file and nothing else of it", LIMIT, () =>
  live(["--edit"], async ({ server, file }) => {
    const before = readFileSync(file, "utf8");
    const { page, close } = await open(browser, `${server.address}/text?file=deals/amazon.toml`);
    const line = page.locator(".cm-line", { hasText: '"$8B"' }).first();
    await line.click();
    await page.keyboard.press("End");
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press("Backspace");
    await page.keyboard.type('9B"');
    await page.getByText("Not saved.").waitFor();
    await page.keyboard.press("Control+s");
    await page.getByText("is written.").waitFor({ timeout: 20_000 });
    assert.equal(readFileSync(file, "utf8"), before.replace('"$8B"', '"$9B"'));
    await close();
  }),
);

test("a file that was changed meanwhile is not written over", LIMIT, () =>
  live(["--edit"], async ({ server, file }) => {
    const { page, close } = await open(browser, `${server.address}/text?file=deals/amazon.toml`);
    await page.locator(".cm-line").first().click();
    await page.keyboard.type("# mine ");
    await page.getByText("Not saved.").waitFor();
    replace(file, '"$8B"', '"$9B"');
    await page.getByText(/changed on disk meanwhile/).waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: /Save/ }).click();
    await page
      .locator(".bad", { hasText: /changed|meanwhile/ })
      .first()
      .waitFor();
    assert.ok(!readFileSync(file, "utf8").includes("# mine"));
    await close();
  }),
);
