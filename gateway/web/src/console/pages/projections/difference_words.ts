/** What the two sides of a comparison are called, and the kinds of difference as the server names them. */
export interface Sides {
  kinds: Record<string, string>;
  before: string;
  after: string;
}

/** A rebuild's comparison: the version that served against the new one. */
export const oldAgainstNew = (version: number): Sides => ({
  kinds: { missing_in_new: `missing in v${version}, the new one`, only_in_new: `only in v${version}, the new one`, different: "differs" },
  before: "old row",
  after: "new row",
});

/** A check of rows: the tables against a fold of the log. */
export const tableAgainstLog: Sides = { kinds: { missing: "missing in the table", unexpected: "only in the table", different: "differs" }, before: "row of the table", after: "row of the log" };

/** The badge of a difference: says which side lacks the row. */
export function whatWords(what: string, sides: Sides): string {
  return sides.kinds[what] ?? what.replaceAll("_", " ");
}

/** Where in the log either side of a difference comes from, with the side's name; as one where both come from the same place. */
export function causesOf(lineage: unknown, sides: Sides): { side: string; position: string }[] {
  if (typeof lineage !== "object" || lineage === null) return [];
  const { before, after } = lineage as { before?: unknown; after?: unknown };
  const [first, second] = [placeOf(before), placeOf(after)];
  if (first !== undefined && first === second) return [{ side: "caused by", position: first }];
  return [...(first === undefined ? [] : [{ side: `${sides.before} caused by`, position: first }]), ...(second === undefined ? [] : [{ side: `${sides.after} caused by`, position: second }])];
}

function placeOf(place: unknown): string | undefined {
  return typeof place === "string" && /^\d+:\d+$/.test(place) ? place : undefined;
}
