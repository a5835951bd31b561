// A Postgres that a test may stop, by ops/scripts/postgres; removed at the end. The one of all tests must not be stopped.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const script = join(dirname(fileURLToPath(import.meta.url)), "../../../../ops/scripts/postgres");

export class Postgres {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "reverie-e2e-postgres-"));
    chmodSync(this.folder, 0o755); // its own user has to get in
    this.start();
  }

  run(action, ...more) {
    return execFileSync(script, [action, this.folder, ...more], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
  }

  start() { this.url = this.run("start", "--test"); }
  stop() { this.run("stop"); }

  destroy() {
    this.run("remove");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
