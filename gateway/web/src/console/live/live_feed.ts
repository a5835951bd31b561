import { backoffMs } from "../../chat/backoff";
import { readEvents, type ServerEvent } from "./sse";

export type Topic = "overview" | "partitions" | "projections" | "rebuilds" | "effects";
export type LiveState = "connecting" | "live" | "reconnecting" | "stopped";

/** A line that says nothing for this long is taken for broken: the server sends something every 2 s. */
export const silentMs = 8000;
/** Pages that come and go within this time share one connection. */
const settleMs = 30;

export interface LiveWorld {
  open(topics: Topic[], signal: AbortSignal): Promise<Response>;
  now(): number;
  random(): number;
  setTimer(run: () => void, ms: number): number;
  clearTimer(timer: number): void;
}

/** One connection for all that is live on the page. It comes back by itself; what was last seen stays shown meanwhile. */
export class LiveFeed {
  private readonly world: LiveWorld;
  private readonly wanted = new Map<Topic, Set<(data: unknown) => void>>();
  private readonly last = new Map<Topic, unknown>();
  /** Those that were given something since they came; while it is held these are given nothing more. */
  private readonly fed = new Set<(data: unknown) => void>();
  private readonly watchers = new Set<() => void>();
  private connection: AbortController | undefined;
  private attempt = 0;
  private timer = 0;
  private watchdog = 0;
  private currentState: LiveState = "stopped";
  private heardAt = 0;
  private heldSince = 0;

  constructor(world: LiveWorld) {
    this.world = world;
  }

  get state(): LiveState {
    return this.currentState;
  }

  /** When something was last heard, in ms; 0 before the first time. */
  get lastHeardAt(): number {
    return this.heardAt;
  }

  /** Since when what is shown stands still, in ms; 0 when it does not. */
  get standsSince(): number {
    return this.heldSince;
  }

  /** Lets what is shown stand still, so that it can be read, or brings it up to date again. The line stays open. */
  hold(on: boolean): void {
    if (on === this.heldSince > 0) return;
    this.heldSince = on ? this.world.now() : 0;
    if (!on) for (const [topic, takers] of this.wanted) if (this.last.has(topic)) for (const take of takers) this.give(take, this.last.get(topic));
    this.tellWatchers();
  }

  watch = (listener: () => void): (() => void) => {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  };

  /** The newest data of a topic, at once when there is some, then as it comes. */
  subscribe(topic: Topic, take: (data: unknown) => void): () => void {
    const takers = this.wanted.get(topic) ?? new Set();
    const isNew = takers.size === 0;
    takers.add(take);
    this.wanted.set(topic, takers);
    if (this.last.has(topic)) this.give(take, this.last.get(topic));
    if (isNew) this.reconnectSoon();
    return () => {
      takers.delete(take);
      this.fed.delete(take);
      if (takers.size > 0) return;
      this.wanted.delete(topic);
      this.last.delete(topic);
      if (this.wanted.size === 0) this.stop();
    };
  }

  /** Tries again now instead of later: the network is back, the tab is looked at again. */
  hurry(): void {
    if (this.currentState !== "reconnecting") return;
    this.attempt = 0;
    this.reconnectSoon();
  }

  private stop(): void {
    this.world.clearTimer(this.timer);
    this.world.clearTimer(this.watchdog);
    this.connection?.abort();
    this.connection = undefined;
    this.become("stopped");
  }

  private reconnectSoon(): void {
    this.world.clearTimer(this.timer);
    this.timer = this.world.setTimer(() => void this.connect(), settleMs);
  }

  private async connect(): Promise<void> {
    this.connection?.abort();
    const connection = new AbortController();
    this.connection = connection;
    if (this.currentState !== "live" && this.currentState !== "reconnecting") this.become("connecting");
    this.expectSomething(connection);
    try {
      const response = await this.world.open([...this.wanted.keys()].sort(), connection.signal);
      await readEvents(response, (event) => {
        if (this.connection === connection) this.hear(event, connection);
      });
    } catch {
      // Why it broke does not matter: it is tried again, and the page says since when it is stale.
    }
    if (this.connection !== connection) return;
    this.world.clearTimer(this.watchdog);
    this.connection = undefined;
    if (this.wanted.size === 0) return;
    this.become("reconnecting");
    this.world.clearTimer(this.timer);
    this.timer = this.world.setTimer(() => void this.connect(), backoffMs(this.attempt, this.world.random()));
    this.attempt += 1;
  }

  private expectSomething(connection: AbortController): void {
    this.world.clearTimer(this.watchdog);
    this.watchdog = this.world.setTimer(() => connection.abort(), silentMs);
  }

  private hear(event: ServerEvent, connection: AbortController): void {
    this.heardAt = this.world.now();
    this.attempt = 0;
    this.expectSomething(connection);
    this.become("live");
    const takers = this.wanted.get(event.name as Topic);
    if (!takers) return;
    const data: unknown = JSON.parse(event.data);
    this.last.set(event.name as Topic, data);
    for (const take of takers) if (this.heldSince === 0 || !this.fed.has(take)) this.give(take, data);
  }

  private give(take: (data: unknown) => void, data: unknown): void {
    this.fed.add(take);
    take(data);
  }

  private become(state: LiveState): void {
    if (this.currentState === state) return;
    this.currentState = state;
    this.tellWatchers();
  }

  private tellWatchers(): void {
    for (const watcher of this.watchers) watcher();
  }
}
