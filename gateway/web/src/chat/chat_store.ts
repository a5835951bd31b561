import type { ApiClient } from "../api/client";
import { describeError, type ErrorFields, ApiError, retryAfterOf } from "../api/errors";
import { type ConversationState, emptyConversation } from "./conversation";
import { type Frame, textOf } from "./frames";
import type { Outbox, OutboxEntry } from "./outbox";
import { type ConversationAction, reduce } from "./reduce";
import { ChatSocket, type ConnectionState, type SocketEnvironment } from "./socket";

export interface ChatEnvironment extends SocketEnvironment {
  now: () => string;
  uuid: () => string;
  /** Runs once, soon: many deltas make one change on the screen. */
  soon: (run: () => void) => void;
}

type Commands = "message.edit" | "message.delete" | "message.regenerate" | "reply.stop" | "branch.select";

const retryableCodes = new Set(["rate_limited", "overloaded", "unavailable", "duplicate_in_progress", "internal_error"]);
const defaultRetryS = 3;
/** How often writing is told, and how long it is believed. */
const typingEveryMs = 3000;
const typingLastsMs = 6000;

/** All open conversations of the signed-in user, fed by one socket. */
export class ChatStore {
  readonly socket: ChatSocket;
  connection: ConnectionState = "closed";
  connectionNotice = "";
  /** The last thing that went wrong, for the page to show once. */
  notice = "";
  private readonly states = new Map<string, ConversationState>();
  private readonly listeners = new Set<() => void>();
  private readonly retries = new Map<string, number>();
  private readonly typedAt = new Map<string, number>();
  private readonly typingTimers = new Map<string, number>();
  private readonly toldRead = new Map<string, string>();
  private scheduled = false;

