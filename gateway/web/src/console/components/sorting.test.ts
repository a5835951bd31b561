import { describe, expect, it } from "vitest";
import { nextOrder, orderIn, sorted } from "./sorting";

describe("a table's order", () => {
  it("turns with each press: the most first, the least first, as it came", () => {
    expect(nextOrder(undefined, "lag")).toBe("-lag");
    expect(nextOrder(orderIn("-lag"), "lag")).toBe("lag");
    expect(nextOrder(orderIn("lag"), "lag")).toBe("");
    expect(nextOrder(orderIn("lag"), "epoch")).toBe("-epoch");
  });

  it("sorts numbers as numbers, words as words, and leaves equals as they came", () => {
    expect(sorted([9, 10, 2], (n) => n, true)).toEqual([10, 9, 2]);
    expect(sorted(["node-10", "node-9"], (name) => name, false)).toEqual(["node-9", "node-10"]);
    expect(sorted(["b1", "a", "b2"], (name) => name.length > 1 ? 1 : 0, true)).toEqual(["b1", "b2", "a"]);
  });
});
