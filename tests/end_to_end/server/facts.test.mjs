// A capable model finds the facts in what people say: with its name, beside the reply, once over a crash; what it can't do the rules do.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Model } from "./support/model.mjs";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, model, person, character;

before(async () => {
  model = await Model.create((call) => { call.say("I see."); call.end(); });
  server = await Server.create({ flags: [...model.flags, "--facts-model", "finder"] });
  person = await server.sign_up("Tom");
  character = await server.character(person.token);
});
after(async () => {
  await server?.destroy();
  model?.close();
});

const home = (value, quote) => ({ attribute: "home", subject: "user", value, sentence: `User lives in ${value}`, change: "holds", replaces: false, since: null, quote });
const message_of = (question) => JSON.parse(question.messages[1].content).message;
const facts = async () => (await server.api("GET", `/api/v1/memories?character_id=${character.id}&page_size=100`, { token: person.token })).json.items
  .filter((memory) => memory.kind === "fact");
const until = async (what, holds) => {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const seen = await what();
    if (holds(seen)) return seen;
  }
  assert.fail(`it did not come to hold: ${JSON.stringify(await what())}`);
};
const say = async (text) => {
  const conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  const said = await chat.say(text, { conversation_id: conversation.id });
  await chat.close();
  return said;
};

test("what the model finds in a message is a memory with that message as its source", async () => {
  const questions = [];
  model.facts = (question) => {
    questions.push(question);
    return JSON.stringify({ facts: [home("Oslo", "Oslo has been mine since spring")] });
  };
  const said = await say("Oslo has been mine since spring, you know.");
  const [fact] = await until(facts, (seen) => seen.some((memory) => memory.text.includes("Oslo")));
  assert.equal(fact.sources[0].message_id, said.ack.metadata.message_id);
  assert.equal(questions.length, 1);
  assert.equal(questions[0].model, "finder");
  assert.equal(questions[0].temperature, 0);
  assert.equal(message_of(questions[0]), "Oslo has been mine since spring, you know.");
});

test("a reply comes before a slow model has found anything, and what it finds replaces the older fact", async () => {
  let find;
  model.facts = () => new Promise((resolve) => (find = () => resolve(JSON.stringify({ facts: [home("Rome", "Rome it is now")] }))));
  await say("Rome it is now.");
  assert.ok(!(await facts()).some((memory) => memory.text.includes("Rome")));
  await until(async () => find, (asked) => asked !== undefined);
  find();
  const seen = await until(facts, (all) => all.some((memory) => memory.text.includes("Rome")));
  assert.ok(seen.find((memory) => memory.text.includes("Oslo")).valid_to, JSON.stringify(seen));
});

test("a turn that was being looked at when the server was killed is looked at again and learned once", async () => {
  let asked;
  const first = new Promise((resolve) => (asked = resolve));
  model.facts = () => { asked(); return new Promise(() => {}); };
  await say("Bergen, that is where I am these days.");
  await first;
  model.facts = (question) => JSON.stringify({ facts: message_of(question).startsWith("Bergen") ? [home("Bergen", "Bergen")] : [] });
  await server.kill();
  await server.start();
  const seen = await until(facts, (all) => all.some((memory) => memory.text.includes("Bergen")));
  assert.equal(seen.filter((memory) => memory.text.includes("Bergen")).length, 1);
});

test("an answer that is not what was asked for leaves the turn to the rules, and it is counted", async () => {
  model.facts = () => "Bruno is a lovely name!";
  await say("My dog is named Bruno.");
  await until(facts, (all) => all.some((memory) => memory.text.includes("Bruno")));
  const { text } = await server.api("GET", "/metrics");
  assert.match(text, /^reverie_facts_by_rules_instead_total [1-9]/m);
});
