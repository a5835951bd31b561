// Several servers that share a log in a real Kafka and one database, each a process with a data folder of its own.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fresh_database } from "./database.mjs";
import { Server } from "./server.mjs";

async function free_port() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

export class Cluster {
  /**
   * `count` nodes on a fresh topic; resolves when all serve. `flags` are passed to each `serve`, `place(i)` may say where node i runs:
   * { within: words that start a program there, flags }. `database`: a Postgres other than the one of all tests.
   */
  static async create(broker, count, { flags = ["--no-model", "--messages-per-minute", "1000000"], partitions = 12, database, place, environment = {} } = {}) {
    const cluster = new Cluster();
    cluster.database = await fresh_database(database);
    const shared = {
      REVERIE_LOG: broker.url,
      REVERIE_KAFKA_OPTIONS: broker.options,
      REVERIE_KAFKA_TOPIC: `e2e-${randomBytes(6).toString("hex")}`,
      REVERIE_NODE_GROUP: `e2e-${randomBytes(6).toString("hex")}`,
      REVERIE_PARTITIONS: String(partitions),
      REVERIE_MASTER_KEY: randomBytes(32).toString("hex"),
      REVERIE_NODE_SECRET: randomBytes(16).toString("hex"),
      ...environment,
    };
    Object.assign(cluster, { nodes: [], shared, flags, place });
    try {
      for (let i = 0; i < count; ++i) await cluster.make_node();
      const migrated = await cluster.nodes[0].command("migrate");
      if (migrated.code !== 0) throw new Error(migrated.stderr);
      await Promise.all(cluster.nodes.map((node) => node.start()));
    } catch (error) {
      await cluster.destroy(); // nobody else knows those that do run, and while they do the test program does not end
      throw error;
    }
    return cluster;
  }

  async make_node() {
    const { host = "127.0.0.1", within, flags = [] } = this.place?.(this.nodes.length) ?? {};
    const node = new Server();
    node.name = `node-${this.nodes.length + 1}`;
    node.environment = this.shared;
    node.data = await mkdtemp(join(tmpdir(), "reverie-e2e-"));
    node.database = this.database;
    node.within = within;
    node.flags = [...this.flags, ...flags, "--node", `${host}:${await free_port()}`, "--node-name", node.name];
    this.nodes.push(node);
    return node;
  }

  /** One more node; resolves to it when it serves. */
  async add() {
    const node = await this.make_node();
    await node.start();
    return node;
  }

  /** Whether a node runs, frozen or not. */
  static runs(node) { return node.process.exitCode === null && node.process.signalCode === null; }

  /** Who serves each partition, as the nodes' own lines say: partition → { node, epoch, at }. */
  owners() {
    const all = new Map();
    for (const node of this.nodes)
      for (const found of node.output.matchAll(/"time":"([^"]+)"[^\n]*"message":"partition (\d+): serving under epoch (\d+)"/g)) {
        const [epoch, partition] = [Number(found[3]), Number(found[2])];
        if (epoch > (all.get(partition)?.epoch ?? 0)) all.set(partition, { node, epoch, at: Date.parse(found[1]) });
      }
    return all;
  }

  /** Resolves when all that `node` owned at `owners` is served by others, to the moment when the last of it was. */
  async is_replaced(node, owners) {
    const held = [...owners].filter(([, owner]) => owner.node === node).map(([partition]) => partition);
    for (const until = Date.now() + 120_000; ; await pause(100)) {
      const now = this.owners();
      if (held.every((partition) => now.get(partition).node !== node)) return Math.max(...held.map((partition) => now.get(partition).at));
      if (Date.now() > until) throw new Error(`${node.name} was not replaced within two minutes`);
    }
  }

  /** Ends all. REVERIE_TEST_LOGS names a folder that keeps what the nodes said, for who looks for why a test failed. */
  async destroy() {
    for (const node of this.nodes) {
      if (process.env.REVERIE_TEST_LOGS) await writeFile(join(process.env.REVERIE_TEST_LOGS, `${this.shared.REVERIE_KAFKA_TOPIC}-${node.name}.log`), node.output ?? "");
      if (node.process && Cluster.runs(node)) await node.kill();
      await rm(node.data, { recursive: true, force: true });
    }
    await this.database.drop();
  }
}
