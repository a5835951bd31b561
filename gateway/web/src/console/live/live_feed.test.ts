import { describe, expect, it } from "vitest";
import { LiveFeed, silentMs, type Topic } from "./live_feed";

/** A clock that stands until it is told to go on, and lines that say what they are told to. */
class World {
  time = 0;
  timers: { at: number; run: () => void; id: number }[] = [];
  lines: { topics: Topic[]; say: (text: string) => void; end: () => void; aborted: boolean }[] = [];
  private next = 1;

  readonly feed = new LiveFeed({
    now: () => this.time,
    random: () => 0,
    setTimer: (run, ms) => {
      this.timers.push({ at: this.time + ms, run, id: this.next });
      return this.next++;
    },
    clearTimer: (id) => {
      this.timers = this.timers.filter((timer) => timer.id !== id);
    },
    open: async (topics, signal) => {
      let control: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({ start: (controller) => { control = controller; } });
      const line = { topics, aborted: false, say: (text: string) => control?.enqueue(new TextEncoder().encode(text)), end: () => control?.close() };
      signal.addEventListener("abort", () => {
        line.aborted = true;
        control?.error(new Error("aborted"));
      });
      this.lines.push(line);
      return new Response(body);
    },
  });

  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.time = due.at;
      this.timers = this.timers.filter((timer) => timer !== due);
      due.run();
      await settled();
    }
    this.time = until;
    await settled();
  }
}

/** Lets everything that waits for nothing but its turn have it. */
const settled = async () => {
  for (let turn = 0; turn < 20; ++turn) await Promise.resolve();
  await new Promise((done) => setImmediate(done));
};
const event = (topic: Topic, value: number) => `event: ${topic}\ndata: ${value}\n\n`;

describe("the live feed", () => {
  it("opens one line for all topics and gives each its data", async () => {
    const world = new World();
    const seen: unknown[] = [];
    world.feed.subscribe("overview", (data) => seen.push(data));
    world.feed.subscribe("effects", (data) => seen.push(["effects", data]));
    await world.pass(100);
    expect(world.lines.map((line) => line.topics)).toEqual([["effects", "overview"]]);
    world.lines[0]?.say(event("overview", 1) + event("effects", 2) + event("partitions", 3));
    await settled();
    expect(seen).toEqual([1, ["effects", 2]]);
    expect(world.feed.state).toBe("live");
  });

  it("tells a late comer what was last seen", async () => {
    const world = new World();
    world.feed.subscribe("overview", () => {});
    await world.pass(100);
    world.lines[0]?.say(event("overview", 7));
    await settled();
    const seen: unknown[] = [];
    world.feed.subscribe("overview", (data) => seen.push(data));
    expect(seen).toEqual([7]);
    expect(world.lines).toHaveLength(1);
  });

  it("stands still while it is held, but for who comes anew, and is up to date afterwards", async () => {
    const world = new World();
    const seen: unknown[] = [];
    world.feed.subscribe("overview", (data) => seen.push(data));
    await world.pass(100);
    world.lines[0]?.say(event("overview", 1));
    await settled();
    world.feed.hold(true);
    world.lines[0]?.say(event("overview", 2) + event("overview", 3));
    await settled();
    expect(seen).toEqual([1]);
    const late: unknown[] = [];
    world.feed.subscribe("overview", (data) => late.push(data));
    expect(late).toEqual([3]);
    world.feed.hold(false);
    expect([seen, late]).toEqual([[1, 3], [3, 3]]);
    world.lines[0]?.say(event("overview", 4));
    await settled();
    expect([seen, late]).toEqual([[1, 3, 4], [3, 3, 4]]);
  });

  it("comes back when a line ends, and says so meanwhile", async () => {
    const world = new World();
    world.feed.subscribe("overview", () => {});
    await world.pass(100);
    world.lines[0]?.say(event("overview", 1));
    await settled();
    world.lines[0]?.end();
    await settled();
    expect(world.feed.state).toBe("reconnecting");
    await world.pass(1000);
    expect(world.lines).toHaveLength(2);
    world.lines[1]?.say(": beat\n\n");
    await settled();
    expect(world.feed.state).toBe("live");
  });

  it("takes a line that says nothing for broken", async () => {
    const world = new World();
    world.feed.subscribe("overview", () => {});
    await world.pass(100);
    world.lines[0]?.say(event("overview", 1));
    await settled();
    await world.pass(silentMs + 1000);
    expect(world.lines[0]?.aborted).toBe(true);
    expect(world.lines.length).toBeGreaterThan(1);
  });

  it("hangs up when nobody listens any more", async () => {
    const world = new World();
    const leave = world.feed.subscribe("overview", () => {});
    await world.pass(100);
    leave();
    await settled();
    expect(world.lines[0]?.aborted).toBe(true);
    await world.pass(60_000);
    expect(world.lines).toHaveLength(1);
    expect(world.feed.state).toBe("stopped");
  });
});
