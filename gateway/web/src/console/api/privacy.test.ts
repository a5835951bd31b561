import { describe, expect, it } from "vitest";
import { fullLastsMs, PrivacyStore } from "./privacy";

function store() {
  const world = { time: 1000, timers: new Map<number, () => void>() };
  const privacy = new PrivacyStore({
    now: () => world.time,
    setTimer: (run) => {
      world.timers.set(world.timers.size + 1, run);
      return world.timers.size;
    },
    clearTimer: (timer) => void world.timers.delete(timer),
  });
  return { privacy, world };
}

describe("the privacy mode", () => {
  it("is masked at first", () => {
    expect(store().privacy.query()).toEqual({ privacy: "masked" });
  });

  it("shows in full only with a reason, which goes with every read", () => {
    const { privacy } = store();
    expect(() => privacy.showInFull("  ")).toThrow();
    expect(() => privacy.showInFull("x".repeat(501))).toThrow();
    privacy.showInFull(" ticket 4711 ");
    expect(privacy.query()).toEqual({ privacy: "full", reason: "ticket 4711" });
  });

  it("falls back to masked by itself", () => {
    const { privacy, world } = store();
    privacy.showInFull("ticket 4711");
    for (const run of world.timers.values()) run();
    expect(privacy.state).toEqual({ mode: "masked", reason: "", until: 0 });
  });

  it("falls back also when the timer slept", () => {
    const { privacy, world } = store();
    privacy.showInFull("ticket 4711");
    world.time += fullLastsMs;
    expect(privacy.query()).toEqual({ privacy: "masked" });
  });

  it("forgets the reason with the mode", () => {
    const { privacy } = store();
    privacy.showInFull("ticket 4711");
    privacy.choose("none");
    expect(privacy.query()).toEqual({ privacy: "none" });
    expect(privacy.state.reason).toBe("");
  });
});
