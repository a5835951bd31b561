import { describe, expect, it } from "vitest";
import type { Page, StoredMessage } from "../api/types";
import { ChatStore } from "./chat_store";
import { FakeStorage, FakeWorld } from "./fakes";
import { Outbox } from "./outbox";

function page(items: StoredMessage[]): Page<StoredMessage> {
  return { items, total: items.length, page: 1, page_size: 100, has_more: false, next_cursor: null };
}

async function opened(storage = new FakeStorage()) {
  const world = new FakeWorld();
  const listed: StoredMessage[] = [];
  const chat = new ChatStore({ messages: () => Promise.resolve(page([...listed])) }, new Outbox(storage, "user"), world);
  chat.socket.start();
  await world.accept();
  await chat.open("c", "0:1");
  return { world, chat, storage, listed };
}
const reconnect = async (world: FakeWorld) => {
  world.socket.onclose?.({ code: 1006, reason: "" });
  world.fire();
  return world.accept();
};

describe("the chat", () => {
  it("subscribes after the position that it has loaded up to", async () => {
    const { world } = await opened();
    expect(world.socket.sent.at(-1)).toMatchObject({ type: "subscribe", metadata: { conversation_id: "c", after: "0:1" } });
  });

  it("tells now and then that the user writes, and believes other devices for a while", async () => {
    const { world, chat } = await opened();
    const typing = () => world.socket.types().filter((type) => type === "typing").length;
    world.socket.say("typing", "", { conversation_id: "c", role: "user" });
    expect(chat.conversation("c").typingElsewhere).toBe(true);
    world.fire();
    expect(chat.conversation("c").typingElsewhere).toBe(false);
    chat.typing("c");
    chat.typing("c");
    expect(typing()).toBe(1);
    world.socket.say("typing", "", { conversation_id: "c", role: "user" });
    expect(chat.conversation("c").typingElsewhere).toBe(false); // its own
  });

  it("tells once what was read", async () => {
    const { world, chat } = await opened();
    chat.markRead("c", "m");
    chat.markRead("c", "m");
    expect(world.socket.sent.filter((frame) => frame.type === "read")).toMatchObject([{ metadata: { conversation_id: "c", message_id: "m" } }]);
    world.socket.say("read", "", { conversation_id: "c", message_id: "n", position: "0:3" });
    chat.markRead("c", "n");
    expect(world.socket.types().filter((type) => type === "read")).toHaveLength(1);
  });

  it("says nothing of a token that ran out: the socket comes back by itself", async () => {
    const { world, chat } = await opened();
    world.socket.say("error", "The access token has expired.", { code: "token_expired", message: "The access token has expired." });
    expect(chat.notice).toBe("");
  });

  it("sends a message again under the same id until it is acknowledged", async () => {
    const { world, chat } = await opened();
    chat.send("c", "hello");
    const first = world.socket.sent.at(-1);
    const second = (await reconnect(world)).sent.at(-1);
    expect(second).toEqual(first);
    world.socket.say("ack", "", { client_message_id: first?.metadata.client_message_id, conversation_id: "c", message_id: "m", position: "0:2" });
    expect(chat.conversation("c")).toMatchObject({ pending: [], messages: [{ id: "m", content: "hello" }] });
    expect((await reconnect(world)).types()).not.toContain("message.send");
  });

  it("shows one message when both the ack and the message come, in either order", async () => {
    for (const order of [["ack", "message"], ["message", "ack"]]) {
      const { world, chat } = await opened();
      chat.send("c", "hello");
      const client_message_id = world.socket.sent.at(-1)?.metadata.client_message_id;
      for (const type of order) world.socket.say(type, type === "message" ? "hello" : "", { client_message_id, conversation_id: "c", message_id: "m", role: "user", position: "0:2" });
      expect(chat.conversation("c").messages.map((message) => message.id)).toEqual(["m"]);
      expect(chat.conversation("c").pending).toEqual([]);
    }
  });

  it("keeps unacknowledged messages over a reload of the page", async () => {
    const before = await opened();
    before.world.socket.onclose?.({ code: 1006, reason: "" });
    before.chat.send("c", "written offline");
    const after = await opened(before.storage);
    expect(after.chat.conversation("c").pending).toMatchObject([{ content: "written offline" }]);
    expect(after.world.socket.sent).toContainEqual(expect.objectContaining({ type: "message.send", content: "written offline" }));
  });

  it("waits as long as the server says when it is too fast, then sends again", async () => {
    const { world, chat } = await opened();
    chat.send("c", "hello");
    const client_message_id = world.socket.sent.at(-1)?.metadata.client_message_id;
    world.socket.say("error", "Too many messages.", { code: "rate_limited", client_message_id, retry_after_s: 7 });
    expect(chat.notice).toBe("Too many messages. Try again in 7 seconds.");
    expect(world.waits()).toContain(7000);
    world.fire();
    expect(world.socket.sent.filter((frame) => frame.type === "message.send")).toHaveLength(2);
  });

  it("keeps a refused message with what the server said, and does not send it again by itself", async () => {
    const { world, chat } = await opened();
    chat.send("c", "hello");
    const client_message_id = world.socket.sent.at(-1)?.metadata.client_message_id;
    world.socket.say("error", "The conversation is closed.", { code: "conflict", client_message_id });
    expect(chat.conversation("c").pending).toMatchObject([{ refused: "The conversation is closed." }]);
    expect((await reconnect(world)).types()).not.toContain("message.send");
    const entry = chat.conversation("c").pending[0];
    if (entry) chat.discard(entry);
    expect(chat.conversation("c").pending).toEqual([]);
  });

  it("follows from the position of the last frame after a reconnection", async () => {
    const { world } = await opened();
    world.socket.say("message", "a", { conversation_id: "c", message_id: "a", role: "user", position: "0:5" });
    world.socket.say("message", "b", { conversation_id: "c", message_id: "b", parent_id: "a", role: "user", position: "0:6" });
    const subscribe = (await reconnect(world)).sent.find((frame) => frame.type === "subscribe");
    expect(subscribe?.metadata.after).toBe("0:6");
  });

  it("reads the list again when another branch was chosen elsewhere", async () => {
    const { world, chat, listed } = await opened();
    listed.push({ id: "x", conversation_id: "c", parent_id: null, role: "user", content: "other branch", state: "complete", created_at: "2026-01-01T00:00:00.000Z", position: "0:3" });
    world.socket.say("branch.selected", "", { conversation_id: "c", leaf_id: "x", position: "0:7" });
    await world.settle();
    expect(chat.conversation("c")).toMatchObject({ stale: false, messages: [{ content: "other branch" }] });
  });

  it("says so when a command cannot be sent", async () => {
    const { world, chat } = await opened();
    world.socket.onclose?.({ code: 1006, reason: "" });
    expect(chat.command("reply.stop", "c")).toBe(false);
    expect(chat.notice).not.toBe("");
  });
});
