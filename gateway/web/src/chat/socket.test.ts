import { describe, expect, it } from "vitest";
import { backoffMs } from "./backoff";
import { FakeWorld } from "./fakes";
import { ChatSocket } from "./socket";

function connected() {
  const world = new FakeWorld();
  const seen: string[] = [];
  const socket = new ChatSocket(world, {
    ready: () => seen.push("ready"),
    frame: (frame) => seen.push(frame.type),
    state: (state) => seen.push(`state ${state}`),
  });
  socket.start();
  return { world, seen, socket };
}

describe("the socket", () => {
  it("signs in with the first frame and sends nothing else before it is ready", async () => {
    const { world, seen, socket } = connected();
    await world.settle();
    expect(socket.send({ type: "ping" })).toBe(false);
    await world.accept();
    expect(world.socket.sent[0]).toMatchObject({ type: "authenticate", content: "token 1" });
    expect(seen).toEqual(["state connecting", "state ready", "ready"]);
    expect(socket.send({ type: "ping" })).toBe(true);
  });

  it("pings after silence, and comes back when that is not answered", async () => {
    const { world } = connected();
    const first = await world.accept();
    expect(world.waits()).toEqual([20_000]);
    world.fire();
    expect(first.types()).toEqual(["authenticate", "ping"]);
    world.fire();
    expect(first.closed).toBe(true);
    world.fire();
    await world.accept();
    expect(world.sockets).toHaveLength(2);
  });

  it("counts every frame as a sign of life", async () => {
    const { world } = connected();
    const first = await world.accept();
    world.fire();
    first.say("pong");
    expect(world.waits()).toEqual([20_000]);
  });

  it("renews the token when the server refuses the one that was used", async () => {
    const { world } = connected();
    await world.settle();
    world.socket.onclose?.({ code: 4001, reason: "" });
    world.fire();
    await world.settle();
    expect(world.rejected).toEqual([undefined, "token 1"]);
  });

  it("waits longer after each failure and starts over once it was ready", async () => {
    const { world } = connected();
    const waits: number[] = [];
    for (let round = 0; round < 3; ++round) {
      await world.settle();
      world.socket.onclose?.({ code: 1006, reason: "" });
      waits.push(...world.waits());
      world.fire();
    }
    expect(waits).toEqual([300, 600, 1200]);
    await world.accept();
    world.socket.onclose?.({ code: 1001, reason: "" });
    expect(world.waits()).toEqual([300]);
  });

  it("ignores what is not a frame, and what an old connection still says", async () => {
    const { world, seen } = connected();
    const first = await world.accept();
    const late = first.onmessage;
    first.onmessage?.({ data: "not json" });
    first.onclose?.({ code: 1006, reason: "" });
    late?.({ data: JSON.stringify({ type: "message" }) });
    expect(seen).not.toContain("message");
  });

  it("stays closed once it was stopped", async () => {
    const { world, socket } = connected();
    const first = await world.accept();
    socket.stop();
    expect(first.closed).toBe(true);
    expect(world.waits()).toEqual([]);
  });
});

describe("the wait before a reconnection", () => {
  it("grows to a limit and always has a random part", () => {
    expect(backoffMs(0, 0)).toBe(200);
    expect(backoffMs(0, 1)).toBe(400);
    expect(backoffMs(50, 1)).toBe(15_000);
    expect(backoffMs(50, 0)).toBe(7_500);
  });
});
