import { describe, expect, it, test } from "vitest";
import { isUuid, shortId, splitEntity, targetOf } from "./ids";
import { differingPart, grouped, inline, pointerParts, sealedKey } from "./json_lines";
import type { Json } from "../api/types";
import { brief, bytes, count, duration, milliseconds, percent, plural, rate } from "./numbers";
import { changesBetween } from "./json_diff";
import { placeNamed, subjectPlace } from "./named_places";
import { ago, clockTime, fromInput, resolvedTime, toInput, utcTime } from "./times";

const id = "0197f3c2-7d10-7aaa-a001-6b1c2d3e4f50";

describe("numbers", () => {
  test.each([[0, "0 s"], [0.25, "0.3 s"], [42, "42 s"], [60, "1 min"], [412, "6 min 52 s"], [3700, "1 h 1 min"], [187_234, "2 d 4 h"], [null, "–"]])("%s seconds are said as %s", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  test.each([[0, "0 B"], [1023, "1,023 B"], [1536, "1.5 KiB"], [48_123_456, "46 MiB"], [3 * 2 ** 30, "3 GiB"]])("%s bytes are said as %s", (size, words) => {
    expect(bytes(size)).toBe(words);
  });

  it("are grouped, and short on an axis", () => {
    expect(count(1_234_567)).toBe("1,234,567");
    expect([0, 7.25, 42.4, 1250, 35_000_000].map(brief)).toEqual(["0", "7.3", "42", "1.3k", "35M"]);
    expect([0.24, 42.4].map(rate)).toEqual(["0.2", "42"]);
    expect([3.44, 120, 1250, 12_300].map(milliseconds)).toEqual(["3.4 ms", "120 ms", "1.25 s", "12.3 s"]);
  });

  it("never say a thing is whole before it is", () => {
    expect(percent(99_999, 100_000)).toBe("99.9%");
    expect(percent(100_000, 100_000)).toBe("100%");
    expect(percent(0, 0)).toBe("0%");
  });

  it("choose the right word for one and for many", () => {
    expect([plural(1, "record"), plural(0, "record"), plural(2, "memory", "memories")]).toEqual(["1 record", "0 records", "2 memories"]);
  });

  it("say nothing where there is nothing", () => {
    for (const say of [count, brief, rate, bytes, milliseconds, duration]) expect([say(null), say(undefined), say(Number.NaN)]).toEqual(["–", "–", "–"]);
  });
});

describe("times", () => {
  it("are shown in UTC for who compares with a log", () => {
    expect(utcTime("2026-11-21T10:04:05.123Z")).toBe("2026-11-21 10:04:05.123 UTC");
    expect(utcTime("soon")).toBe("soon");
  });

  it("tell how long ago something was", () => {
    const now = Date.parse("2026-11-21T12:00:00.000Z");
    expect(["2026-11-21T12:00:00.000Z", "2026-11-21T11:59:48.000Z", "2026-11-21T11:57:00.000Z", "2026-11-20T11:00:00.000Z"].map((at) => ago(at, now))).toEqual(["now", "12 s ago", "3 min ago", "1 d ago"]);
  });

  it("go into a field and come back the same", () => {
    const at = "2026-11-21T10:04:05.000Z";
    expect(fromInput(toInput(at))).toBe(at);
    expect([toInput(""), toInput("soon"), fromInput("")]).toEqual(["", "", ""]);
  });

  it("are shown and asked for in UTC when that is wanted", () => {
    const at = "2026-11-21T23:30:05.000Z";
    expect(clockTime(at, "utc", new Date("2026-11-21T23:59:00Z"))).toBe("23:30:05");
    expect(clockTime(at, "utc", new Date("2026-11-22T00:10:00Z"))).toMatch(/21.*23:30:05/);
    expect(clockTime(at, "utc", new Date("2027-01-01T00:00:00Z"))).toContain("2026");
    expect([toInput(at, "utc"), fromInput("2026-11-21T23:30:05", "utc")]).toEqual(["2026-11-21T23:30:05", at]);
  });

  it("may be a span that moves along with the clock", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect([resolvedTime("-15m", now), resolvedTime("-7d", now)]).toEqual(["2026-11-21T11:45:00.000Z", "2026-11-14T12:00:00.000Z"]);
    expect(["", "2026-11-21T11:45:00.000Z", "-15", "-x5m"].map((text) => resolvedTime(text, now))).toEqual(["", "2026-11-21T11:45:00.000Z", "-15", "-x5m"]);
  });
});

