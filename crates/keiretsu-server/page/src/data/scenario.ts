// Statements in other words as a scenario of a model, to copy. What a scenario cannot say is a comment.

import type { Change, Model } from "./wire.ts";
import { factorOf } from "./words.ts";

export function toml(name: string, changes: Change[], model: Model): string {
  const kinds = new Map(model.names.map((each) => [each.name, each.kind]));
  const base = new Map(model.sliders.map((slider) => [slider.place, slider.words]));
  const set: string[] = [];
  const scale: string[] = [];
  const beyond: string[] = [];
  for (const { place, words } of changes) {
    const head = place.split(".")[0] ?? "";
    const factor = factorOf(base.get(place) ?? "", words);
    if (kinds.get(head) !== "factor") set.push(`"${place}" = ${quoted(words)}`);
    else if (place === `${head}.start` && factor !== null) scale.push(`${head} = "${percent(factor)}"`);
    else beyond.push(`# ${place} = ${quoted(words)}: a scenario cannot say this, the text can`);
  }
  return [
    `[scenarios.${name}]`,
    `text    = ${quoted(changes.map(({ place, words }) => `${place}: ${words}`).join("; "))}`,
    ...(set.length > 0 ? [`set     = { ${set.join(", ")} }`] : []),
    ...(scale.length > 0 ? [`scale   = { ${scale.join(", ")} }`] : []),
    `because = "tried on the page"`,
    ...beyond,
    "",
  ].join("\n");
}

const percent = (factor: number): string => `${Number((factor * 100).toPrecision(4))}%`;
const quoted = (words: string): string => JSON.stringify(words);
