// What needs no browser: amounts as the command line words them, sums of sets, words with other amounts, and
// addresses of the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./build.mjs";

const amount = (value, bound = "=", unit = "USD", low = null, high = null) => ({
  value,
  bound,
  low,
  high,
  unit,
  state: value === null ? "unknown" : "known",
});

test("an amount is worded as the command line words it", async () => {
  const { inline, proved, inWords } = await load("data/amount.ts");
  // The cases of the tests of `crates/keiretsu-views/src/amount.rs`.
  const cases = [
    [8e9, "=", "USD", "$8B"],
    [13.8e9, "=", "USD", "$13.8B"],
    [1.254e6, "=", "USD", "$1.25M"],
    [1.2345e12, "=", "USD", "$1.23T"],
    [999.96e6, "=", "USD", "$1B"],
    [9500, "=", "USD", "$9.5k"],
    [-3.2e9, "=", "USD", "-$3.2B"],
    [12345e12, "=", "USD", "$12,345T"],
    [0, "≥", "USD", "≥$0"],
    [10.86e9, "≥", "USD", "≥$10.8B"],
    [10.83e9, "≤", "USD", "≤$10.9B"],
    [-10.83e9, "≥", "USD", "≥-$10.9B"],
    [10.86e9, null, "USD", "?$10.9B"],
    [0.1e9 + 0.2e9, "≥", "USD", "≥$300M"],
    [7.6923, "=", "x", "7.7x"],
    [1.04, "=", "x", "1.04x"],
    [0.0831, "=", "x", "0.083x"],
    [0.3333, "=", "fraction", "33.3%"],
    [6.1e-15, "=", "fraction", "<0.1%"],
    [6.1e-15, "≥", "fraction", "≥0%"],
    [1.25, "=", "GW", "1.25 GW"],
    [1, "=", "months", "1 month"],
    [35e9, "=", "USD/GW", "$35B/GW"],
    [30e9, "~", "USD/yr", "~$30B/yr"],
    [4e9, "=", "CHF/yr", "CHF 4B/yr"],
    [1234567, "=", "number", "1,234,567"],
    [3.416, "=", "number", "3.42"],
    [null, null, "USD", "unknown"],
  ];
  for (const [value, bound, unit, words] of cases) assert.equal(inline(amount(value, bound, unit)), words);
  const open = amount(28e9, null, "USD", 8e9, null);
  assert.equal(proved(open), "≥$8B");
  assert.equal(inWords(open), "$28B as read (at least $8B)");
  assert.equal(inline({ ...open, state: "none" }), "");
});

test("an unknown part opens a sum and is no zero", async () => {
  const { sum } = await load("data/sum.ts");
  const exact = (value) => amount(value, "=", "USD", value, value);
  // 5 + 3 = 8; with an undisclosed part at least 8; a part of at most 2 on top is no bound.
  assert.equal(sum([exact(5), exact(3)]).bound, "=");
  const undisclosed = amount(null, null, "USD", 0, null);
  assert.deepEqual([sum([exact(8), undisclosed]).value, sum([exact(8), undisclosed]).bound], [8, "≥"]);
  const upTo = amount(2, "≤", "USD", 0, 2);
  assert.equal(sum([exact(8), undisclosed, upTo]).bound, null);
  assert.equal(sum([undisclosed]).state, "unknown");
});

test("words keep all but their amounts when they are moved", async () => {
  const { scaled, factorOf } = await load("data/words.ts");
  const cases = [
    ["about $20B", "about $30B"],
    ["more than $100B over 10 years", "more than $150B over 10 years"],
    ["$135B to over $200B", "$203B to over $300B"],
    ["5 GW", "7.5 GW"],
    ["160M shares at $0.01", "240M shares at $0.01"],
    ["$600M/month", "$900M/month"],
    ["2026-04", "2026-04"],
    ["undisclosed", "undisclosed"],
  ];
  for (const [words, moved] of cases) assert.equal(scaled(words, 1.5), moved);
  assert.equal(factorOf("about $20B", "about $15B"), 0.75);
  assert.equal(factorOf("undisclosed", "$15B"), null);
});

test("an address of the page is readable and is read as it was written", async () => {
  const { read, write } = await load("data/place.ts");
  const address = "/cash?party=oracle&reading=firm&year=2028&openai_revenue.growth.2027=40%25";
  const place = read(new URL(address, "http://127.0.0.1"));
  assert.deepEqual(place.changes, [{ place: "openai_revenue.growth.2027", words: "40%" }]);
  assert.equal(write(place), address);
  const words = {
    screen: "what-if",
    params: {},
    changes: [{ place: "lab.cash", words: "about $8B + $1/yr & more" }],
  };
  assert.deepEqual(read(new URL(write(words), "http://127.0.0.1")), words);
});
