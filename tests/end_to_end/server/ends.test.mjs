// How things end on the real server: connections with their close codes, replies whose conversation is closed, and what a client hears
// that says the same again afterwards.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Model } from "./support/model.mjs";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, model, answer, person;

before(async () => {
  model = await Model.create((call) => answer(call));
  server = await Server.create({ flags: [...model.flags, "--messages-per-minute", "1000000"] });
  person = await server.sign_up();
});
after(async () => {
  await server?.destroy();
  model?.close();
});

const quick = (call) => { call.say("Yes."); call.end(); };
const talk = async () => server.conversation(person.token, (await server.character(person.token)).id);
const close = (id) => server.api("POST", `/api/v1/conversations/${id}/close`, { token: person.token });
const within = (promise, ms, what) => {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what} did not happen within ${ms} ms`)), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

test("closing a conversation hangs up on the model", async () => {
  let call;
  const asked = new Promise((resolve) => (answer = (one) => { call = one; call.say("I was about to "); resolve(); }));
  const conversation = await talk();
  const chat = await Chat.open(server, person.token);
  chat.send("message.send", "Tell me a long story", { conversation_id: conversation.id });
  await asked;
  assert.equal((await close(conversation.id)).status, 200);
  await within(call.gone, 5000, "the end of the upstream call");
  const failed = await chat.next((frame) => frame.type === "reply.failed");
  assert.equal(failed.metadata.code, "conversation_closed");
  await chat.close();
});

test("a message sent again by character_id is answered as before, though its conversation is closed", async () => {
  answer = quick;
  const character = await server.character(person.token);
  const chat = await Chat.open(server, person.token);
  const id = crypto.randomUUID();
  const first = await chat.say("hello", { character_id: character.id }, id);
  const conversation_id = first.ack.metadata.conversation_id;
  assert.equal((await close(conversation_id)).status, 200);
  const repeat = async () => {
    const from = chat.frames.length;
    chat.send("message.send", "hello", { character_id: character.id, client_message_id: id });
    return chat.next((frame) => frame.type === "ack" || frame.type === "error", from);
  };
  assert.deepEqual(await repeat(), first.ack);
  const { json: list } = await server.api("GET", `/api/v1/conversations?filter=character_id:eq:${character.id}`, { token: person.token });
  assert.equal(list.total, 1);
  const next = await chat.say("hello again", { character_id: character.id });
  assert.notEqual(next.ack.metadata.conversation_id, conversation_id);
  assert.deepEqual(await repeat(), first.ack);
  await chat.close();
});

test("an empty answer and a page that is no answer are told as what they are", async () => {
  for (const useless of [(call) => call.end(), (call) => call.raw("<!doctype html><title>It works</title>")]) {
    answer = useless;
    const conversation = await talk();
    const chat = await Chat.open(server, person.token);
    const { reply } = await chat.say("Are you there?", { conversation_id: conversation.id });
    assert.equal(reply.type, "reply.failed");
    assert.equal(reply.metadata.code, "model_answer_unusable");
    assert.equal(reply.metadata.retryable, true);
    await chat.close();
  }
});

test("what was written can be read at once, with the same time and a position", async () => {
  const email = `x${crypto.randomUUID()}@example.org`;
  const registered = await server.api("POST", "/api/v1/auth/register", { body: { email, password: "correct horse", name: "Xenia" } });
  const token = registered.json.access_token;
  assert.match(registered.headers.get("x-position"), /^\S+$/);
  assert.deepEqual((await server.api("GET", "/api/v1/users/me", { token })).json, registered.json.user);
  const card = { spec: "chara_card_v2", spec_version: "2.0", data: { name: "Large", description: "d", extensions: { padding: "p".repeat(3 * 1024 * 1024) } } };
  const made = await server.api("POST", "/api/v1/characters", { token, body: card });
  assert.equal(made.status, 201, made.text);
  const read = await server.api("GET", `/api/v1/characters/${made.json.id}/card?min_position=${made.headers.get("x-position")}`, { token });
  assert.equal(read.status, 200, read.text.slice(0, 300));
  assert.equal(read.text, JSON.stringify(card));
  const again = await server.api("GET", `/api/v1/characters/${made.json.id}`, { token });
  assert.deepEqual(again.json, made.json);
});

test("logging out closes the sockets of that sign-in with 4001", async () => {
  const someone = await server.sign_up("Ann");
  const form = { grant_type: "password", username: someone.email, password: "correct horse" };
  const other = (await server.api("POST", "/api/v1/auth/token", { form })).json;
  const [here, there] = [await Chat.open(server, someone.token), await Chat.open(server, other.access_token)];
  const out = await server.api("POST", "/api/v1/auth/logout", { body: { refresh_token: someone.refresh_token } });
  assert.equal(out.status, 204);
  assert.match(out.headers.get("x-position"), /^\S+$/);
  assert.equal(await within(here.closed, 5000, "the close"), 4001);
  there.send("ping");
  await there.next((frame) => frame.type === "pong");
  await there.close();
});

test("who reads too slowly is closed with 4008 and gets what was missed after the last position", async () => {
  answer = quick;
  const conversation = await talk();
  const [quickly, slowly] = [await Chat.open(server, person.token), await Chat.open(server, person.token)];
  const { ack } = await quickly.say("before", { conversation_id: conversation.id });
  await slowly.next((frame) => frame.metadata?.message_id === ack.metadata.message_id);
  slowly.socket.pause();
  // The socket's buffers and the queue behind them hold some megabytes.
  const gives_up = async () => (await server.api("GET", "/metrics")).text.includes('reverie_websocket_closes_total{code="4008"} 1');
  let count = 0;
  for (; count < 600 && !(await gives_up()); ++count) await quickly.say("x".repeat(32_000), { conversation_id: conversation.id });
  slowly.socket.resume();
  assert.equal(await within(slowly.closed, 15_000, "the close"), 4008);
  const last = slowly.frames.filter((frame) => frame.metadata?.position).at(-1).metadata.position;
  const missed = count - slowly.frames.filter((frame) => frame.type === "message" && frame.content.length === 32_000).length;
  assert.ok(missed > 0);
  const back = await Chat.open(server, person.token);
  back.send("subscribe", "", { conversation_id: conversation.id, after: last });
  await back.next((frame) => frame.type === "subscribed");
  assert.equal(back.frames.filter((frame) => frame.type === "message" && frame.content.length === 32_000).length, missed);
  await Promise.all([back.close(), quickly.close()]);
});

test("a server that stops says 1001, finishes what it accepted and exits with 0", async () => {
  answer = quick;
  const conversation = await talk();
  const [one, two] = [await Chat.open(server, person.token), await Chat.open(server, person.token)];
  const { ack } = await one.say("before the stop", { conversation_id: conversation.id });
  assert.equal(await server.stop(), 0);
  assert.equal(await one.closed, 1001);
  assert.equal(await two.closed, 1001);
  await server.start();
  const texts = (await server.messages(person.token, conversation.id, `&min_position=${ack.metadata.position}`)).map((message) => message.content);
  assert.ok(texts.includes("before the stop"));
});
