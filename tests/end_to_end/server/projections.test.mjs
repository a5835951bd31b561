// Where projections stand and how they read, by the command line beside a server that goes on: set back after rows were lost, an event that does
// not fit tried without a trace, a rebuild that gives way to people, vectors by another model made beside those in use.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { LetterEmbeddings } from "./support/embeddings.mjs";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, embeddings, person, conversation, chat;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

before(async () => {
  embeddings = await LetterEmbeddings.start();
  server = await Server.create({ flags: ["--no-model", "--messages-per-minute", "1000000"], environment: embeddings.environment });
  person = await server.sign_up("Ada");
  const character = await server.character(person.token);
  conversation = await server.conversation(person.token, character.id);
  chat = await Chat.open(server, person.token);
  for (const text of ["My dog is called Bruno", "I play the cello", "We live by the sea", "Bread and cheese for lunch"]) await chat.say(text, { conversation_id: conversation.id });
});
after(async () => {
  await chat?.close().catch(() => {});
  await server?.destroy();
  embeddings?.close();
});

const parked = async () => Number((await server.database.query("SELECT count(*) FROM reverie.dead_letters WHERE projection = 'messages' AND state = 'parked'"))[0].count);

test("what does not fit is tried without a trace, and set right by setting the projection back", { timeout: 60_000 }, async () => {
  const [{ schema }] = await server.database.query("SELECT schema FROM reverie.projection_versions WHERE projection = 'messages' AND serving");
  await server.database.query(`DELETE FROM ${schema}.threads`);
  await chat.say("Do you hear me?", { conversation_id: conversation.id });
  for (let i = 0; i < 200 && (await parked()) === 0; ++i) await pause(50);
  assert.ok((await parked()) > 0);
  const tried = await server.command("dead-letters", "retry", "--projection", "messages", "--dry-run", "--json");
  assert.equal(tried.code, 1, tried.stderr);
  assert.equal(JSON.parse(tried.stdout).retried, 0);
  const shown = await server.command("projections", "reset", "messages", "--to-start", "--dry-run", "--json");
  assert.equal(shown.code, 0, shown.stderr);
  assert.ok(JSON.parse(shown.stdout)[0].partitions[0].records_again > 0);
  assert.equal((await server.command("projections", "reset", "messages", "--to-start")).code, 4, "not without a yes");
  assert.equal((await server.command("projections", "reset", "messages", "--to-offset", "1", "--yes")).code, 2, "an offset is one of a partition");
  const done = await server.command("projections", "reset", "messages", "--to-start", "--yes");
  assert.equal(done.code, 0, done.stderr);
  await chat.say("And now?", { conversation_id: conversation.id });
  for (let i = 0; i < 200 && (await parked()) > 0; ++i) await pause(50);
  assert.equal(await parked(), 0);
  const texts = (await server.messages(person.token, conversation.id)).map((each) => each.content);
  assert.ok(texts.includes("Do you hear me?") && texts.includes("And now?"));
  const verified = await server.command("verify", "messages");
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
});

test("a server tells how its commands fare, and a rebuild beside it goes by that", { timeout: 60_000 }, async () => {
  let row;
  for (let i = 0; i < 200 && !(Number(row?.commands) > 0); ++i) {
    await chat.say(`number ${i}`, { conversation_id: conversation.id });
    [row] = await server.database.query("SELECT command_p99_ms, commands FROM runner.live_latency");
  }
  assert.ok(Number(row.command_p99_ms) > 0);
  const done = await server.command("rebuild", "messages", "--live-p99-ms", "1", "--json");
  assert.equal(done.code, 0, done.stdout + done.stderr);
  const [rebuilt] = await server.database.query("SELECT live_p99_limit_ms, throttled FROM reverie.rebuilds WHERE projection = 'messages'");
  assert.equal(Number(rebuilt.live_p99_limit_ms), 1);
});

test("vectors by another model are made beside those in use, compared, switched to and gone back from", { timeout: 60_000 }, async () => {
  const first = JSON.parse((await server.command("vectors", "list", "--json")).stdout);
  assert.deepEqual(first.map((each) => each.state), ["serving"]);
  const built = await server.command("vectors", "build", "--no-model", "--json");
  assert.equal(built.code, 0, built.stdout + built.stderr);
  assert.ok(JSON.parse(built.stdout).vectors > 4 && embeddings.embedded > 4);
  assert.equal((await server.command("vectors", "switch", "2")).code, 4, "not before it was compared");
  const compared = await server.command("vectors", "compare", "2", "--no-model", "--queries", "20", "--nearest", "3", "--json");
  assert.equal(compared.code, 0, compared.stdout + compared.stderr);
  const found = JSON.parse(compared.stdout);
  assert.ok(found.queries > 4 && found.recall_of_serving > 0 && found.recall_of_serving <= 1, compared.stdout);
  assert.ok(!compared.stdout.includes("Bruno"));
  const switched = await server.command("vectors", "switch", "2");
  assert.equal(switched.code, 0, switched.stderr);
  await pause(1_100); // every server looks once a second
  const before_search = embeddings.embedded;
  const answer = await server.api("GET", "/api/v1/memories?q=the%20sea", { token: person.token });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(embeddings.embedded, before_search + 1, "the question was embedded by the new model");
  assert.match(JSON.stringify(answer.json.items), /the sea/);
  assert.equal((await server.command("vectors", "roll-back")).code, 0);
  assert.equal((await server.command("vectors", "drop", "2", "--yes")).code, 0);
  assert.deepEqual(JSON.parse((await server.command("vectors", "list", "--json")).stdout).map((each) => each.state), ["serving"]);
});
