// The page without a pointer: keys lead to each screen, numbers to their proof and back, sliders move.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, ready } from "./browser.mjs";
import { example, serve } from "./serve.mjs";

const LIMIT = { timeout: 120_000 };
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

test("digits lead to the screens, and ? lists the keys", LIMIT, async () => {
  const { page, close } = await open(browser, server.address);
  const paths = [
    "/",
    "/web",
    "/cash",
    "/compare",
    "/circularity",
    "/exposure",
    "/outcomes",
    "/what-if",
    "/text",
  ];
  for (const [at, path] of paths.entries()) {
    await page.keyboard.press(String(at + 1));
    await page.waitForURL((url) => url.pathname === path);
    await ready(page);
    // Letters are text in the editor; a reader leaves it by its own link.
    await page.evaluate(() => document.activeElement?.blur());
  }
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await close();
});

test(
  "a number is reached by Tab, opens its proof with Enter, and has the focus again after Escape",
  LIMIT,
  async () => {
    const { page, close } = await open(browser, server.address);
    const address = () => page.evaluate(() => document.activeElement?.getAttribute("data-address"));
    for (let presses = 0; presses < 40 && !(await address()); presses++) await page.keyboard.press("Tab");
    const reached = await address();
    assert.ok(reached, "a number is within 40 steps");
    await page.keyboard.press("Enter");
    const proof = page.getByRole("complementary", { name: "Proof" });
    await proof
      .getByText(/Amounts, if each|Dates, shapes/)
      .first()
      .waitFor();
    assert.ok((await proof.innerText()).includes(reached));
    assert.ok(new URL(page.url()).searchParams.get("why"), "the proof is in the address");
    await page.keyboard.press("Escape");
    await proof.waitFor({ state: "detached" });
    assert.equal(await address(), reached);
    await close();
  },
);

test("an arrow moves a slider, z undoes it, b goes back to base", LIMIT, async () => {
  const { page, close } = await open(browser, `${server.address}/what-if?words=anthropic.cash`);
  const slider = page.getByRole("slider").first();
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(/anthropic\.cash=/);
  await ready(page);
  assert.match(await page.locator("main h1").innerText(), /move/);
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("z");
  await page.waitForURL((url) => !url.search.includes("anthropic.cash=about"));
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  await page.waitForURL(/anthropic\.cash=about/);
  await page.keyboard.press("b");
  await page.waitForURL((url) => !url.search.includes("anthropic.cash=about"));
  await close();
});

test("each control has a visible focus", LIMIT, async () => {
  const { page, close } = await open(browser, `${server.address}/web`);
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Tab");
    const isSeen = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0;
    });
    assert.ok(isSeen, `step ${presses + 1}`);
  }
  await close();
});
