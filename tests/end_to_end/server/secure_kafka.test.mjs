// A broker that lets nobody in without encryption and a password: the server signs in by SCRAM and by PLAIN, its nodes too, and a wrong password or authority is said.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { Broker } from "./support/broker.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let broker, server;

before(async () => {
  broker = new Broker({ secure: true });
  server = await Server.create({
    flags: ["--no-model", "--partitions", "4"],
    environment: { REVERIE_LOG: broker.url, REVERIE_KAFKA_TOPIC: "secure", REVERIE_KAFKA_OPTIONS: broker.options },
  });
});
after(async () => {
  await server?.destroy();
  broker?.destroy();
});

async function chats(server) {
  const person = await server.sign_up("Tom");
  const conversation = await server.conversation(person.token, (await server.character(person.token)).id);
  const chat = await Chat.open(server, person.token);
  const { reply } = await chat.say("hello", { conversation_id: conversation.id });
  assert.equal(reply.type, "reply.completed");
  await chat.close();
}

/** Starts a server with these options that must not come up; resolves to what it said last. */
async function refused(options) {
  const data = join(server.data, crypto.randomUUID()); // two at once can't have the same
  const other = Object.assign(new Server(), server, { data, environment: { ...server.environment, REVERIE_KAFKA_OPTIONS: options } });
  const done = await other.command("serve", "--port", "0");
  assert.equal(done.code, 3, done.stderr);
  const said = done.stderr.trim().split("\n").at(-1);
  assert.match(said, /^reverie: kafka:\/\/127\.0\.0\.1:\d+: Kafka does not answer \(/);
  const password = options.match(/sasl\.password=([^;]*)/)?.[1];
  if (password) assert.ok(!(done.stdout + done.stderr).includes(password), "a password is never told");
  return said;
}

test("chats over a log behind SASL_SSL, by SCRAM-SHA-256 and by PLAIN", async () => {
  assert.match(broker.options, /security\.protocol=SASL_SSL;.*sasl\.mechanism=SCRAM-SHA-256/);
  await chats(server);
  await server.stop();
  server.environment.REVERIE_KAFKA_OPTIONS = broker.options.replace("SCRAM-SHA-256", "PLAIN");
  await server.start();
  await chats(server);
  await server.stop();
  const replay = await server.command("replay", "--all", "--verify");
  assert.equal(replay.code, 0, replay.stderr);
  for (const line of server.output.split("\n")) assert.ok(!line.includes(broker.options.match(/password=(\w+)/)[1]));
});

test("who is not let in is told why: a wrong password, a certificate of another authority, no encryption at all", async () => {
  const other = join(server.data, "other.pem");
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Another authority", "-keyout", join(server.data, "other.key"), "-out", other],
    { stdio: "ignore" });
  const wrong_password = broker.options.replace(/password=\w+/, "password=not-the-one");
  const [scram, plain, authority, nothing] = await Promise.all([
    refused(wrong_password),
    refused(wrong_password.replace("SCRAM-SHA-256", "PLAIN")),
    refused(broker.options.replace(/ca\.location=[^;]+/, `ca.location=${other}`)),
    refused(""),
  ]);
  assert.match(scram, /SASL authentication error.*invalid credentials/);
  assert.match(plain, /SASL authentication error.*Invalid username or password/);
  assert.match(authority, /certificate verify failed.*ssl\.ca\.location/);
  assert.match(nothing, /kafka-options/);
});

test("nodes find each other through a secure broker", { timeout: 90_000 }, async () => {
  const cluster = await Cluster.create(broker, 2, { partitions: 4 });
  try {
    for (const node of cluster.nodes) await chats(node);
  } finally {
    await cluster.destroy();
  }
});
