import type { StoredMessage } from "../api/types";
import { type ConversationState, fromStored, type ViewMessage } from "./conversation";
import { type Frame, numberOf, textOf } from "./frames";
import type { OutboxEntry } from "./outbox";

export type ConversationAction =
  | { type: "loading" }
  | { type: "load_failed"; problem: string }
  | { type: "loaded"; messages: StoredMessage[]; earlierPage: number; position: string }
  | { type: "earlier"; messages: StoredMessage[]; earlierPage: number }
  | { type: "read_again"; messages: StoredMessage[] }
  | { type: "frame"; frame: Frame; receivedAt: string }
  | { type: "pending"; entries: OutboxEntry[] }
  | { type: "typing_elsewhere"; now: boolean }
  | { type: "disconnected" }
  | { type: "stale" };

/** The next state of a conversation. Pure; every frame may come twice. */
export function reduce(state: ConversationState, action: ConversationAction): ConversationState {
  switch (action.type) {
    case "loading":
      return { ...state, phase: "loading", problem: "" };
    case "load_failed":
      return { ...state, phase: "failed", problem: action.problem };
    case "loaded":
      return {
        ...state, phase: "loaded", problem: "", stale: false, earlierPage: action.earlierPage,
        messages: withRunning(action.messages.map(fromStored), state.messages),
        lastPosition: state.lastPosition || action.position,
      };
    case "earlier": {
      const known = new Set(state.messages.map((message) => message.id));
      const older = action.messages.filter((message) => !known.has(message.id)).map(fromStored);
      return { ...state, earlierPage: action.earlierPage, messages: [...older, ...state.messages] };
    }
    case "read_again":
      return readAgain(state, action.messages);
    case "frame":
      return moved(applyFrame(state, action.frame, action.receivedAt), action.frame);
    case "pending":
      return { ...state, pending: action.entries };
    case "typing_elsewhere":
      return state.typingElsewhere === action.now ? state : { ...state, typingElsewhere: action.now };
    case "disconnected":
      return { ...state, live: false, typingElsewhere: false };
    case "stale":
      return { ...state, stale: true };
  }
}

function moved(state: ConversationState, frame: Frame): ConversationState {
  const position = frame.type === "ack" ? "" : textOf(frame, "position");
  if (position === "" || position === state.lastPosition) return state;
  return { ...state, lastPosition: position };
}

function applyFrame(state: ConversationState, frame: Frame, receivedAt: string): ConversationState {
  switch (frame.type) {
    case "message":
      return onMessage(state, frame, receivedAt);
    case "reply.started":
      return onStarted(state, frame, receivedAt);
    case "reply.delta":
      return onDelta(state, frame);
    case "reply.completed":
      return onEnded(state, frame, receivedAt);
    case "reply.failed":
      return onEnded(state, frame, receivedAt);
    case "message.edited":
      return onEdited(state, frame, receivedAt);
    case "message.deleted":
      return onDeleted(state, frame);
    case "conversation.closed":
      return { ...state, closed: true };
    case "subscribed":
      return { ...state, live: true };
    case "read":
      return { ...state, readUpTo: textOf(frame, "message_id") };
    case "ack":
    case "error":
    case "typing":
    case "presence":
    case "nudge":
      return state;
    default:
      // A durable frame that this page does not know has changed the conversation in some way.
      return textOf(frame, "position") === "" ? state : { ...state, stale: true };
  }
}

function replaceAt(messages: ViewMessage[], index: number, message: ViewMessage): ViewMessage[] {
  return messages.map((old, at) => (at === index ? message : old));
}

/** Puts a new message in the place of its sibling, which goes with all below it: another branch is active now. */
function withNew(messages: ViewMessage[], fresh: Omit<ViewMessage, "siblings">): ViewMessage[] {
  const at = messages.findIndex((message) => message.parentId === fresh.parentId && message.role === fresh.role);
  const siblings = [...(messages[at]?.siblings ?? []), fresh.id];
  return [...(at < 0 ? messages : messages.slice(0, at)), { ...fresh, siblings }];
}

function onMessage(state: ConversationState, frame: Frame, receivedAt: string): ConversationState {
  const id = textOf(frame, "message_id");
  if (id === "") return state;
  const clientMessageId = textOf(frame, "client_message_id");
  const role = textOf(frame, "role") === "character" ? "character" : "user";
  const index = state.messages.findIndex((message) => message.id === id);
  const pending = clientMessageId ? state.pending.filter((entry) => entry.client_message_id !== clientMessageId) : state.pending;
  if (index >= 0) {
    const old = state.messages[index] as ViewMessage;
    const parent = textOf(frame, "parent_id") || old.parentId;
    return { ...state, pending, messages: replaceAt(state.messages, index, { ...old, parentId: parent, content: frame.content }) };
  }
  const parentId = textOf(frame, "parent_id") || null;
  const message = {
    id, parentId, role, content: frame.content, state: "complete", attempt: 0, pieces: [],
    createdAt: textOf(frame, "created_at") || receivedAt,
    ...(clientMessageId ? { clientMessageId } : {}),
  } satisfies Omit<ViewMessage, "siblings">;
  return { ...state, pending, typingElsewhere: false, messages: withNew(state.messages, message) };
}

/** An edited message is a sibling of the old one, and the active branch goes through it. */
function onEdited(state: ConversationState, frame: Frame, receivedAt: string): ConversationState {
  const replaced = state.messages.find((message) => message.id === textOf(frame, "replaces_id"));
  if (!replaced) return state.messages.some((message) => message.id === textOf(frame, "message_id")) ? state : { ...state, stale: true };
  const metadata = { ...frame.metadata, parent_id: replaced.parentId ?? "", role: "user" };
  return onMessage(state, { type: "message", content: frame.content, metadata }, receivedAt);
}

