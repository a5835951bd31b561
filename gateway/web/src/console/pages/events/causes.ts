import type { EventRecord } from "../../api/types";

export interface CausedRecord {
  record: EventRecord;
  /** How many causes lie between it and what began it all. */
  depth: number;
  /** Since the first of them, in ms. */
  sinceMs: number;
}

const lastOf = (record: EventRecord) => record.first_sequence + Math.max(0, record.types.length - 1);
const earlier = (a: EventRecord, b: EventRecord) => a.at.localeCompare(b.at) || a.position.localeCompare(b.position, undefined, { numeric: true });

/** Records that belong together, each below what caused it, else in the order of time. */
export function causedRecords(records: EventRecord[]): CausedRecord[] {
  const sorted = [...records].sort(earlier);
  const start = sorted[0] ? new Date(sorted[0].at).getTime() : 0;
  const causeOf = ({ cause }: EventRecord) => cause && sorted.find((each) => each.entity === cause.entity && each.first_sequence <= cause.sequence && cause.sequence <= lastOf(each));
  const children = new Map<EventRecord | undefined, EventRecord[]>();
  for (const record of sorted) {
    const cause = causeOf(record) ?? undefined;
    const parent = cause === record ? undefined : cause;
    children.set(parent, [...(children.get(parent) ?? []), record]);
  }
  const placed = new Set<EventRecord>();
  const rows: CausedRecord[] = [];
  const place = (record: EventRecord, depth: number) => {
    if (placed.has(record)) return;
    placed.add(record);
    rows.push({ record, depth, sinceMs: new Date(record.at).getTime() - start });
    for (const child of children.get(record) ?? []) place(child, depth + 1);
  };
  for (const record of children.get(undefined) ?? []) place(record, 0);
  // Causes in a circle can't be, but what is shown must not be lost by them.
  for (const record of sorted) place(record, 0);
  return rows;
}
