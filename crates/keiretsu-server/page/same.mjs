// Builds the page beside, and says where it differs from the one that is committed.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const COMMITTED = fileURLToPath(new URL("../dist/", import.meta.url));
const made = mkdtempSync(join(tmpdir(), "keiretsu-page-"));

const files = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length)
        .replace(/^[/\\]/, ""),
    )
    .sort();

function differences() {
  const [fresh, old] = [files(made), files(COMMITTED)];
  if (fresh.join() !== old.join()) return [`the files are ${fresh.join(", ")}, not ${old.join(", ")}`];
  const isOther = (name) => !readFileSync(join(made, name)).equals(readFileSync(join(COMMITTED, name)));
  return fresh.filter(isOther).map((name) => `dist/${name} is not what the source builds`);
}

try {
  await build({ logLevel: "error", build: { outDir: made } });
  const found = differences();
  for (const each of found) console.error(`${each}; run \`npm run build\``);
  process.exitCode = found.length === 0 ? 0 : 1;
} finally {
  rmSync(made, { recursive: true, force: true });
}
