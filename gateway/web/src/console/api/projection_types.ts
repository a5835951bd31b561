import type { Json } from "./types";

/** What `/api/v1/admin/projections` and `/dead-letters` answer, and what actions say of themselves. */

export interface VersionPartition {
  partition: number;
  next: number;
  log_end: number;
  lag_records: number;
  lag_seconds: number | null;
  rate_per_s: number;
  problem: string | null;
  parked_entities: number;
}

export interface ProjectionVersion {
  version: number;
  fold_version: number;
  state: string;
  serving: boolean;
  schema: string;
  switched_at: string | null;
  rows: number | null;
  lag_records: number;
  lag_seconds: number;
  rate_per_s: number;
  trend: "catching_up" | "steady" | "falling_behind";
  stalled: boolean;
  problem: string | null;
  parked_entities: number;
  partitions: VersionPartition[];
}

export interface RowDifference {
  table: string;
  key: Json;
  what?: string;
  columns?: string[];
  before?: Json;
  after?: Json;
  lineage?: Json;
}

export interface Rebuild {
  projection: string;
  version: number;
  /** `ready` waits for the switch, `switched` serves. */
  state: "running" | "paused" | "comparing" | "ready" | "switched" | "failed" | "cancelled";
  step?: string | null;
  done: number;
  total: number;
  rate_per_s: number;
  seconds_left: number | null;
  rate_limit: number | null;
  started_at: string;
  problem: string | null;
  comparison: { compared: number; differences: number; missing: number; extra: number; sample: RowDifference[] } | null;
}

export interface Projection {
  projection: string;
  serving_version: number | null;
  versions: ProjectionVersion[];
  rebuild: Rebuild | null;
  history: { at: string; lag_records: number; rate_per_s: number }[];
}

export interface Preflight {
  records: number;
  events: number;
  rows_estimate: number;
  bytes_estimate: number;
  seconds_estimate: number;
  poison: { entity: string; position: string; message: string }[];
  embeddings_missing: number;
}

export interface RowCheck {
  state: string;
  rows: number;
  differences: number;
  sample: RowDifference[];
}

export interface DeadLetter {
  id: string | number;
  projection: string;
  version: number;
  entity: string;
  partition: number;
  position: string;
  sequence: number;
  code: string;
  message: string;
  attempts: number;
  state: string;
  created_at: string;
  behind: number;
}

export interface Drained {
  folded: number;
  still_parked: number;
  /** Of a dry run. */
  would_try?: number;
  problem?: string | null;
}

export interface Impact {
  title: string;
  touches: { what: string; count: number }[];
  confirm: string;
  reversible: boolean;
  warning: string | null;
}
