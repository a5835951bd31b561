// What waits outside of a running server, listed and asked for again from the command line by an operator's key.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { Model } from "./support/model.mjs";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, model, person, operator, silent;

async function until(what, ask) {
  for (let tries = 0; tries < 200; ++tries) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come`);
}

/** A server of which nothing is real but how it answers: `failed` effects, pages of 200, and what was asked of it. */
async function twin(failed, { refuses = {}, unreachable = [] } = {}) {
  const asked = [];
  const http = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url, "http://twin");
      asked.push({ method: request.method, path: url.pathname, key: request.headers.authorization, body: Buffer.concat(chunks).toString(), query: Object.fromEntries(url.searchParams) });
      const answer = (status, body) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      };
      const refused = refuses[request.method === "GET" ? "list" : url.pathname.split("/").at(-2)];
      if (refused) return answer(refused, { error: { code: "x", message: `refused with ${refused}` } });
      if (request.method === "POST") return answer(202, { id: url.pathname.split("/").at(-2), state: "pending" });
      const from = Number(url.searchParams.get("cursor") ?? 0), items = failed.slice(from, from + 200), more = from + 200 < failed.length;
      answer(200, { items, next_cursor: more ? String(from + 200) : null, has_more: more, total: failed.length, depth: 3, failed: failed.length, oldest_s: 7, alert: null, unreachable });
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return { asked, url: `http://127.0.0.1:${http.address().port}`, posts: () => asked.filter((each) => each.method === "POST"), close: () => http.close() };
}
const id = (number) => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const failures = (count) => Array.from({ length: count }, (_, i) => ({
  id: id(i), entity: `session/${id(900 + (i % 2))}`, kind: "generate_reply", partition: i % 3, since: "2026-01-31T12:00:00.000Z", age_s: 100 - i, attempts: 3, state: "failed",
  problem: "the model answered 500", cause: { entity: `session/${id(900)}`, sequence: 4 } }));

before(async () => {
  model = await Model.create((call) => silent?.(call));
  server = await Server.create({ flags: model.flags });
  person = await server.sign_up("Tom");
  const signed = await server.sign_up("Olga");
  assert.equal((await server.command("users", "role", "--email", signed.email, "--role", "operator")).code, 0);
  operator = (await server.api("POST", "/api/v1/auth/token", { form: { grant_type: "password", username: signed.email, password: "correct horse" } })).json.access_token;
  server.environment = { ...server.environment, REVERIE_OPERATOR_KEY: operator };
});
after(async () => {
  await server?.destroy();
  model?.close();
});
const effects = (...words) => server.command("effects", ...words, "--server", server.url);

test("a reply that the model owes is listed, and is gone when it came", { timeout: 60_000 }, async () => {
  const calls = [];
  silent = (call) => calls.push(call);
  const character = await server.character(person.token);
  const conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  chat.send("message.send", "are you there?", { conversation_id: conversation.id });
  const waiting = await until("the effect", async () => {
    const shown = await effects("list", "--json", "--entity", `session/${conversation.id}`);
    assert.equal(shown.code, 0, shown.stderr);
    assert.equal(shown.stderr, "");
    const all = JSON.parse(shown.stdout);
    return all.items.length > 0 && all;
  });
  assert.equal(waiting.items[0].state, "pending");
  assert.ok(waiting.depth >= 1);
  const shown = await effects("list", "--state", "pending", "--kind", waiting.items[0].kind);
  assert.match(shown.stdout, new RegExp(`^${waiting.items[0].id}  pending  ${waiting.items[0].kind}  session/${conversation.id}  partition \\d+  \\d+ s old, tried \\d+ times`, "m"));
  assert.match(shown.stdout, /^effects: 1; of all, \d+ wait and 0 failed$/m);
  assert.equal((await effects("retry", waiting.items[0].id)).code, 4, "it has not failed");
  await until("the call", () => calls.length > 0);
  calls[0].say("Yes.");
  calls[0].end();
  await until("the end", async () => JSON.parse((await effects("list", "--json")).stdout).items.length === 0);
  const none = await effects("retry", "--all", "--yes", "--json");
  assert.deepEqual(JSON.parse(none.stdout), { retried: 0, gone: 0, ids: [], more: false, unreachable: [] });
  await chat.close();
});

test("all that failed is asked for again, page by page, with the reason", async () => {
  const failed = failures(450);
  const other = await twin(failed);
  const done = await server.command("effects", "retry", "--all", "--yes", "--json", "--reason", "the model is back", "--server", other.url);
  assert.equal(done.code, 0, done.stderr);
  assert.equal(done.stderr, "");
  assert.equal(JSON.parse(done.stdout).retried, 450);
  assert.deepEqual(other.posts().map((each) => each.path), failed.map((each) => `/api/v1/admin/effects/${each.id}/retry`));
  assert.ok(other.posts().every((each) => each.key === `Bearer ${operator}` && JSON.parse(each.body).reason === "the model is back"));
  assert.ok(other.asked.filter((each) => each.method === "GET").every((each) => each.query.state === "failed"));
  other.close();
});