function onDeleted(state: ConversationState, frame: Frame): ConversationState {
  const named = Array.isArray(frame.metadata.removed_ids) ? frame.metadata.removed_ids : [];
  const removed = new Set<unknown>([...named, textOf(frame, "message_id")]);
  const messages = state.messages.filter((message) => !removed.has(message.id)).map((message) =>
    message.siblings.some((id) => removed.has(id)) ? { ...message, siblings: message.siblings.filter((id) => !removed.has(id)) } : message);
  // The end of the branch may lie elsewhere now, among messages that are not shown.
  const leaf = textOf(frame, "leaf_id");
  if (messages.length === state.messages.length && messages.some((message) => message.id === leaf)) return { ...state, messages };
  const stale = state.stale || (leaf !== "" && messages.at(-1)?.id !== leaf);
  return { ...state, messages, stale };
}

function onStarted(state: ConversationState, frame: Frame, receivedAt: string): ConversationState {
  const id = textOf(frame, "message_id");
  if (id === "") return state;
  const attempt = numberOf(frame, "attempt", 1);
  const index = state.messages.findIndex((message) => message.id === id);
  const old = state.messages[index];
  if (old) {
    const repeated = attempt < old.attempt || (attempt === old.attempt && old.state !== "streaming");
    // What was read from the list names no attempt: a reply that is complete there is over, one that failed can start again.
    const over = old.attempt === 0 && old.state !== "failed" && old.state !== "streaming";
    if (repeated || over) return state;
    const same = attempt === old.attempt;
    const { failure: _failure, finishReason: _reason, ...rest } = old;
    const again: ViewMessage = { ...rest, state: "streaming", attempt, pieces: [], content: same ? old.content : "" };
    return { ...state, messages: replaceAt(state.messages, index, again) };
  }
  const parentId = textOf(frame, "parent_id") || null;
  const message = {
    id, parentId, role: "character", content: "", state: "streaming", attempt, pieces: [],
    createdAt: textOf(frame, "created_at") || receivedAt,
  } satisfies Omit<ViewMessage, "siblings">;
  return { ...state, messages: withNew(state.messages, message) };
}

function onDelta(state: ConversationState, frame: Frame): ConversationState {
  const id = textOf(frame, "message_id");
  const index = state.messages.findIndex((message) => message.id === id);
  const old = state.messages[index];
  const attempt = numberOf(frame, "attempt", 1);
  const at = numberOf(frame, "index", -1);
  if (!old || old.state !== "streaming" || attempt < old.attempt || at < 0) return state;
  const again = attempt > old.attempt;
  const pieces = again ? [] : old.pieces.slice();
  if (pieces[at] !== undefined) return state;
  pieces[at] = frame.content;
  const joined = joinPieces(pieces);
  // After a reconnection the pieces come again from the first: what is on the screen stays until they have caught up.
  const content = !again && joined.length < old.content.length ? old.content : joined;
  return { ...state, messages: replaceAt(state.messages, index, { ...old, attempt, pieces, content }) };
}

/** The pieces up to the first hole. */
export function joinPieces(pieces: string[]): string {
  let joined = "";
  for (let index = 0; index < pieces.length && pieces[index] !== undefined; ++index) joined += pieces[index];
  return joined;
}

function onEnded(state: ConversationState, frame: Frame, receivedAt: string): ConversationState {
  const id = textOf(frame, "message_id");
  if (id === "") return state;
  const attempt = numberOf(frame, "attempt", 1);
  const index = state.messages.findIndex((message) => message.id === id);
  const old = state.messages[index];
  if (old && attempt < old.attempt) return state;
  const failed = frame.type === "reply.failed";
  const finishReason = textOf(frame, "finish_reason") || "stop";
  const base: ViewMessage = old ?? {
    id, parentId: textOf(frame, "parent_id") || null, role: "character", content: "", state: "streaming", attempt, pieces: [],
    createdAt: textOf(frame, "created_at") || receivedAt, siblings: [id],
  };
  const { failure: _failure, ...rest } = base;
  const ended: ViewMessage = failed
    ? {
        ...rest, state: "failed", attempt, pieces: [],
        failure: { code: textOf(frame, "code"), text: frame.content, retryable: frame.metadata.retryable !== false },
      }
    : { ...rest, state: finishReason === "stopped" ? "stopped" : "complete", attempt, pieces: [], content: frame.content, finishReason };
  const messages = old ? replaceAt(state.messages, index, ended) : [...state.messages, ended];
  return { ...state, messages };
}

/** A list from the server, with what is being written now kept as it stands. */
function withRunning(read: ViewMessage[], shown: ViewMessage[]): ViewMessage[] {
  const running = shown.filter((message) => message.state === "streaming");
  const kept = read.map((message) => {
    const before = shown.find((old) => old.id === message.id);
    if (before === undefined) return message;
    if (before.state === "streaming" && message.state === "failed") return before;
    return before.state === message.state ? { ...before, content: message.content || before.content, siblings: message.siblings } : { ...message, attempt: before.attempt };
  });
  const ids = new Set(kept.map((message) => message.id));
  const more = running.filter((message) => !ids.has(message.id) && (message.parentId === null || ids.has(message.parentId)));
  return [...kept, ...more];
}

function readAgain(state: ConversationState, stored: StoredMessage[]): ConversationState {
  const read = stored.map(fromStored);
  const first = read[0];
  const at = first ? state.messages.findIndex((message) => message.id === first.id) : -1;
  const earlier = at > 0 ? state.messages.slice(0, at) : [];
  return { ...state, stale: false, messages: [...earlier, ...withRunning(read, state.messages)] };
}
