import { backoffMs } from "./backoff";
import { type Frame, numberOf, parseFrame } from "./frames";

export type ConnectionState = "connecting" | "ready" | "waiting" | "closed";

/** The part of the browser's WebSocket that is used, so that tests can stand in for it. */
export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface SocketEnvironment {
  open: () => SocketLike;
  /** A good access token; `rejected` names one that was refused. Fails when the user has to sign in again. */
  token: (rejected?: string) => Promise<string>;
  setTimer: (run: () => void, ms: number) => number;
  clearTimer: (timer: number) => void;
  random: () => number;
}

export interface SocketEvents {
  /** Signed in: subscriptions and the outbox go out now. */
  ready: () => void;
  frame: (frame: Frame) => void;
  state: (state: ConnectionState, notice: string) => void;
}

const defaultHeartbeatS = 20;
/** Silence for this long after a ping means that the connection is gone. */
const pongWithinMs = 10_000;
const tooManyConnections = 4009;
const tooManyMessages = 4029;

/** One connection that keeps itself alive: signs in, answers silence with pings, and comes back with growing, random waits. */
export class ChatSocket {
  private readonly world: SocketEnvironment;
  private readonly events: SocketEvents;
  private socket: SocketLike | undefined;
  private wanted = false;
  private ready = false;
  private attempt = 0;
  private usedToken = "";
  private rejectedToken: string | undefined;
  private heartbeatMs = defaultHeartbeatS * 1000;
  private heartbeat: number | undefined;
  private retry: number | undefined;

  constructor(world: SocketEnvironment, events: SocketEvents) {
    this.world = world;
    this.events = events;
  }

  start(): void {
    this.wanted = true;
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    this.clearTimers();
    this.drop();
    this.events.state("closed", "");
  }

  /** Tries at once, for instance because the browser says that it is online again. */
  hurry(): void {
    if (!this.wanted || this.socket) return;
    this.attempt = 0;
    this.connect();
  }

  /** False when there is no signed-in connection: the caller keeps what it wanted to say. */
  send(frame: Partial<Frame> & { type: string }): boolean {
    if (!this.ready || !this.socket) return false;
    this.socket.send(JSON.stringify({ type: frame.type, content: frame.content ?? "", metadata: frame.metadata ?? {} }));
    return true;
  }

  private connect(): void {
    this.clearTimers();
    this.events.state("connecting", "");
    const rejected = this.rejectedToken;
    this.rejectedToken = undefined;
    this.world.token(rejected).then(
      (token) => {
        if (this.wanted && !this.socket) this.open(token);
      },
      () => this.retryLater(""),
    );
  }

  private open(token: string): void {
    const socket = this.world.open();
    this.socket = socket;
    this.usedToken = token;
    socket.onopen = () => socket.send(JSON.stringify({ type: "authenticate", content: token, metadata: {} }));
    socket.onmessage = (event) => {
      if (this.socket === socket) this.receive(parseFrame(event.data));
    };
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
    socket.onerror = () => undefined;
    this.expectLife(pongWithinMs);
  }

  private receive(frame: Frame | undefined): void {
    this.expectLife(this.heartbeatMs);
    if (!frame || frame.type === "pong") return;
    if (frame.type === "ready") {
      this.ready = true;
      this.attempt = 0;
      this.heartbeatMs = Math.max(1, numberOf(frame, "heartbeat_s", defaultHeartbeatS)) * 1000;
      this.expectLife(this.heartbeatMs);
      this.events.state("ready", "");
      this.events.ready();
      return;
    }
    this.events.frame(frame);
  }

  /** After `ms` of silence: a ping when signed in; after silence on that too, the connection counts as lost. */
  private expectLife(ms: number): void {
    if (this.heartbeat !== undefined) this.world.clearTimer(this.heartbeat);
    this.heartbeat = this.world.setTimer(() => {
      if (!this.send({ type: "ping" })) return this.lost();
      this.heartbeat = this.world.setTimer(() => this.lost(), pongWithinMs);
    }, ms);
  }

  private lost(): void {
    this.drop();
    this.retryLater("");
  }

  private closed(code: number): void {
    this.drop();
    if (code === 4001) this.rejectedToken = this.usedToken;
    const notice = code === tooManyConnections ? "Reverie is open in too many places. Close another tab to go on here." : "";
    if (code === tooManyConnections || code === tooManyMessages) this.attempt = Math.max(this.attempt, 5);
    this.retryLater(notice);
  }

  private retryLater(notice: string): void {
    if (!this.wanted) return;
    this.clearTimers();
    this.events.state("waiting", notice);
    this.retry = this.world.setTimer(() => this.connect(), backoffMs(this.attempt++, this.world.random()));
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    this.ready = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  private clearTimers(): void {
    if (this.heartbeat !== undefined) this.world.clearTimer(this.heartbeat);
    if (this.retry !== undefined) this.world.clearTimer(this.retry);
    this.heartbeat = this.retry = undefined;
  }
}
