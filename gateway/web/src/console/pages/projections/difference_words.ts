/** What the two sides of a comparison are called. `before` is the stored side, `after` the side it is held against. */
export interface Sides {
  /** A row that the `before` side alone has. */
  missing: string;
  /** A row that the `after` side alone has. */
  unexpected: string;
  before: string;
  after: string;
}

/** A rebuild's comparison: the version that served against the new one, as the server words its kinds. */
export const oldAgainstNew = (version: number): Sides => ({ missing: `missing in v${version}, the new one`, unexpected: `only in v${version}, the new one`, before: "old row", after: "new row" });

/** A check of rows: the tables against a fold of the log. */
export const tableAgainstLog: Sides = { missing: "missing in the table", unexpected: "only in the table", before: "in the table", after: "by the log" };

/** The badge of a difference: says which side lacks the row. */
export function whatWords(what: string, sides: Sides): string {
  return what === "missing" ? sides.missing : what === "unexpected" ? sides.unexpected : what === "different" ? "differs" : what;
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
