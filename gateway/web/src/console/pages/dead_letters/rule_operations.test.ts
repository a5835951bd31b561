import { describe, expect, it } from "vitest";
import { placeOf } from "../projections/reset_place";
import { emptyLine, operationsOf, payloadChanges, valueOf, scopeOf } from "./rule_operations";

describe("the lines of a rule", () => {
  it("say operations once each of them is whole", () => {
    expect(operationsOf([emptyLine])).toBeUndefined();
    expect(operationsOf([{ ...emptyLine, path: "/parent_id", value: "null" }])).toEqual([{ op: "set", path: "/parent_id", value: null }]);
    expect(operationsOf([{ ...emptyLine, op: "rename", path: "/a", to: "b" }])).toBeUndefined();
    expect(operationsOf([{ ...emptyLine, op: "rename", path: "/a", to: "/b" }, { ...emptyLine, op: "remove", path: "/c/d" }])).toEqual([{ op: "rename", path: "/a", to: "/b" }, { op: "remove", path: "/c/d" }]);
    expect(operationsOf([{ ...emptyLine, op: "remove", path: "no pointer" }])).toBeUndefined();
  });

  it("take JSON as it is and all else as text", () => {
    expect([valueOf("7"), valueOf('"7"'), valueOf("true"), valueOf("seven"), valueOf("")]).toEqual([7, "7", true, "seven", ""]);
  });
});

describe("what a rule changes", () => {
  it("is told by field, in order", () => {
    expect(payloadChanges({ a: 1, b: { c: 2 }, gone: 0 }, { a: 1, b: { c: 3 }, "x/y": 1 })).toEqual([
      { path: "/b", op: "replace", before: { c: 2 }, after: { c: 3 } },
      { path: "/gone", op: "remove", before: 0 },
      { path: "/x~1y", op: "add", after: 1 },
    ]);
    expect(payloadChanges({ a: [1] }, { a: [1] })).toEqual([]);
  });
});

describe("where to a projection is set back", () => {
  const choice = { kind: "time" as const, partition: "", offset: "", time: "" };
  it("is known only when it is said whole", () => {
    expect(placeOf(choice)).toBeUndefined();
    expect(placeOf({ ...choice, time: "2026-11-21T10:00:00Z" })).toEqual({ partition: null, to_time: "2026-11-21T10:00:00Z" });
    expect(placeOf({ ...choice, kind: "offset", offset: "12" })).toBeUndefined();
    expect(placeOf({ ...choice, kind: "offset", partition: "2", offset: "12" })).toEqual({ partition: 2, to_offset: 12 });
    expect(placeOf({ ...choice, kind: "offset", partition: "2", offset: "-1" })).toBeUndefined();
    expect(placeOf({ ...choice, kind: "start", partition: "0" })).toEqual({ partition: 0, to_start: true });
  });
});

describe("a rule", () => {
  it("is for one event, for an entity from one on, or for all of a type", () => {
    expect(scopeOf({ entity: "session/1", from_sequence: 7, to_sequence: 7 })).toBe("event");
    expect(scopeOf({ entity: "session/1", from_sequence: 7, to_sequence: null })).toBe("entity");
    expect(scopeOf({ entity: null, from_sequence: 1, to_sequence: null })).toBe("type");
  });
});
