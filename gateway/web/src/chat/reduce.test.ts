import { describe, expect, it } from "vitest";
import type { StoredMessage } from "../api/types";
import { type ConversationState, emptyConversation } from "./conversation";
import type { Frame } from "./frames";
import { reduce } from "./reduce";

const conversation_id = "c";
const at = "2026-01-01T00:00:00.000Z";

function frame(type: string, content: string, metadata: Record<string, unknown>): Frame {
  return { type, content, metadata: { conversation_id, ...metadata } };
}
function run(frames: Frame[], from: ConversationState = emptyConversation(conversation_id)): ConversationState {
  return frames.reduce((state, one) => reduce(state, { type: "frame", frame: one, receivedAt: at }), from);
}
const said = (id: string, parent: string, position: string, more = {}) => frame("message", `text ${id}`, { message_id: id, parent_id: parent, role: "user", position, ...more });
const started = (attempt = 1, position = "0:2", id = "r", parent = "u") => frame("reply.started", "", { message_id: id, parent_id: parent, attempt, position });
const delta = (index: number, text: string, attempt = 1, id = "r") => frame("reply.delta", text, { message_id: id, attempt, index });
const completed = (text: string, attempt = 1, finish_reason = "stop", id = "r") => frame("reply.completed", text, { message_id: id, attempt, finish_reason, position: "0:9" });
const contents = (state: ConversationState) => state.messages.map((message) => message.content);