test("what is asked for again is shown first, and without a terminal only done with --yes", async () => {
  const other = await twin(failures(30));
  const shown = await server.command("effects", "retry", "--all", "--partition", "1", "--entity", `session/${id(900)}`, "--server", other.url);
  assert.equal(shown.code, 4);
  assert.equal(shown.stdout, "");
  assert.match(shown.stderr, /partition 1 .*the model answered 500\n/);
  assert.match(shown.stderr, /5 effects are asked for again\n.*say --yes/s);
  assert.deepEqual(other.posts(), []);
  const one = await server.command("effects", "retry", id(4), "--server", other.url);
  assert.equal(one.code, 0, one.stderr);
  assert.equal(one.stdout, "retried: 1 effects, 0 were gone\n");
  assert.deepEqual(other.posts().map((each) => each.path), [`/api/v1/admin/effects/${id(4)}/retry`]);
  other.close();
});

test("partitions that could not be asked are named, and the end says so", async () => {
  const run = async (...words) => {
    const other = await twin(failures(4), { unreachable: [1, 4] });
    const done = await server.command("effects", ...words, "--server", other.url);
    other.close();
    return { ...done, posts: other.posts().length };
  };
  const listed = await run("list", "--json");
  assert.equal(listed.code, 3);
  assert.deepEqual(JSON.parse(listed.stdout).unreachable, [1, 4]);
  assert.match(listed.stderr, /partitions 1, 4 could not be asked/);
  const all = await run("retry", "--all", "--yes");
  assert.deepEqual([all.code, all.stdout, all.posts], [3, "retried: 4 effects, 0 were gone\n", 4], "what can be reached is asked for again");
  assert.match(all.stderr, /partitions 1, 4 could not be asked/);
  assert.equal((await run("retry", id(2))).code, 0, "it was found");
  assert.equal((await run("retry", id(7))).code, 3, "it may be where nobody could be asked");
  assert.equal((await run("retry", "--all", "--yes", "--partition", "2")).code, 0, "of that one all is known");
  assert.match((await run("retry", "--all", "--yes", "--partition", "4")).stderr, /partition 4 could not be asked/);
});

test("what is behind the first twenty thousand is said to be unknown", { timeout: 120_000 }, async () => {
  const other = await twin(failures(20_001));
  const run = (...words) => server.command("effects", "retry", ...words, "--server", other.url);
  const found = await run(id(10_500), "--json");
  assert.equal(found.code, 0, found.stderr);
  const unknown = await run(id(20_000));
  assert.equal(unknown.code, 5, "it may have failed");
  assert.match(unknown.stderr, /only the first 20000 that failed were looked at/);
  const some = await run("--all", "--yes", "--kind", "embed", "--json");
  assert.deepEqual([some.code, JSON.parse(some.stdout).more], [5, true]);
  other.close();
});

test("exit codes say what came of it", async () => {
  const run = async (failed, refuses, ...words) => {
    const other = await twin(failed, { refuses });
    const done = await server.command("effects", ...words, "--server", other.url);
    other.close();
    return done;
  };
  assert.equal((await server.command("effects", "list", "--server", "http://127.0.0.1:1")).code, 3, "no server");
  assert.equal((await run([], { list: 503 }, "list")).code, 3);
  assert.equal((await run([], { list: 403 }, "list")).code, 4);
  const broken = await run([], { list: 500 }, "list");
  assert.equal(broken.code, 5);
  assert.match(broken.stderr, /refused with 500/);
  assert.equal((await run(failures(2), {}, "retry", id(7))).code, 4, "it has not failed");
  assert.equal((await run(failures(2), { [id(0)]: 404 }, "retry", id(0))).code, 4, "it is gone");
  const some = await run(failures(3), { [id(1)]: 404 }, "retry", "--all", "--yes");
  assert.deepEqual([some.code, some.stdout], [0, "retried: 2 effects, 1 were gone\n"]);
  const half = await run(failures(3), { [id(1)]: 503 }, "retry", "--all", "--yes");
  assert.equal(half.code, 3);
  assert.match(half.stderr, /1 were asked for again before it failed/);
  assert.equal((await effects("retry", "not-an-id")).code, 2);
  assert.equal((await effects("list", "--entity", "nobody")).code, 2);
  const { REVERIE_OPERATOR_KEY: key, ...without } = server.environment;
  server.environment = without;
  const unsigned = await effects("list");
  server.environment = { ...without, REVERIE_OPERATOR_KEY: key };
  assert.equal(unsigned.code, 2);
  assert.match(unsigned.stderr, /REVERIE_OPERATOR_KEY/);
  server.environment = { ...without, REVERIE_OPERATOR_KEY: person.token };
  assert.equal((await effects("list")).code, 4, "no operator");
  server.environment = { ...without, REVERIE_OPERATOR_KEY: key };
});
