// What every command prints and where: JSON alone on standard output with --json, progress only where a terminal is, a help text for each.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { LetterEmbeddings } from "./support/embeddings.mjs";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, conversation, embeddings;

before(async () => {
  embeddings = await LetterEmbeddings.start();
  server = await Server.create({ flags: ["--no-model"], environment: embeddings.environment });
  const person = await server.sign_up("Ada");
  const character = await server.character(person.token);
  conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  for (const text of ["My dog is called Bruno", "I live in Oslo"]) await chat.say(text, { conversation_id: conversation.id });
  await chat.close();
});
after(async () => {
  await server?.destroy();
  embeddings?.close();
});

const file = (name) => join(server.data, name);

/** Commands in the order they are run; each ends with 0 and prints one JSON document, or (`lines`) one a line. */
const commands = () => [
  { words: ["migrate"] },
  { words: ["config"] },
  { words: ["replay", "--entity", `session/${conversation.id}`] },
  { words: ["replay", "--entity", `session/${conversation.id}`, "--print", "events"] },
  { words: ["replay", "--entity", `session/${conversation.id}`, "--diff", "1", "2"] },
  { words: ["replay", "--all", "--verify"] },
  { words: ["replay", "--all", "--save-states", file("states")] },
  { words: ["replay", "--all", "--against", file("states")], lines: true },
  { words: ["events", "show", "0:0"] },
  { words: ["events", "tail", "--from-start", "--no-follow"], lines: true },
  { words: ["verify"] },
  { words: ["verify", "messages"] },
  { words: ["rebuild", "--dry-run", "messages"] },
  { words: ["rebuild", "messages"] },
  { words: ["rebuild", "--status"] },
  { words: ["rebuild", "--roll-back", "messages"] },
  { words: ["rebuild", "--drop-old", "messages", "--yes"] },
  { words: ["projections", "list"] },
  { words: ["projections", "pause", "bonds", "--reason", "to look"] },
  { words: ["projections", "resume", "bonds"] },
  { words: ["projections", "reset", "bonds", "--to-start", "--dry-run"] },
  { words: ["projections", "reset", "bonds", "--to-start", "--yes"] },
  { words: ["dead-letters", "list"] },
  { words: ["dead-letters", "list", "--projection", "bonds", "--version", "1", "--state", "any"] },
  { words: ["dead-letters", "retry", "--all"] },
  { words: ["dead-letters", "retry", "--all", "--dry-run"] },
  { words: ["dead-letters", "discard", "--all", "--yes", "--reason", "none there"] },
  { words: ["dead-letters", "rules"] },
  { words: ["vectors", "list"] },
  { words: ["vectors", "build"] },
  { words: ["vectors", "compare", "2"] },
  { words: ["vectors", "switch", "2"] },
  { words: ["vectors", "roll-back"] },
  { words: ["vectors", "drop", "2", "--yes"] },
  { words: ["vault", "export", file("vault")] },
  { words: ["vault", "import", file("vault")] },
];

test("with --json a program can read all of standard output, and nothing else is said", { timeout: 180_000 }, async () => {
  for (const { words, lines } of commands()) {
    const done = await server.command(...words, "--json");
    const said = `${words.join(" ")}\n${done.stdout}\n${done.stderr}`;
    assert.equal(done.code, 0, said);
    for (const text of lines ? done.stdout.trim().split("\n") : [done.stdout]) assert.doesNotThrow(() => JSON.parse(text), said);
    if (!words.includes("--verify")) assert.equal(done.stderr, "", said);
  }
});

test("copying the log is told as JSON too", { timeout: 60_000 }, async () => {
  await server.stop();
  const out = await server.command("events", "export", "--to", `rocksdb:${file("copy")}`, "--json");
  await server.start();
  assert.equal(out.code, 0, out.stderr);
  assert.ok(JSON.parse(out.stdout).copied > 0);
  assert.equal(out.stderr, "");
});

