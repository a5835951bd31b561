import { describe, expect, it } from "vitest";
import type { HistoryPoint, Overview, ProjectionVersion } from "../api/types";
import { jumpsFor } from "../shell/palette_items";
import { entryOf, pages } from "../shell/pages";
import { stepOf } from "./entities/scrubber";
import { extended } from "./overview/history";
import { stateOf } from "./projections/projection_words";

const id = "0197f3c2-7d10-7aaa-a001-6b1c2d3e4f50";

describe("the overview's history", () => {
  const at = (seconds: number) => new Date(Date.parse("2026-11-21T12:00:00Z") + seconds * 1000).toISOString();
  const point = (seconds: number): HistoryPoint => ({ at: at(seconds), commands_per_s: 1, records_per_s: 1, command_p99_ms: 1, lag_records: 0, connections: 1, resident_bytes: 1 });
  const now = (seconds: number) => ({ at: at(seconds), rates: { commands_per_s: 9, records_per_s: 8 }, latency: { command_p99_ms: null }, lag: { records: 3 }, connections: { open: 2 }, memory: { resident_bytes: 5 } }) as unknown as Overview;

  it("grows by what comes, and loses what is older than ten minutes", () => {
    const longer = extended([point(-601), point(-598), point(0)], now(1));
    expect(longer.map((each) => each.at)).toEqual([at(-598), at(0), at(1)]);
    expect(longer.at(-1)).toEqual({ at: at(1), commands_per_s: 9, records_per_s: 8, command_p99_ms: null, lag_records: 3, connections: 2, resident_bytes: 5 });
  });

  it("takes no moment twice", () => {
    const before = [point(0)];
    expect(extended(before, now(0))).toBe(before);
  });
});

describe("a projection's version", () => {
  const version = (differs: Partial<ProjectionVersion>) => ({ stalled: false, problem: null, parked_entities: 0, lag_seconds: 0, trend: "steady", ...differs }) as ProjectionVersion;

  it("is named by the worst that is known of it", () => {
    const words = [{}, { lag_seconds: 9 }, { lag_seconds: 9, trend: "catching_up" as const }, { parked_entities: 2, lag_seconds: 9 }, { problem: "x", parked_entities: 2 }, { stalled: true, problem: "x" }].map((each) => stateOf(version(each)).words);
    expect(words).toEqual(["up to date", "late", "catching up", "2 parked", "in trouble", "stalled"]);
    expect(stateOf(undefined).tone).toBe("bad");
  });
});

describe("the scrubber", () => {
  it("is moved by keys, and stays within the events", () => {
    const steps = [["ArrowRight", false, 5], ["ArrowLeft", true, 5], ["ArrowRight", true, 5], ["Home", false, 5], ["End", false, 5], ["PageDown", false, 12], ["ArrowRight", false, 20], ["x", false, 5]] as const;
    expect(steps.map(([key, shift, at]) => stepOf(key, shift, at, 20))).toEqual([6, 1, 15, 1, 20, 2, 20, undefined]);
  });
});

describe("the palette", () => {
  it("offers every page at first, and those that fit what is typed", () => {
    expect(jumpsFor("")).toHaveLength(pages.length);
    expect(jumpsFor("dead")[0]).toMatchObject({ title: "Dead letters", to: "/console/dead-letters" });
  });

  it("knows what was pasted", () => {
    expect(jumpsFor("2:17")[0]?.to).toBe("/console/events?partition=2&record=2%3A17");
    expect(jumpsFor(`bond/${id}`)[0]?.to).toBe(`/console/entities/bond/${id}`);
    expect(jumpsFor(id).map((jump) => jump.to)).toContain(`/console/conversations/${id}`);
  });

  it("has a key for each page, and each only once", () => {
    expect(new Set(pages.map((page) => page.key)).size).toBe(pages.length);
    expect(entryOf(["conversations", id])?.title).toBe("Users & conversations");
    expect(entryOf([])?.title).toBe("Overview");
  });
});
