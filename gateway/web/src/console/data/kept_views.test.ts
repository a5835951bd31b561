import { describe, expect, it } from "vitest";
import { keepable, viewsIn } from "./kept_views";

describe("a kept view", () => {
  it("has its filters, but no words that were searched for", () => {
    expect(keepable("/console/events?type=session.*&partition=2")).toBe("/console/events?type=session.*&partition=2");
    expect(keepable("/console/users?q=tom%40example.org&sort=created_at")).toBe("/console/users?sort=created_at");
    expect(keepable("/console/audit?actor=olga")).toBe("/console/audit");
    expect(keepable("/console")).toBe("/console");
  });

  it("is read back only when it leads into the console", () => {
    const good = { name: "mine", to: "/console/events?type=x" };
    expect(viewsIn(JSON.stringify([good, { name: "home", to: "/console" }, { name: "evil", to: "https://example.org" }, { name: 7, to: "/console" }, { name: "near", to: "/consoles" }, null]))).toEqual([good, { name: "home", to: "/console" }]);
    expect([viewsIn(null), viewsIn("{"), viewsIn('{"a":1}')]).toEqual([[], [], []]);
  });
});