test("each command tells what it is for and what it takes", async () => {
  const help = await server.command("--help");
  assert.equal(help.code, 0);
  const listed = [...help.stdout.matchAll(/^  ([a-z-]+)\s{2,}\S/gm)].map((each) => each[1]);
  for (const name of ["serve", "replay", "fork", "effects", "rebuild", "dead-letters", "projections", "vectors", "verify", "events", "users", "vault", "config", "simulate"]) assert.ok(listed.includes(name), `${name}\n${help.stdout}`);
  for (const { words } of commands()) {
    const path = words.slice(0, ["events", "projections", "dead-letters", "vectors", "vault"].includes(words[0]) ? 2 : 1);
    const shown = await server.command(...path, "--help");
    assert.equal(shown.code, 0);
    assert.equal(shown.stderr, "");
    assert.match(shown.stdout, /--json/);
  }
});

/** Runs a command with a terminal as its standard error and standard output. */
const on_a_terminal = (...words) =>
  new Promise((resolve) => {
    const quoted = [process.env.REVERIE_BINARY, ...words].map((each) => `'${each}'`).join(" ");
    execFile("script", ["-qefc", quoted, "/dev/null"], { env: server.variables() }, (error, stdout) => resolve({ code: error?.code ?? 0, stdout }));
  });
let terminals = true;
try {
  execFileSync("script", ["--version"]);
} catch {
  terminals = false;
}

test("what takes long shows a bar with rate and time on a terminal, and nowhere else", { timeout: 120_000, skip: !terminals && "no program here makes a terminal" }, async () => {
  const bar = (unit) => new RegExp(`\\[#+-*\\]  \\d+ %  \\d+/\\d+ ${unit}  \\d+ ${unit}/s  .*(left|in all)`);
  for (const [unit, ...words] of [
    ["records", "replay", "--all", "--verify", "--from-start"],
    ["records", "replay", "--all", "--save-states", file("states-again")],
    ["records", "replay", "--all", "--against", file("states-again")],
    ["records", "projections", "reset", "messages", "--partition", "0", "--to-offset", "1", "--yes"],
    ["vectors", "vectors", "build"],
    ["questions", "vectors", "compare", "newest"],
    ["records", "verify"],
    ["records", "rebuild", "messages"],
  ]) {
    const newest = words.indexOf("newest");
    if (newest >= 0) words[newest] = String(JSON.parse((await server.command("vectors", "list", "--json")).stdout).at(-1).version);
    const shown = await on_a_terminal(...words);
    assert.equal(shown.code, 0, shown.stdout);
    if (words[1] !== "reset" || /set back in [1-9]/.test(shown.stdout)) assert.match(shown.stdout, bar(unit), words.join(" "));
  }
  const quiet = await server.command("rebuild", "users");
  assert.equal(quiet.stderr, "", "not into a file");
  const read_by_a_program = await on_a_terminal("rebuild", "users", "--json");
  assert.doesNotThrow(() => JSON.parse(read_by_a_program.stdout), read_by_a_program.stdout);
});

test("what can't be undone asks on a terminal, and is done when somebody says yes", { skip: !terminals && "no program here makes a terminal" }, async () => {
  await server.command("rebuild", "users");
  const answer = (text) =>
    new Promise((resolve) => {
      const asked = execFile("script", ["-qefc", `'${process.env.REVERIE_BINARY}' rebuild --drop-old users`, "/dev/null"], { env: server.variables() }, (error, stdout) => resolve({ code: error?.code ?? 0, stdout }));
      asked.stdin.write(`${text}\n`);
    });
  const no = await answer("n");
  assert.equal(no.code, 4, no.stdout);
  assert.match(no.stdout, /users v\d+ goes, about \d+ rows.*can't be undone\. Go on\? \[y\/N\]/s);
  const yes = await answer("y");
  assert.equal(yes.code, 0, yes.stdout);
  assert.match(yes.stdout, /1 older versions dropped/);
});
