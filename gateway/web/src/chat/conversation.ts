import type { StoredMessage } from "../api/types";
import type { OutboxEntry } from "./outbox";

export type MessageState = "complete" | "failed" | "stopped" | "streaming";

export interface Failure {
  code: string;
  text: string;
  retryable: boolean;
}

export interface ViewMessage {
  id: string;
  parentId: string | null;
  role: "user" | "character";
  content: string;
  state: MessageState;
  createdAt: string;
  attempt: number;
  /** Pieces of the running attempt by index; holes are pieces that have not come yet. */
  pieces: string[];
  failure?: Failure;
  finishReason?: string;
  clientMessageId?: string;
  /** Versions of this message (edits, other replies), oldest first, itself among them. */
  siblings: string[];
}

/** What the page shows of one conversation. */
export interface ConversationState {
  id: string;
  phase: "empty" | "loading" | "loaded" | "failed";
  /** Why loading failed, as a sentence. */
  problem: string;
  /** Active branch, oldest first. */
  messages: ViewMessage[];
  /** Sent by the user and not acknowledged yet. */
  pending: OutboxEntry[];
  /** The page of older messages to load next; 0 when all are here. */
  earlierPage: number;
  /** Position of the last durable frame, and of the last one before it that differs. */
  lastPosition: string;
  /** Closed while it was followed, here or on another device. */
  closed: boolean;
  /** The newest message that was read, on whatever device. */
  readUpTo: string;
  /** The user is writing here on another device. */
  typingElsewhere: boolean;
  /** Frames are flowing. */
  live: boolean;
  /** The active branch may be another one than shown: the list has to be read again. */
  stale: boolean;
}

export function emptyConversation(id: string): ConversationState {
  return {
    id, phase: "empty", problem: "", messages: [], pending: [], earlierPage: 0,
    lastPosition: "", readUpTo: "", typingElsewhere: false, closed: false, live: false, stale: false,
  };
}

export function fromStored(stored: StoredMessage): ViewMessage {
  const failed = stored.state === "failed";
  return {
    id: stored.id,
    parentId: stored.parent_id,
    role: stored.role,
    content: failed ? "" : stored.content,
    state: stored.state,
    createdAt: stored.created_at,
    attempt: 0,
    pieces: [],
    siblings: stored.sibling_ids?.length ? stored.sibling_ids : [stored.id],
    ...(failed ? { failure: { code: "", text: stored.content, retryable: true } } : {}),
  };
}

/** The reply that is being written, if there is one. */
export function runningReply(state: ConversationState): ViewMessage | undefined {
  return state.messages.findLast((message) => message.state === "streaming");
}

