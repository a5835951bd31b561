/** A message that the server has not acknowledged yet. */
export interface OutboxEntry {
  client_message_id: string;
  conversation_id: string;
  content: string;
  created_at: string;
  /** Set when the server refused it for good: what it said. It then waits for the user's decision. */
  refused?: string;
}

type OutboxStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Unacknowledged messages, kept in the browser's storage so that a reload loses none. One storage key each, so that tabs never overwrite each other. */
export class Outbox {
  private readonly storage: OutboxStorage;
  private readonly prefix: string;

  constructor(storage: OutboxStorage, userId: string) {
    this.storage = storage;
    this.prefix = `reverie.outbox.${userId}.`;
  }

  put(entry: OutboxEntry): void {
    this.storage.setItem(this.prefix + entry.client_message_id, JSON.stringify(entry));
  }

  get(clientMessageId: string): OutboxEntry | undefined {
    return read(this.storage.getItem(this.prefix + clientMessageId));
  }

  remove(clientMessageId: string): void {
    this.storage.removeItem(this.prefix + clientMessageId);
  }

  /** Oldest first. */
  entries(): OutboxEntry[] {
    const found: OutboxEntry[] = [];
    for (let index = 0; index < this.storage.length; ++index) {
      const key = this.storage.key(index);
      const entry = key?.startsWith(this.prefix) ? read(this.storage.getItem(key)) : undefined;
      if (entry) found.push(entry);
    }
    return found.sort((a, b) => a.created_at.localeCompare(b.created_at));
  }
}

function read(text: string | null): OutboxEntry | undefined {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as OutboxEntry;
  } catch {
    return undefined;
  }
}
