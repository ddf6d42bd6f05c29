// Modules of the page for tests without a browser, built to a folder of their own.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));

/** One module of `src`, by its path in it. */
export async function load(path) {
  const outDir = mkdtempSync(join(tmpdir(), "keiretsu-page-"));
  try {
    await build({
      configFile: false,
      logLevel: "error",
      build: {
        outDir,
        minify: false,
        lib: { entry: join(SOURCE, path), formats: ["es"], fileName: "module" },
      },
    });
    return await import(pathToFileURL(join(outDir, "module.js")).href);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
