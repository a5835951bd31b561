import { describe, expect, it } from "vitest";
import type { EventRecord } from "../../api/types";
import { causedRecords } from "./causes";
import { cursorAt, placeIn } from "./places";

const record = (position: string, ms: number, entity: string, first: number, types: string[], cause: EventRecord["cause"] = null): EventRecord => ({
  position, at: new Date(1_000_000 + ms).toISOString(), entity, first_sequence: first, types, command_id: null, correlation_id: null, cause, epoch: 1, verdict: "counts", bytes: 1, events: [],
});

describe("records that belong together", () => {
  it("stand below what caused them, in the order of time", () => {
    const asked = record("0:1", 0, "session/a", 3, ["session.message_sent", "session.reply_started"]);
    const done = record("0:2", 900, "session/a", 5, ["session.reply_completed"], { entity: "session/a", sequence: 4 });
    const seen = record("1:7", 950, "bond/b", 1, ["bond.turn_observed"], { entity: "session/a", sequence: 5 });
    const other = record("2:1", 10, "user/c", 1, ["user.seen"]);
    expect(causedRecords([seen, other, done, asked]).map((row) => [row.record.position, row.depth, row.sinceMs])).toEqual([["0:1", 0, 0], ["0:2", 1, 900], ["1:7", 2, 950], ["2:1", 0, 10]]);
  });

  it("are all shown, also when their causes go in a circle or are not among them", () => {
    const one = record("0:1", 0, "bond/a", 1, ["x"], { entity: "bond/b", sequence: 1 });
    const two = record("0:2", 1, "bond/b", 1, ["x"], { entity: "bond/a", sequence: 1 });
    const far = record("0:3", 2, "bond/c", 1, ["x"], { entity: "session/z", sequence: 9 });
    expect(causedRecords([one, two, far]).map((row) => row.record.position).sort()).toEqual(["0:1", "0:2", "0:3"]);
    expect(causedRecords([])).toEqual([]);
  });
});

describe("a place in the log", () => {
  it("is read from what somebody typed, and begins a search with the record there in either order", () => {
    expect(placeIn(" 2:1234 ")).toEqual({ partition: 2, offset: 1234 });
    expect([placeIn(""), placeIn("2"), placeIn("2:-1"), placeIn("2:x")]).toEqual([undefined, undefined, undefined, undefined]);
    expect(cursorAt({ partition: 2, offset: 1234 }, true)).toBe("f,2:1234");
    expect(cursorAt({ partition: 2, offset: 1234 }, false)).toBe("b,2:1235");
  });
});