describe("ids", () => {
  it("are shortened by what they have in common", () => {
    expect(shortId(id)).toBe("…2d3e4f50");
    expect(shortId("a".repeat(64))).toBe("aaaaaaaaaa…aaaaaaaa");
    expect(shortId("messages")).toBe("messages");
    expect(isUuid(id.toUpperCase())).toBe(true);
    expect(splitEntity(`bond/${id}`)).toEqual({ kind: "bond", id });
  });

  it("lead to what they name", () => {
    expect(targetOf(` session/${id.toUpperCase()} `)).toEqual({ what: "entity", entity: `session/${id}` });
    expect(targetOf("2:1234")).toEqual({ what: "position", position: "2:1234" });
    expect(targetOf(id)).toEqual({ what: "id", id });
    for (const other of ["", "dragon/1", `dragon/${id}`, "2:", "hello"]) expect(targetOf(other)).toBeUndefined();
  });
});

describe("JSON", () => {
  it("is pointed into with ~ and / in names", () => {
    expect(pointerParts("/a~1b/0/c~0d")).toEqual(["a/b", "0", "c~d"]);
    expect(pointerParts("")).toEqual([]);
  });

  it("is cut to a line", () => {
    expect(inline({ a: [1, null] })).toBe('{"a":[1,null]}');
    expect(inline("x".repeat(50), 10)).toHaveLength(10);
    expect(inline(undefined)).toBe("");
  });

  it("tells a sealed field from another", () => {
    expect(sealedKey({ $sealed: { key: "user/1", nonce: "n", box: "b" } })).toBe("user/1");
    for (const other of [null, "x", [], { sealed: 1 }, { $sealed: "x" }] as Json[]) expect(sealedKey(other)).toBeUndefined();
  });

  it("groups changes by what they touch, in their order", () => {
    const change = (path: string) => ({ path, op: "add" as const, after: 1 });
    const groups = grouped([change("/messages/a"), change("/open"), change("/messages/b")]);
    expect(groups.map((group) => [group.name, group.changes.length])).toEqual([["messages", 2], ["open", 1]]);
  });

  it("marks only what differs between two texts", () => {
    const part = (before: string, after: string) => {
      const { start, beforeEnd, afterEnd } = differingPart(before, after);
      return [before.slice(start, beforeEnd), after.slice(start, afterEnd)];
    };
    expect(part('"m21"', '"m30"')).toEqual(["21", "30"]);
    expect(part("abab", "ab")).toEqual(["ab", ""]);
    expect(part("same", "same")).toEqual(["", ""]);
    expect(part("", "new")).toEqual(["", "new"]);
  });

  it("is told apart from another as deep as it goes", () => {
    expect(changesBetween({ a: 1, b: { c: [1, 2] }, d: 1 }, { a: 1, b: { c: [1, 3, 4] }, "x/y": null })).toEqual([
      { path: "/b/c/1", op: "replace", before: 2, after: 3 },
      { path: "/b/c/2", op: "add", after: 4 },
      { path: "/d", op: "remove", before: 1 },
      { path: "/x~1y", op: "add", after: null },
    ]);
    expect(changesBetween([1], { 0: 1 })).toEqual([{ path: "", op: "replace", before: [1], after: { 0: 1 } }]);
    expect(changesBetween({ a: [{}] }, { a: [{}] })).toEqual([]);
  });

  it("leads from the ids that it names to what they are of", () => {
    expect(placeNamed("user_id", id)).toBe(`/console/entities/user/${id}`);
    expect(placeNamed("session_id", id)).toBe(`/console/entities/session/${id}`);
    expect(placeNamed("position", "2:7")).toBe("/console/events?partition=2&record=2%3A7");
    expect([placeNamed("user_id", "somebody"), placeNamed("user_id", "00000000-0000-0000-0000-000000000000"), placeNamed("content", "2:7")]).toEqual([undefined, undefined, undefined]);
    expect([subjectPlace(`bond/${id}`), subjectPlace(`conversation/${id}`), subjectPlace("messages"), subjectPlace("messages", "projection.rebuild"), subjectPlace("18", "dead_letter.retry"), subjectPlace("bonds, messages", "projection.rebuild")]).toEqual([`/console/entities/bond/${id}`, `/console/conversations/${id}`, undefined, "/console/projections/messages", "/console/dead-letters?state=any&letter=18", "/console/projections"]);
  });
});
