// A fork is an operator's copy of a conversation, continued apart: nothing of it reaches the person, and nothing of it outlives the person's key.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

const said = "My cat is called Mia and I live in Oslo";
let server, person, operator, character, conversation, fork;

const admin = async (path, wanted = 200) => {
  const answer = await server.api("GET", `/api/v1/admin${path}`, { token: operator });
  assert.equal(answer.status, wanted, `${path}: ${answer.text}`);
  return answer.json;
};
const act = async (path, body, wanted) => {
  const answer = await server.api("POST", `/api/v1/admin${path}`, { token: operator, body });
  assert.equal(answer.status, wanted, `${path}: ${answer.text}`);
  return answer.json;
};
const seen_in_full = "privacy=full&reason=the+test";

async function until(what, ask) {
  for (let tries = 0; tries < 300; ++tries) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come`);
}

/** All that the person has, and all that the log and the tables hold of it. */
async function everything_of_the_person() {
  const own = async (path) => (await server.api("GET", `/api/v1${path}`, { token: person.token })).json;
  const session = await admin(`/entities/session/${conversation.id}?${seen_in_full}`);
  const bonds = await admin(`/people/${person.user.id}/world?position=${session.last_position}&${seen_in_full}`);
  const tables = {};
  for (const view of ["conversations", "messages", "memories", "bonds"])
    tables[view] = (await server.database.query(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum, count(*)::int AS n FROM reverie.${view} t`))[0];
  return {
    session: session.state_hash, sequence: session.sequence, bonds: bonds.bonds.map((each) => [each.entity, each.sequence, each.state_hash]), tables,
    conversations: (await own("/conversations")).items, memories: (await own("/memories?page_size=100")).items,
    found: (await own(`/memories?q=${encodeURIComponent("cat Mia Oslo")}`)).items, bond: await own(`/bonds/${character.id}`),
    messages: (await server.messages(person.token, conversation.id)).map((each) => [each.id, each.content]),
  };
}

/** Until the operator's model has answered in the fork. */
const answered = (id) => until("the reply in the fork", async () => { const now = await admin(`/forks/${id}`); return now.last_sequence > 2 && !now.replying && now; });

before(async () => {
  server = await Server.create({ flags: ["--no-model"] });
  person = await server.sign_up("Tom");
  character = await server.character(person.token);
  conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  for (const text of ["My dog is called Bruno", "I play the cello"]) await chat.say(text, { conversation_id: conversation.id });
  await chat.close();
  const signed = await server.sign_up("Olga");
  assert.equal((await server.command("users", "role", "--email", signed.email, "--role", "operator")).code, 0);
  operator = (await server.api("POST", "/api/v1/auth/token", { form: { grant_type: "password", username: signed.email, password: "correct horse" } })).json.access_token;
  await until("the memories", async () => (await server.api("GET", "/api/v1/memories?q=cello", { token: person.token })).json.items.length > 0);
});
after(() => server?.destroy());

test("a fork is continued by another model, and nothing of the person's changes", async () => {
  const before_it = await everything_of_the_person();
  const chat = await Chat.open(server, person.token);
  chat.send("subscribe", "", { conversation_id: conversation.id });
  await chat.next((frame) => frame.type === "subscribed");
  const heard = chat.frames.length;

  const first_reply = (await admin(`/entities/session/${conversation.id}/history?direction=forward&page_size=50`)).items.find((each) => each.types.includes("session.reply_completed"));
  await act(`/conversations/${conversation.id}/fork`, { sequence: first_reply.first_sequence, model: "reverie-scripted" }, 400);
  fork = await act(`/conversations/${conversation.id}/fork`, { sequence: first_reply.first_sequence, model: "reverie-scripted", reason: "compare the models" }, 201);
  assert.equal(fork.origin_sequence, first_reply.first_sequence);
  await act(`/forks/${fork.id}/messages`, { content: said }, 202);
  await answered(fork.id);

  const both = await until("what the fork learned", async () => { const now = await admin(`/forks/${fork.id}/timelines?${seen_in_full}`); return now.bond.facts.some((each) => /Mia/.test(each.text)) && now; });
  assert.deepEqual(both.shared.messages.map((each) => each.role), ["character", "user", "character"]);
  assert.deepEqual(both.original.messages.map((each) => each.content)[0], "I play the cello");
  assert.equal(both.fork.messages[0].content, said);
  assert.equal(both.fork.messages[1].model, "reverie-scripted");
  assert.ok(both.bond.facts.find((each) => /Mia/.test(each.text)).original === "absent");
  const masked = await admin(`/forks/${fork.id}/timelines`);
  assert.ok(!JSON.stringify(masked).includes("Mia"), "masked unless it is asked for in full");

  assert.deepEqual(await everything_of_the_person(), before_it);
  assert.deepEqual(chat.frames.slice(heard), [], "the person's devices hear nothing of it");
  await chat.close();
});

