// Two nodes that share generations of their states through a folder: who has no state of a partition begins with what was shared, nothing
// said can be read in it, and a server that would be alone on the nodes' topic is refused.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Broker } from "./support/broker.mjs";
import { Cluster } from "./support/cluster.mjs";
import { all_are_answered, under_load, verify_all } from "./support/talkers.mjs";

let broker, cluster, shared;

before(async () => {
  broker = new Broker();
  shared = await mkdtemp(join(tmpdir(), "reverie-share-"));
  cluster = await Cluster.create(broker, 2, { partitions: 4, environment: { REVERIE_STATE_SHARE: shared, REVERIE_STATE_SHARE_EVERY_MS: "500" } });
});
after(async () => {
  await cluster?.destroy();
  await rm(shared, { recursive: true, force: true });
  broker?.destroy();
});

/** All files below the shared folder; a folder that becomes another while it is listed is listed again. */
async function files() {
  for (;;) {
    try {
      return (await readdir(shared, { recursive: true, withFileTypes: true })).filter((each) => each.isFile()).map((each) => join(each.parentPath ?? each.path, each.name));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
}

/** The manifests of partitions that have a generation with records of people in it. */
async function manifests() {
  const all = (await files()).filter((name) => name.endsWith("manifest.json") && !name.includes(".making-"));
  return (await Promise.all(all.map((name) => readFile(name, "utf8").then(JSON.parse, () => null)))).filter((each) => each !== null && each.next > 3);
}

test("a node with an empty data folder begins with the shared generations", { timeout: 120_000 }, async () => {
  const [staying, emptied] = cluster.nodes;
  await under_load(cluster, "shared generations", async (talkers) => {
    for (const until = Date.now() + 40_000; (await manifests()).length < 4; await pause(100)) assert.ok(Date.now() < until, "nothing was shared");
    assert.equal(await emptied.stop(), 0);
    await rm(join(emptied.data, "state"), { recursive: true });
    const before = emptied.output.length;
    await emptied.start();
    for (const until = Date.now() + 40_000; !/beginning with the shared generation at offset \d+ of epoch \d+/.test(emptied.output.slice(before)); await pause(100))
      assert.ok(Date.now() < until, emptied.output.slice(before));
    assert.doesNotMatch(emptied.output.slice(before), /is not used/);
    await all_are_answered(talkers);
  }, [staying]);
  const metrics = await staying.api("GET", "/metrics");
  for (const name of ["age_seconds", "bytes", "records_behind"]) assert.match(metrics.text, new RegExp(`^reverie_generation_${name}\\{partition="\\d"\\} \\d+$`, "m"));
});

test("nothing that was said can be read in what is shared", { timeout: 60_000 }, async () => {
  let bytes = 0;
  for (const name of await files()) {
    const content = await readFile(name).catch(() => Buffer.alloc(0)); // older ones go meanwhile
    bytes += content.length;
    assert.ok(!content.includes("message 1"), name);
    assert.ok(!content.includes("Talker"), name);
  }
  assert.ok(bytes > 0);
});

test("a server that would be alone on the nodes' topic is refused and says why", { timeout: 60_000 }, async () => {
  const alone = await cluster.make_node();
  cluster.nodes.pop();
  alone.flags = cluster.flags;
  try {
    await assert.rejects(alone.start(), /belongs to the nodes of a cluster that lives \(2 of the group e2e-/);
    assert.equal(alone.process.exitCode, 4);
  } finally {
    await rm(alone.data, { recursive: true, force: true });
  }
});

test("chains verify, and what is stored equals a fold of the log", { timeout: 60_000 }, () => verify_all(cluster));
