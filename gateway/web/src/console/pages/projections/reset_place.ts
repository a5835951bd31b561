import type { ResetPlace } from "../../api/types";

export type ResetKind = "time" | "offset" | "start";

export interface ResetChoice {
  kind: ResetKind;
  partition: string;
  offset: string;
  time: string;
}

/** What the fields say; undefined while they do not say it whole. */
export function placeOf({ kind, partition, offset, time }: ResetChoice): ResetPlace | undefined {
  const where = partition === "" ? null : Number(partition);
  if (kind === "start") return { partition: where, to_start: true };
  if (kind === "time") return time === "" ? undefined : { partition: where, to_time: time };
  const to = Number(offset);
  return where === null || offset === "" || !Number.isInteger(to) || to < 0 ? undefined : { partition: where, to_offset: to };
}
