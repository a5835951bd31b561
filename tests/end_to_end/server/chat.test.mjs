// One person's chat on the real server, without a model: what the contract says about frames, acks and order.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, person, conversation;

before(async () => {
  server = await Server.create();
  person = await server.sign_up();
  conversation = await server.conversation(person.token, (await server.character(person.token)).id);
});
after(() => server?.destroy());

const here = () => ({ conversation_id: conversation.id });

test("a message is acknowledged, shown to its sender and answered in pieces that make the whole", async () => {
  const chat = await Chat.open(server, person.token);
  const { ack, reply, from } = await chat.say("Hello there", here());
  assert.equal(reply.type, "reply.completed");
  const message = chat.frames.slice(from).find((frame) => frame.type === "message");
  assert.equal(message.content, "Hello there");
  assert.equal(message.metadata.message_id, ack.metadata.message_id);
  const pieces = chat.frames.slice(from).filter((frame) => frame.type === "reply.delta" && frame.metadata.message_id === reply.metadata.message_id);
  assert.deepEqual(pieces.map((piece) => piece.metadata.index), pieces.map((_, index) => index));
  assert.ok(reply.content.startsWith(pieces.map((piece) => piece.content).join("")));
  await chat.close();
});

test("text is kept byte for byte", async () => {
  const chat = await Chat.open(server, person.token);
  const text = "  spaces kept \t 日本語 \u{1F9E1} e\u0301 <b>&amp;</b>\n\n";
  const { ack } = await chat.say(text, here());
  const listed = (await server.messages(person.token, conversation.id, `&min_position=${ack.metadata.position}`)).find((each) => each.id === ack.metadata.message_id);
  assert.equal(listed.content, text);
  await chat.close();
});

test("the same client_message_id is done once and answered alike, with other content it is a conflict", async () => {
  const chat = await Chat.open(server, person.token);
  const id = crypto.randomUUID();
  const first = await chat.say("only once", here(), id);
  const from = chat.frames.length;
  chat.send("message.send", "only once", { ...here(), client_message_id: id });
  const again = await chat.next((frame) => frame.type === "ack", from);
  assert.equal(again.metadata.message_id, first.ack.metadata.message_id);
  assert.equal(again.metadata.position, first.ack.metadata.position);
  chat.send("message.send", "something else", { ...here(), client_message_id: id });
  const error = await chat.next((frame) => frame.type === "error", from);
  assert.equal(error.metadata.code, "conflict");
  assert.equal(error.metadata.client_message_id, id);
  const texts = (await server.messages(person.token, conversation.id)).map((message) => message.content);
  assert.equal(texts.filter((text) => text === "only once").length, 1);
  await chat.close();
});

test("several devices see the same stream", async () => {
  const [one, two] = [await Chat.open(server, person.token), await Chat.open(server, person.token)];
  const { reply } = await one.say("to all of mine", here());
  const seen = await two.next((frame) => frame.type === "reply.completed" && frame.metadata.message_id === reply.metadata.message_id);
  assert.equal(seen.content, reply.content);
  assert.ok(two.frames.some((frame) => frame.type === "message" && frame.content === "to all of mine"));
  await Promise.all([one.close(), two.close()]);
});

test("who comes back gets everything after the last position, in order, and nothing twice", async () => {
  const chat = await Chat.open(server, person.token);
  const { ack } = await chat.say("before", here());
  for (const text of ["one", "two", "three"]) await chat.say(text, here());
  await chat.close();
  const back = await Chat.open(server, person.token);
  back.send("subscribe", "", { ...here(), after: ack.metadata.position });
  await back.next((frame) => frame.type === "subscribed");
  const texts = back.frames.filter((frame) => frame.type === "message" && frame.metadata.role === "user").map((frame) => frame.content);
  assert.deepEqual(texts, ["one", "two", "three"]);
  const offsets = back.frames.filter((frame) => frame.metadata?.position).map((frame) => Number(frame.metadata.position.split(":")[1]));
  assert.deepEqual(offsets, [...offsets].sort((a, b) => a - b));
  await back.close();
});

test("a stranger learns nothing of a conversation", async () => {
  const stranger = await server.sign_up("Eve");
  const answer = await server.api("GET", `/api/v1/conversations/${conversation.id}`, { token: stranger.token });
  assert.equal(answer.status, 404);
  const chat = await Chat.open(server, stranger.token);
  chat.send("message.send", "hi", { ...here(), client_message_id: crypto.randomUUID() });
  assert.equal((await chat.next((frame) => frame.type === "error")).metadata.code, "not_found");
  await chat.close();
});

test("at most one conversation per character is open, also when many open it at once", async () => {
  const someone = await server.sign_up("Ann");
  const character = await server.character(someone.token);
  const opened = await Promise.all(Array.from({ length: 8 }, () =>
    server.api("POST", "/api/v1/conversations", { token: someone.token, body: { character_id: character.id } })));
  assert.equal(new Set(opened.map((answer) => answer.json.id)).size, 1);
  assert.equal(opened.filter((answer) => answer.status === 201).length, 1);
});

test("a first frame that signs nobody in closes with 4001, broken frames with their codes", async () => {
  const unsigned = await Chat.open(server, undefined);
  unsigned.send("authenticate", "no token");
  assert.equal(await unsigned.closed, 4001);
  const broken = await Chat.open(server, person.token);
  broken.socket.send("{no json");
  assert.equal(await broken.closed, 1007);
  const huge = await Chat.open(server, person.token);
  huge.socket.send(JSON.stringify({ type: "message.send", content: "x".repeat(300 * 1024), metadata: {} }));
  assert.equal(await huge.closed, 1009);
});
