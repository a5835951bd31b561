// A private Kafka for a test program, by ops/scripts/kafka; removed at the end.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const script = join(dirname(fileURLToPath(import.meta.url)), "../../../../ops/scripts/kafka");

export class Broker {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "reverie-e2e-kafka-"));
    chmodSync(this.folder, 0o755); // the broker's own user has to get in
    this.start();
  }

  run(action, ...more) {
    return execFileSync(script, [action, this.folder, ...more], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
  }

  start() {
    this.list = this.run("start");
    this.url = `kafka://${this.list}`;
  }

  stop() { this.run("stop"); }
  signal(name) { for (const pid of this.run("processes").split("\n").filter(Boolean)) process.kill(Number(pid), name); }

  /** What kcat prints of a topic: one line a record. */
  kcat(topic, format) {
    const words = ["-b", this.list, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", format];
    return execFileSync("kcat", words, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  }

  destroy() {
    this.run("remove");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
