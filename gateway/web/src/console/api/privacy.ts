import type { Privacy } from "./types";

/** Personal content in full is shown for this long, then masked again. */
export const fullLastsMs = 15 * 60_000;
/** As the server limits it. */
export const reasonLengthMax = 500;

export interface PrivacyState {
  mode: Privacy;
  /** Why it is shown in full; empty in other modes. */
  reason: string;
  /** When full falls back to masked, in ms; 0 in other modes. */
  until: number;
}

const masked: PrivacyState = { mode: "masked", reason: "", until: 0 };

interface Clock {
  now(): number;
  setTimer(run: () => void, ms: number): number;
  clearTimer(timer: number): void;
}

/** How much personal content the console asks for. Never stored: a new tab begins masked. */
export class PrivacyStore {
  private readonly clock: Clock;
  private current = masked;
  private timer = 0;
  private readonly listeners = new Set<() => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get state(): PrivacyState {
    return this.current;
  }

  choose(mode: "none" | "masked"): void {
    this.become({ mode, reason: "", until: 0 });
  }

  /** Throws without a reason: the server would refuse it as well. */
  showInFull(reason: string): void {
    const given = reason.trim();
    if (given === "" || given.length > reasonLengthMax) throw new Error("A reason of 1 to 500 characters is needed.");
    this.become({ mode: "full", reason: given, until: this.clock.now() + fullLastsMs });
    this.timer = this.clock.setTimer(() => this.choose("masked"), fullLastsMs);
  }

  /** The parameters of a read. A sleeping computer may have missed the timer: the time decides. */
  query(): { privacy: Privacy; reason?: string } {
    const { mode, reason, until } = this.current;
    if (mode !== "full") return { privacy: mode };
    if (this.clock.now() >= until) {
      this.choose("masked");
      return { privacy: "masked" };
    }
    return { privacy: "full", reason };
  }

  private become(state: PrivacyState): void {
    this.clock.clearTimer(this.timer);
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}