  constructor(
    private readonly api: Pick<ApiClient, "messages">,
    private readonly outbox: Outbox,
    private readonly world: ChatEnvironment,
  ) {
    this.socket = new ChatSocket(world, {
      ready: () => this.onReady(),
      frame: (frame) => this.onFrame(frame),
      state: (state, notice) => this.onConnection(state, notice),
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same object until something changes. */
  conversation(id: string): ConversationState {
    const known = this.states.get(id);
    if (known) return known;
    const fresh = { ...emptyConversation(id), pending: this.pendingOf(id) };
    this.states.set(id, fresh);
    return fresh;
  }

  /** Loads and follows a conversation. `position` is where it stands: a new one may not be readable before. */
  async open(id: string, position: string): Promise<void> {
    const phase = this.conversation(id).phase;
    if (phase === "loading" || phase === "loaded") return;
    this.apply(id, { type: "loading" });
    try {
      const { messages, earlierPage } = await this.newest(id, position || undefined);
      this.apply(id, { type: "loaded", messages, earlierPage, position: messages.at(-1)?.position ?? position });
      this.follow(id);
    } catch (error) {
      this.apply(id, { type: "load_failed", problem: describeError(error) });
    }
  }

  async loadEarlier(id: string): Promise<void> {
    const page = this.conversation(id).earlierPage;
    if (page < 1) return;
    try {
      const got = await this.api.messages(id, page);
      this.apply(id, { type: "earlier", messages: got.items, earlierPage: page - 1 });
    } catch (error) {
      this.say(describeError(error));
    }
  }

  send(id: string, content: string): void {
    const entry: OutboxEntry = { client_message_id: this.world.uuid(), conversation_id: id, content, created_at: this.world.now() };
    this.outbox.put(entry);
    this.showPending(id);
    this.transmit(entry);
  }

  /** Sends a refused message again, as a new one. */
  resend(entry: OutboxEntry): void {
    this.discard(entry);
    this.send(entry.conversation_id, entry.content);
  }

  discard(entry: OutboxEntry): void {
    this.outbox.remove(entry.client_message_id);
    this.showPending(entry.conversation_id);
  }

  /** Edits, deletes, regenerates, stops. False, with a notice, when there is no connection: these are not kept for later. */
  command(type: Commands, conversation_id: string, message_id?: string, content = ""): boolean {
    const metadata = { conversation_id, ...(message_id ? { message_id } : {}), client_message_id: this.world.uuid() };
    if (this.socket.send({ type, content, metadata })) return true;
    this.say("There is no connection right now. Try again in a moment.");
    return false;
  }

  /** The user is writing: other devices are told now and then. */
  typing(id: string): void {
    const now = Date.parse(this.world.now());
    if (now - (this.typedAt.get(id) ?? 0) < typingEveryMs) return;
    if (this.socket.send({ type: "typing", metadata: { conversation_id: id } })) this.typedAt.set(id, now);
  }

  /** The user has this message before their eyes. */
  markRead(id: string, message_id: string): void {
    if (this.toldRead.get(id) === message_id || this.conversation(id).readUpTo === message_id) return;
    if (this.socket.send({ type: "read", metadata: { conversation_id: id, message_id } })) this.toldRead.set(id, message_id);
  }

  say(notice: string): void {
    this.notice = notice;
    this.changed();
  }

  private pendingOf(id: string): OutboxEntry[] {
    return this.outbox.entries().filter((entry) => entry.conversation_id === id);
  }

  private showPending(id: string): void {
    this.apply(id, { type: "pending", entries: this.pendingOf(id) });
  }

  private transmit(entry: OutboxEntry): void {
    const { conversation_id, client_message_id, content } = entry;
    this.socket.send({ type: "message.send", content, metadata: { conversation_id, client_message_id } });
  }

  private follow(id: string): void {
    const after = this.conversation(id).lastPosition;
    this.socket.send({ type: "subscribe", metadata: { conversation_id: id, ...(after ? { after } : {}) } });
  }

  private onReady(): void {
    for (const [id, state] of this.states) {
      if (state.phase === "loaded") this.follow(id);
      if (state.phase === "failed") void this.open(id, state.lastPosition);
    }
    for (const entry of this.outbox.entries()) if (!entry.refused) this.transmit(entry);
  }

  private onConnection(state: ConnectionState, notice: string): void {
    this.connection = state;
    this.connectionNotice = notice;
    if (state !== "ready") for (const id of this.states.keys()) this.apply(id, { type: "disconnected" });
    this.changed();
  }

  private onFrame(frame: Frame): void {
    const id = textOf(frame, "conversation_id");
    if (frame.type === "ack") return this.onAck(frame);
    if (frame.type === "error") return this.onError(frame);
    const cmid = textOf(frame, "client_message_id");
    if (frame.type === "message" && cmid) this.outbox.remove(cmid);
    if (!id || !this.states.has(id)) return;
    if (frame.type === "typing") return this.onTyping(id);
    this.apply(id, { type: "frame", frame, receivedAt: this.world.now() });
    if (this.conversation(id).stale) void this.readAgain(id);
  }

  /** Every device gets it, also the one it came from. */
  private onTyping(id: string): void {
    if (Date.parse(this.world.now()) - (this.typedAt.get(id) ?? 0) < typingLastsMs) return;
    const before = this.typingTimers.get(id);
    if (before !== undefined) this.world.clearTimer(before);
    this.typingTimers.set(id, this.world.setTimer(() => this.apply(id, { type: "typing_elsewhere", now: false }), typingLastsMs));
    this.apply(id, { type: "typing_elsewhere", now: true });
  }

  private onAck(frame: Frame): void {
    const cmid = textOf(frame, "client_message_id");
    const entry = cmid ? this.outbox.get(cmid) : undefined;
    // Edits, deletions and the like show by frames of their own.
    if (!entry) return;
    this.outbox.remove(cmid);
    const metadata = { ...frame.metadata, role: "user", created_at: entry.created_at, conversation_id: entry.conversation_id };
    // The ack comes before the message itself here: it is shown at once, in its place, under the id that it has now.
    if (!this.states.get(entry.conversation_id)?.messages.some((message) => message.id === textOf(frame, "message_id"))) {
      const { position: _later, ...shown } = metadata as Record<string, unknown>;
      const parent_id = this.conversation(entry.conversation_id).messages.at(-1)?.id ?? "";
      const seen = { type: "message", content: entry.content, metadata: { parent_id, ...shown } };
      this.apply(entry.conversation_id, { type: "frame", frame: seen, receivedAt: this.world.now() });
    }
    this.showPending(entry.conversation_id);
  }

  private onError(frame: Frame): void {
    const fields = frame.metadata as ErrorFields;
    if (fields.code === "token_expired") return; // the socket comes back with a fresh token by itself
    const wait = retryAfterOf(fields);
    const status = fields.code === "rate_limited" ? 429 : retryableCodes.has(fields.code ?? "") ? 503 : 400;
    const sentence = describeError(new ApiError(status, { ...fields, message: fields.message || frame.content }, wait));
    const entry = this.outbox.get(textOf(frame, "client_message_id"));
    if (!entry) return this.say(sentence);
    if (retryableCodes.has(fields.code ?? "")) {
      this.say(sentence);
      this.retryLater(entry.client_message_id, (wait ?? defaultRetryS) * 1000);
      return;
    }
    this.outbox.put({ ...entry, refused: sentence });
    this.showPending(entry.conversation_id);
  }

  private retryLater(clientMessageId: string, ms: number): void {
    if (this.retries.has(clientMessageId)) return;
    const timer = this.world.setTimer(() => {
      this.retries.delete(clientMessageId);
      const entry = this.outbox.get(clientMessageId);
      if (entry && !entry.refused) this.transmit(entry);
    }, ms);
    this.retries.set(clientMessageId, timer);
  }

  /** The newest messages, a hundred or a little more, and the number of the page before them. */
  private async newest(id: string, minPosition?: string) {
    const first = await this.api.messages(id, 1, minPosition);
    const last = Math.max(1, Math.ceil(first.total / Math.max(1, first.page_size)));
    if (last === 1) return { messages: first.items, earlierPage: 0 };
    const [before, end] = await Promise.all([last === 2 ? first : this.api.messages(id, last - 1), this.api.messages(id, last)]);
    return { messages: [...before.items, ...end.items], earlierPage: last - 2 };
  }

  /** Reads the active branch again; when frames came meanwhile, once more. */
  private async readAgain(id: string): Promise<void> {
    for (let round = 0; round < 3; ++round) {
      const before = this.conversation(id).lastPosition;
      try {
        const { messages } = await this.newest(id, before || undefined);
        if (this.conversation(id).lastPosition !== before && round < 2) continue;
        this.apply(id, { type: "read_again", messages });
      } catch (error) {
        this.say(describeError(error));
      }
      return;
    }
  }

  private apply(id: string, action: ConversationAction): void {
    const before = this.conversation(id);
    const after = reduce(before, action);
    if (after === before) return;
    this.states.set(id, after);
    this.changed();
  }

  private changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.world.soon(() => {
      this.scheduled = false;
      for (const listener of this.listeners) listener();
    });
  }
}