describe("a conversation", () => {
  it("shows a message once, however often its frame comes", () => {
    const state = run([said("u", "", "0:1"), said("u", "", "0:1")]);
    expect(contents(state)).toEqual(["text u"]);
  });

  it("joins the pieces of a reply in the order of their index and waits at a hole", () => {
    const start = run([said("u", "", "0:1"), started()]);
    expect(run([delta(0, "a"), delta(2, "c")], start).messages[1]?.content).toBe("a");
    expect(run([delta(0, "a"), delta(2, "c"), delta(1, "b"), delta(1, "b")], start).messages[1]?.content).toBe("abc");
  });

  it("starts again with a higher attempt and ignores what the lower one still says", () => {
    const state = run([said("u", "", "0:1"), started(), delta(0, "old"), started(2, "0:3"), delta(1, " late", 1), delta(0, "new", 2)]);
    expect(state.messages[1]).toMatchObject({ content: "new", attempt: 2, state: "streaming" });
    expect(run([completed("old", 1)], state).messages[1]?.state).toBe("streaming");
  });

  it("keeps the text on the screen while the pieces come again after a reconnection", () => {
    const before = run([said("u", "", "0:1"), started(), delta(0, "one "), delta(1, "two ")]);
    const again = run([started(), delta(0, "one ")], before);
    expect(again.messages[1]?.content).toBe("one two ");
    expect(run([delta(1, "two "), delta(2, "three")], again).messages[1]?.content).toBe("one two three");
  });

  it("takes the whole text of the completed reply over its pieces", () => {
    const state = run([said("u", "", "0:1"), started(), delta(0, "par"), completed("partial no more")]);
    expect(state.messages[1]).toMatchObject({ content: "partial no more", state: "complete" });
    expect(run([started(), delta(0, "par")], state).messages[1]).toMatchObject({ content: "partial no more", state: "complete" });
  });

  it("marks a reply that the user stopped", () => {
    expect(run([said("u", "", "0:1"), started(), completed("so far", 1, "stopped")]).messages[1]?.state).toBe("stopped");
  });

  it("shows why a reply failed, and takes up the next attempt in its place", () => {
    const failed = run([said("u", "", "0:1"), started(), frame("reply.failed", "No answer.", { message_id: "r", attempt: 1, code: "model_timed_out", retryable: true, position: "0:3" })]);
    expect(failed.messages[1]).toMatchObject({ state: "failed", failure: { text: "No answer.", retryable: true } });
    const again = run([started(2, "0:4")], failed).messages;
    expect(again).toHaveLength(2);
    expect(again[1]).toMatchObject({ state: "streaming", content: "" });
    expect(again[1]?.failure).toBeUndefined();
  });

  it("puts another reply to the same message in the place of the first, with what followed it", () => {
    const state = run([said("u", "", "0:1"), started(), completed("first"), said("v", "r", "0:10"), started(1, "0:11", "s", "u")]);
    expect(state.messages.map((message) => message.id)).toEqual(["u", "s"]);
  });

  it("keeps a message that was sent while a reply is running", () => {
    const state = run([said("u", "", "0:1"), started(), said("v", "r", "0:3"), delta(0, "still here")]);
    expect(state.messages.map((message) => message.id)).toEqual(["u", "r", "v"]);
    expect(state.messages[1]?.content).toBe("still here");
  });

  it("replaces an edited message and all that hung below it", () => {
    const state = run([said("g", "", "0:0"), said("u", "g", "0:1"), started(), completed("answer"), frame("message.edited", "better", { message_id: "w", replaces_id: "u", position: "0:10" }), started(1, "0:10", "s", "w")]);
    expect(state.messages.map((message) => message.id)).toEqual(["g", "w", "s"]);
    expect(state.messages[1]?.parentId).toBe("g");
  });

  it("removes deleted messages, and asks for the list when the branch ends elsewhere", () => {
    const before = run([said("g", "", "0:0"), said("u", "g", "0:1"), started(), completed("answer")]);
    const removed = frame("message.deleted", "", { message_id: "u", removed_ids: ["u", "r"], leaf_id: "g", position: "0:11" });
    expect(run([removed], before)).toMatchObject({ stale: false, messages: [{ id: "g" }] });
    expect(run([{ ...removed, metadata: { ...removed.metadata, leaf_id: "elsewhere" } }], before).stale).toBe(true);
  });

  it("counts the versions of a message as they are made, read and deleted", () => {
    const first = run([said("g", "", "0:0"), said("u", "g", "0:1"), started(), completed("one")]);
    expect(first.messages.map((message) => message.siblings)).toEqual([["g"], ["u"], ["r"]]);
    const other = run([started(1, "0:10", "r2"), completed("two", 1, "stop", "r2")], first);
    expect(other.messages.at(-1)).toMatchObject({ id: "r2", siblings: ["r", "r2"] });
    const edited = run([frame("message.edited", "better", { message_id: "u2", replaces_id: "u", position: "0:11" })], other);
    expect(edited.messages.map((message) => message.siblings)).toEqual([["g"], ["u", "u2"]]);
    const gone = run([frame("message.deleted", "", { message_id: "r", removed_ids: ["r"], leaf_id: "r2", position: "0:12" })], other);
    expect(gone.messages.at(-1)?.siblings).toEqual(["r2"]);
    const stored: StoredMessage = { id: "u", conversation_id, parent_id: "g", role: "user", content: "text u", state: "complete", created_at: at, position: "0:1", sibling_ids: ["u", "u2"] };
    expect(reduce(other, { type: "read_again", messages: [stored] }).messages.at(-1)?.siblings).toEqual(["u", "u2"]);
  });

  it("knows up to where it was read", () => {
    expect(run([said("u", "", "0:1"), frame("read", "", { message_id: "u", position: "0:2" })])).toMatchObject({ readUpTo: "u", stale: false });
  });

  it("asks for the list when a durable frame that it does not know has come", () => {
    expect(run([frame("branch.selected", "", { leaf_id: "x", position: "0:5" })]).stale).toBe(true);
    expect(run([frame("typing", "", { role: "character" })]).stale).toBe(false);
  });

  it("resumes one position before the last, as several frames can share one", () => {
    const state = run([said("u", "", "0:1"), said("v", "u", "0:4"), started(1, "0:4", "r", "v")]);
    expect(state.lastPosition).toBe("0:4");
  });

  it("takes a message out of the pending ones when it comes back, before or without its ack", () => {
    const entry = { client_message_id: "k", conversation_id, content: "text u", created_at: at };
    const waiting = reduce(emptyConversation(conversation_id), { type: "pending", entries: [entry] });
    expect(run([said("u", "", "0:1", { client_message_id: "k" })], waiting).pending).toEqual([]);
  });

  it("keeps a running reply when the list is read again", () => {
    const stored: StoredMessage = { id: "u", conversation_id, parent_id: null, role: "user", content: "text u", state: "complete", created_at: at, position: "0:1" };
    const running = run([said("u", "", "0:1"), started(), delta(0, "so far")]);
    const read = reduce(running, { type: "read_again", messages: [stored] });
    expect(contents(read)).toEqual(["text u", "so far"]);
  });

  it("ignores frames without the ids that they need", () => {
    const state = emptyConversation(conversation_id);
    for (const type of ["message", "reply.started", "reply.delta", "reply.completed", "reply.failed"]) {
      expect(run([frame(type, "x", {})], state).messages).toEqual([]);
    }
  });
});
