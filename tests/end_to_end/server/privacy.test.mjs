// What a person writes or is called is in no file the server writes, Postgres' own aside.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

const planted = ["zanzibar-marmalade-7391", "Quillfeather", "My parrot is named Xylophonia"];
let server;

before(async () => { server = await Server.create({ flags: ["--no-model", "--log-level", "trace"] }); });
after(() => server?.destroy());

async function files_below(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await files_below(path)));
    else if ((await stat(path)).isFile()) found.push(path);
  }
  return found;
}

test("planted sentences are found in no file and no log line", async () => {
  const person = await server.sign_up(planted[1]);
  const character = await server.character(person.token, { description: `Keeps ${planted[0]}` });
  const conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  await chat.say(`I hid the ${planted[0]}.`, { conversation_id: conversation.id });
  await chat.say(planted[2], { conversation_id: conversation.id });
  await chat.close();
  await server.api("GET", `/api/v1/memories?q=${encodeURIComponent(planted[2])}`, { token: person.token });
  await server.stop();
  await server.start();
  await server.messages(person.token, conversation.id);
  await server.kill();
  const files = await files_below(server.data);
  assert.ok(files.length > 5);
  const words = [...planted, "Xylophonia", person.email].map((word) => Buffer.from(word));
  for (const file of files) {
    const bytes = await readFile(file);
    for (const word of words) assert.equal(bytes.indexOf(word), -1, `${word} stands in ${file}`);
  }
  for (const word of words) assert.equal(server.output.indexOf(word.toString()), -1, `${word} stands in the server's log`);
});
