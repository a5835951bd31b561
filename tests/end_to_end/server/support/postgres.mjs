// A Postgres that a test may stop, by ops/scripts/postgres; removed at the end. The one of all tests must not be stopped.
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

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

  /** While clients of this program go on: nothing here waits. */
  async start_meanwhile() { await promisify(execFile)(script, ["start", this.folder, "--test"]); }
  async stop_meanwhile() { await promisify(execFile)(script, ["stop", this.folder]); }

  destroy() {
    this.run("remove");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
