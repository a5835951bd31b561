// Several servers that share a log in a real Kafka and one database, each a process with a data folder of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
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
  /** `count` nodes on a fresh topic; resolves when all serve. `flags` are passed to each `serve`. */
  static async create(broker, count, { flags = ["--no-model", "--messages-per-minute", "1000000"], partitions = 12 } = {}) {
    const cluster = new Cluster();
    cluster.database = await fresh_database();
    const shared = {
      REVERIE_LOG: broker.url,
      REVERIE_KAFKA_TOPIC: `e2e-${randomBytes(6).toString("hex")}`,
      REVERIE_NODE_GROUP: `e2e-${randomBytes(6).toString("hex")}`,
      REVERIE_PARTITIONS: String(partitions),
      REVERIE_MASTER_KEY: randomBytes(32).toString("hex"),
      REVERIE_NODE_SECRET: randomBytes(16).toString("hex"),
    };
    cluster.nodes = [];
    for (let i = 0; i < count; ++i) {
      const node = new Server();
      node.name = `node-${i + 1}`;
      node.environment = shared;
      node.data = await mkdtemp(join(tmpdir(), "reverie-e2e-"));
      node.database = cluster.database;
      node.flags = [...flags, "--node", `127.0.0.1:${await free_port()}`, "--node-name", node.name];
      cluster.nodes.push(node);
    }
    await cluster.nodes[0].command("migrate");
    await Promise.all(cluster.nodes.map((node) => node.start()));
    return cluster;
  }

  /** Whether a node runs, frozen or not. */
  static runs(node) { return node.process.exitCode === null && node.process.signalCode === null; }

  async destroy() {
    for (const node of this.nodes) {
      if (node.process && Cluster.runs(node)) await node.kill();
      await rm(node.data, { recursive: true, force: true });
    }
    await this.database.drop();
  }
}
