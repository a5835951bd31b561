import { describe, expect, it } from "vitest";
import { addressOf, changedQuery, placeOf } from "./route";

describe("an address", () => {
  it("is read into its parts and values", () => {
    const place = placeOf("/console/entities/session/a%20b", "?at=3&view=changes");
    expect(place.parts).toEqual(["entities", "session", "a b"]);
    expect(Object.fromEntries(place.query)).toEqual({ at: "3", view: "changes" });
  });

  it("outside the console has no parts, and a broken one is taken as it is", () => {
    expect(placeOf("/consoles/x", "").parts).toEqual([]);
    expect(placeOf("/console", "").parts).toEqual([]);
    expect(placeOf("/console/users/%E0%A4%A", "").parts).toEqual(["users", "%E0%A4%A"]);
  });

  it("is made without what is empty", () => {
    expect(addressOf("")).toBe("/console");
    expect(addressOf("events", { entity: "session/1", type: "", partition: 0, follow: false, since: undefined })).toBe("/console/events?entity=session%2F1&partition=0");
  });

  it("keeps its other values when one changes", () => {
    expect(changedQuery(new URLSearchParams("a=1&b=2"), { b: "", c: 3 })).toBe("a=1&c=3");
    expect(changedQuery(new URLSearchParams("a=1"), { a: null })).toBe("");
  });
});
