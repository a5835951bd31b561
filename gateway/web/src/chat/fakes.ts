import type { SocketLike } from "./socket";

/** A WebSocket that a test plays the server of. */
export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: { type: string; content: string; metadata: Record<string, unknown> }[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  say(type: string, content = "", metadata: Record<string, unknown> = {}): void {
    this.onmessage?.({ data: JSON.stringify({ type, content, metadata }) });
  }
  types(): string[] {
    return this.sent.map((frame) => frame.type);
  }
}

/** Time, sockets and tokens that a test moves by hand. */
export class FakeWorld {
  readonly sockets: FakeSocket[] = [];
  readonly rejected: (string | undefined)[] = [];
  private timers = new Map<number, { run: () => void; ms: number }>();
  private counter = 0;

  open = (): FakeSocket => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  };
  token = (rejected?: string): Promise<string> => {
    this.rejected.push(rejected);
    return Promise.resolve(`token ${this.rejected.length}`);
  };
  setTimer = (run: () => void, ms: number): number => {
    this.timers.set(++this.counter, { run, ms });
    return this.counter;
  };
  clearTimer = (timer: number): void => void this.timers.delete(timer);
  random = (): number => 0.5;
  now = (): string => `2026-01-01T00:00:00.${String(++this.counter % 1000).padStart(3, "0")}Z`;
  uuid = (): string => `uuid-${++this.counter}`;
  soon = (run: () => void): void => run();

  get socket(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }
  waits(): number[] {
    return [...this.timers.values()].map((timer) => timer.ms);
  }
  /** Runs the timers that wait now, not those that they set. */
  fire(): void {
    const due = [...this.timers];
    this.timers.clear();
    for (const [, timer] of due) timer.run();
  }
  /** Lets promises come true. */
  async settle(): Promise<void> {
    for (let round = 0; round < 10; ++round) await Promise.resolve();
  }
  /** Opens the newest socket and signs it in. */
  async accept(): Promise<FakeSocket> {
    await this.settle();
    this.socket.onopen?.();
    this.socket.say("ready", "", { heartbeat_s: 20 });
    await this.settle();
    return this.socket;
  }
}

/** The browser's storage, in memory. */
export class FakeStorage {
  private readonly entries = new Map<string, string>();
  get length(): number {
    return this.entries.size;
  }
  key = (index: number): string | null => [...this.entries.keys()][index] ?? null;
  getItem = (key: string): string | null => this.entries.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.entries.set(key, value);
  removeItem = (key: string): void => void this.entries.delete(key);
}
