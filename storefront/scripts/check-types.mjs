// Fails when src/api/schema.d.ts is not what the API's schema would generate now.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "magpie-types-"));
const fresh = join(folder, "schema.d.ts");

try {
  const generator = join(root, "node_modules/openapi-typescript/bin/cli.js");
  execFileSync(process.execPath, [generator, "../commerce/api/openapi.yaml", "-o", fresh], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (readFileSync(fresh, "utf8") !== readFileSync(join(root, "src/api/schema.d.ts"), "utf8")) {
    console.error("src/api/schema.d.ts is stale: run `npm run types` and commit the result.");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
