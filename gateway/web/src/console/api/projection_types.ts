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

/** The version that served against the new one, at the same offsets. */
export interface RebuildComparison {
  compared: number;
  /** The sum of the three that follow. */
  differences: number;
  missing_in_new: number;
  only_in_new: number;
  differs: number;
  parked_in_serving?: number;
  parked_in_new?: number;
  sample: RowDifference[];
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
  /** It works less than all the time, since live commands would be slower than allowed. */
  throttled?: boolean;
  work_share?: number;
  live_p99_ms?: number | null;
  live_p99_limit_ms?: number | null;
  comparison: RebuildComparison | null;
}

export interface Projection {
  projection: string;
  serving_version: number | null;
  versions: ProjectionVersion[];
  rebuild: Rebuild | null;
  /** Where it was told to stand still; a null partition: everywhere. */
  paused?: { partition: number | null; reason: string; created_at: string }[];
  history: { at: string; lag_records: number; rate_per_s: number }[];
}

/** A look at the whole log: it takes its time. */
export interface Preflight {
  projection: string;
  state: "never" | "running" | "done" | "failed" | "cancelled";
  done?: number;
  total?: number;
  rate_per_s?: number;
  seconds_left?: number | null;
  problem?: string | null;
  found?: Outlook | null;
  /** Seconds since it ended. */
  age_s?: number | null;
}

export interface Outlook {
  records: number;
  events: number;
  rows_estimate: number;
  bytes_estimate: number;
  seconds_estimate: number;
  /** The first of them; how many there are in all is `poison_total`. */
  poison: { entity: string; position: string; message: string }[];
  poison_total?: number;
  /** Entities of the sample that a fold parked. */
  parked_in_sample?: number;
  embeddings_missing: number;
  embeddings_cached?: number;
  indexes_bytes_estimate?: number;
}

/** Where to a projection is set back. */
export type ResetPlace = { partition: number | null; to_offset: number } | { partition: number | null; to_time: string } | { partition: number | null; to_start: true };

export interface ResetPartition {
  partition: number;
  from: number;
  to: number;
  records_again: number;
  rows_touched: number;
  dead_letters: number;
  embeddings_again: number;
}

export interface ResetPreview {
  partitions: ResetPartition[];
  confirm: string;
  touches: { what: string; count: number }[];
  reversible?: boolean;
  warning: string | null;
}

export interface RowCheck {
  state: string;
  rows: number;
  differences: number;
  sample: RowDifference[];
  /** Why it failed. */
  problem?: string | null;
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
  /** False: of a version that a rebuild left unswitched; nothing can be done about it but mend its cause. */
  serving?: boolean;
}

/** A step of a rule by which an event is read differently from how it lies in the log. */
export interface RuleOperation {
  op: "set" | "rename" | "remove";
  path: string;
  to?: string;
  value?: Json;
}

export interface RulePreview {
  event: { sequence: number; type: string; version: number };
  before: Json;
  after: Json;
  accepted: boolean;
  problem: string | null;
  folded: number;
  still_parked: number;
  projections: string[];
  needs_rebuild: boolean;
  confirm: string;
}

export interface EventRule {
  id: string;
  projection: string;
  entity: string | null;
  type: string;
  version: number;
  from_sequence: number;
  /** Null: to the end. */
  to_sequence?: number | null;
  operations: RuleOperation[];
  reason: string;
  author: string;
  created_at: string;
  retired_at: string | null;
  retire_reason: string | null;
}

export interface RecallComparison {
  at: string;
  queries: number;
  k: number;
  recall_of_serving: number | null;
  overlap: number;
  evidence_serving: number | null;
  evidence_new: number | null;
  evidence_queries: number;
  /** The same, by vectors alone: without the words. */
  semantic_recall?: number | null;
  /** How long a search took, in ms, on average. */
  serving_ms?: number | null;
  new_ms?: number | null;
  worst: { query_position: string; overlap: number }[];
}

export interface VectorVersion {
  version: number;
  model: string;
  dimension: number;
  table: string;
  state: "serving" | "building" | "ready" | "kept";
  rows: number;
  missing: number;
  /** Both are from statistics: the tables are large. */
  rows_estimated?: boolean;
  available: boolean;
  created_at: string;
  switched_at: string | null;
  comparison: RecallComparison | null;
}

export interface VectorBuild {
  /** Null until it is known. */
  version: number | null;
  state: "running" | "ready" | "failed" | "cancelled";
  done: number;
  total: number;
  rate_per_s: number;
  from_cache: number;
  problem: string | null;
}

export interface Vectors {
  items: VectorVersion[];
  build: VectorBuild | null;
}

export interface Drained {
  folded: number;
  still_parked: number;
  dry_run?: boolean;
  problem?: string | null;
}

export interface Impact {
  title: string;
  touches: { what: string; count: number }[];
  confirm: string;
  reversible: boolean;
  warning: string | null;
}
