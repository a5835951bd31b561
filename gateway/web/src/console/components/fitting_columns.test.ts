import { describe, expect, it } from "vitest";
import { fittingColumns, leastWidth } from "./fitting_columns";
import type { Column } from "./table";

describe("a table's columns", () => {
  const column = (id: string, width: string, more: Partial<Column<number>> = {}): Column<number> => ({ id, title: id, width, cell: () => null, ...more });
  const columns = [column("when", "100px"), column("what", "minmax(200px, 2fr)", { phone: "title" }), column("why", "minmax(150px, 1fr)", { from: 500 }), column("size", "80px", { from: 700 }), column("do", "90px", { title: "" })];
  const names = (width: number) => fittingColumns(columns, width).map((each) => each.id);

  it("are as wide as their track says at least", () => {
    expect([leastWidth("84px"), leastWidth("minmax(150px, 1fr)"), leastWidth("1fr")]).toEqual([84, 150, 0]);
  });

  it("go where there is no room, those for wide tables first, but never the name or the buttons", () => {
    expect(names(900)).toEqual(["when", "what", "why", "size", "do"]);
    expect(names(710)).toEqual(["when", "what", "why", "do"]);
    expect(names(500)).toEqual(["when", "what", "do"]);
    expect(names(300)).toEqual(["what", "do"]);
  });
});