test("a person can't reach a fork, nor make one", async () => {
  const own = (method, path, body) => server.api(method, `/api/v1${path}`, { token: person.token, body });
  assert.equal((await own("GET", `/conversations/${fork.id}`)).status, 404);
  assert.equal((await own("GET", `/conversations/${fork.id}/messages`)).status, 404);
  assert.equal((await own("POST", `/conversations/${fork.id}/messages`, { content: "hello?", client_message_id: crypto.randomUUID() })).status, 404);
  assert.equal((await own("POST", `/conversations/${fork.id}/close`)).status, 404);
  assert.equal((await own("POST", `/admin/conversations/${conversation.id}/fork`, { reason: "mine" })).status, 403);
  assert.equal((await own("GET", "/admin/forks")).status, 403);
});

test("forks are listed, looked at and ended on record", async () => {
  const list = await until("the row", async () => { const now = await admin(`/forks?conversation_id=${conversation.id}`); return now.items[0]?.messages === 2 && now; });
  assert.equal(list.total, 1);
  assert.equal(list.items[0].model, "reverie-scripted");
  await admin(`/forks/${conversation.id}`, 404);
  const another = await act(`/conversations/${conversation.id}/fork`, { reason: "to be closed" }, 201);
  await act(`/forks/${another.id}/close`, {}, 200);
  await act(`/forks/${another.id}/messages`, { content: "too late" }, 409);
  await act(`/conversations/${conversation.id}/fork`, { sequence: 9999, reason: "no such event" }, 400);
  await act(`/conversations/${fork.id}/fork`, { reason: "a fork is no conversation" }, 404);
  const audit = (await admin("/audit?page_size=200")).items.map((each) => `${each.action} ${each.outcome}`);
  for (const wanted of ["conversation.fork done", "conversation.fork refused", "fork.say done", "fork.read done", "fork.close done"]) assert.ok(audit.includes(wanted), `${wanted} is not on record`);
});

test("a restart, a rebuild and a replay give the same again", async () => {
  const before_it = [await everything_of_the_person(), await admin(`/forks/${fork.id}/timelines?${seen_in_full}`), (await admin("/forks")).items];
  assert.equal(await server.stop(), 0);
  const replayed = await server.command("replay", "--all", "--verify");
  assert.equal(replayed.code, 0, replayed.stdout + replayed.stderr);
  const state = await server.command("replay", "--entity", `forked_session/${fork.id}`);
  assert.equal(state.code, 0, state.stderr);
  assert.ok(state.stdout.includes(said));
  await server.start();
  const rebuilt = await server.command("rebuild", "--all", "--yes");
  assert.equal(rebuilt.code, 0, rebuilt.stdout + rebuilt.stderr);
  const verified = await server.command("verify");
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  assert.deepEqual([await everything_of_the_person(), await admin(`/forks/${fork.id}/timelines?${seen_in_full}`), (await admin("/forks")).items], before_it);
});

test("what a person had forgotten or deleted is in no later fork", async () => {
  const own = (method, path) => server.api(method, `/api/v1${path}`, { token: person.token });
  const dog = (await own("GET", "/memories?q=Bruno")).json.items.find((each) => each.kind === "fact");
  assert.equal((await own("DELETE", `/memories/${dog.id}`)).status, 204);
  const later = await act(`/conversations/${conversation.id}/fork`, { reason: "after forgetting" }, 201);
  const state = await admin(`/entities/forked_bond/${later.bond.split("/")[1]}?${seen_in_full}`);
  assert.ok(!JSON.stringify(state.state.facts).includes("Bruno"));
});

test("destroying the person's key erases the fork with the rest", async () => {
  await server.stop();
  await server.database.query(`UPDATE vault.data_keys SET wrapped = '', erased = true WHERE user_id = '${person.user.id}'`);
  await server.start();
  const seen = await admin(`/forks/${fork.id}/timelines?${seen_in_full}`).catch((error) => String(error));
  assert.ok(!JSON.stringify(seen).includes("Mia") && !JSON.stringify(seen).includes("Bruno"), "no text of a fork can be read any more");
  const events = JSON.stringify(await admin(`/events?entity=forked_session/${fork.id}&${seen_in_full}`));
  assert.ok(!events.includes("Mia") && !events.includes("Bruno"));
  const refused = await server.api("POST", `/api/v1/admin/forks/${fork.id}/messages`, { token: operator, body: { content: "still there?" } });
  assert.notEqual(refused.status, 202, "nothing more can be said in it");
});
