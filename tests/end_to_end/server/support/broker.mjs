// A private Kafka for a test program, by ops/scripts/kafka; removed at the end.
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const script = join(dirname(fileURLToPath(import.meta.url)), "../../../../ops/scripts/kafka");

/** A process told to freeze goes on until its threads have had their turn, which on a busy machine is long enough to answer. */
function wait_until_frozen(process_id) {
  const runs = (thread) => {
    try { return !/^State:\s+[TXZ]/m.test(readFileSync(`/proc/${process_id}/task/${thread}/status`, "utf8")); }
    catch { return false; } // it ended meanwhile
  };
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (const end = Date.now() + 10_000; readdirSync(`/proc/${process_id}/task`).some(runs); Atomics.wait(pause, 0, 0, 1))
    if (Date.now() > end) throw new Error(`process ${process_id} does not freeze`);
}

export class Broker {
  /** One broker, or three; `on` an address other than loopback; `secure`: with encryption and a password. */
  constructor({ count = 1, on, secure = false } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "reverie-e2e-kafka-"));
    chmodSync(this.folder, 0o755); // the broker's own user has to get in
    this.count = count;
    this.words = [String(count), ...(on ? ["--on", on] : []), ...(secure ? ["--secure"] : [])];
    this.start();
    this.options = this.run("options");
  }

  run(action, ...more) {
    return execFileSync(script, [action, this.folder, ...more], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
  }

  /** Starts what does not run of it, and waits until all answer. */
  start() {
    this.list = this.run("start", ...this.words);
    this.url = `kafka://${this.list}`;
  }

  /** The same while clients of this program go on: nothing here waits. */
  async start_meanwhile() { await promisify(execFile)(script, ["start", this.folder, ...this.words]); }
  async stop_meanwhile(...number) { await promisify(execFile)(script, ["stop", this.folder, ...number.map(String)]); }

  /** Stops all, or broker `number` (from 1). */
  stop(...number) { this.run("stop", ...number.map(String)); }
  /** To all processes, or to broker `number`'s (from 1). */
  signal(name, ...number) {
    const processes = this.run("processes", ...number.map(String)).split("\n").filter(Boolean).map(Number);
    for (const each of processes) process.kill(each, name);
    if (name === "SIGSTOP") for (const each of processes) wait_until_frozen(each);
  }

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
