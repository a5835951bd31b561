/** What `/api/v1/admin/*` answers; names as on the wire. Times are RFC 3339 in UTC, positions "partition:offset", entities "kind/uuid". */

export type * from "./fork_types";
export type * from "./projection_types";

export type Privacy = "none" | "masked" | "full";

export interface Listed<T> {
  items: T[];
  next_cursor: string | null;
  has_more: boolean;
  total: number | null;
}

export interface Me {
  id: string;
  email: string;
  roles: string[];
  privacy_modes: Privacy[];
}

export interface Problem {
  severity: "warning" | "down";
  title: string;
  detail: string;
  page: string;
}

export interface HistoryPoint {
  at: string;
  commands_per_s: number;
  records_per_s: number;
  command_p99_ms: number | null;
  lag_records: number;
  connections: number;
  resident_bytes: number;
}

export interface Overview {
  at: string;
  version: string;
  uptime_s: number;
  node: string;
  log: { kind: string; partitions: number; records: number };
  health: { state: "ok" | "warning" | "down"; problems: Problem[] };
  rates: { commands_per_s: number; records_per_s: number; requests_per_s: number; frames_per_s: number };
  latency: { command_p50_ms: number | null; command_p99_ms: number | null; request_p50_ms: number | null; request_p99_ms: number | null };
  connections: { open: number; websockets: number };
  memory: { resident_bytes: number; live_entities: number };
  lag: { records: number; seconds: number };
  dead_letters: number;
  effects: { depth: number; oldest_s: number | null };
  history?: HistoryPoint[];
}

export interface Partition {
  partition: number;
  serving: boolean;
  /** Served by the node that answers; false: by another one, which was asked. */
  here?: boolean;
  reason: string | null;
  node: string | null;
  /** The address of its owner's console; null when it is this one, or the server was not told how nodes are reached. */
  console?: string | null;
  epoch: number;
  writer: string | null;
  applied_next: number;
  log_begin: number;
  log_end: number;
  counted: number;
  fenced: number;
  repeated: number;
  gaps: number;
  live_entities: number;
  parked_entities: number;
  commands_in_flight: number;
  pending_effects: number;
  checkpoint: { at: string; offset: number; generations: number; bytes: number } | null;
}

export interface Epoch {
  epoch: number;
  writer: string;
  node: string;
  position: string;
  at: string;
}

/** Null: not looked at since the server's start. */
export type Verdict = "counts" | "fenced" | "repeated" | "gap" | null;
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface EntityEvent {
  sequence: number;
  type: string;
  payload: Json;
}

export interface EventRecord {
  position: string;
  at: string;
  entity: string;
  first_sequence: number;
  types: string[];
  command_id: string | null;
  correlation_id: string | null;
  cause: { entity: string; sequence: number } | null;
  epoch: number;
  verdict: Verdict;
  bytes: number;
  /** Its personal text could not be opened: the person is erased, or the vault is away. */
  sealed?: boolean;
  /** Why it could not be read. */
  problem?: string | null;
  events: EntityEvent[];
  hash?: string;
  previous_hash?: string;
  writer?: string;
}

export interface EventPage extends Listed<EventRecord> {
  scanned?: number;
  scanned_to?: Record<string, number>;
}

export interface Effect {
  id: string;
  entity: string;
  kind: string;
  partition: number;
  since: string;
  age_s: number;
  attempts: number;
  state: string;
  problem: string | null;
  cause: { entity: string; sequence: number } | null;
}

export interface EffectPage extends Listed<Effect> {
  depth: number;
  /** How many of them have failed, whatever part of the list this is. */
  failed?: number;
  oldest_s: number | null;
  alert: string | null;
  /** Partitions whose owner could not be asked: nothing of them is listed. */
  unreachable?: number[];
}

export interface Entity {
  entity: string;
  partition: number;
  sequence: number;
  last_position: string;
  /** Null, as the next two: its owner could not be asked. */
  in_memory: boolean | null;
  parked: boolean | null;
  mailbox: { waiting: number } | null;
  pending_effects: Json[];
  state: Json;
  state_hash: string;
}

export interface StateAt {
  entity: string;
  sequence: number;
  at: string | null;
  position: string | null;
  state: Json;
  state_hash: string;
  /** Null in a world: nothing behind its position was read. */
  last_sequence: number | null;
}

export interface Change {
  path: string;
  op: "add" | "remove" | "replace";
  before?: Json;
  after?: Json;
}

export interface StateDiff {
  from: number;
  to: number;
  changes: Change[];
  events: EventRecord[];
}

export interface World {
  user: StateAt | null;
  sessions: StateAt[];
  bonds: StateAt[];
  position: string;
  /** There are more than are handed out: the oldest are left out. */
  truncated?: boolean;
}

export interface Person {
  id: string;
  email: string | null;
  name: string | null;
  roles: string[];
  created_at: string;
  conversations?: number;
  last_active_at?: string | null;
}

export interface Talk {
  id: string;
  user_id?: string;
  character_id: string;
  character_name?: string | null;
  title: string | null;
  state: string;
  messages?: number;
  created_at: string;
  updated_at: string;
  last_position: string;
}

export interface Recalled {
  memory_id: string | null;
  text: string | null;
  score: number | null;
  reason: Json;
}

export interface Recall {
  model: string;
  prompt_shape: string;
  token_budget: number | null;
  tokens: number | null;
  memories: Recalled[];
  cut: Json[];
  note?: Json;
}

export interface TalkMessage {
  id: string;
  parent_id: string | null;
  role: "user" | "character";
  content: string | null;
  state: string;
  created_at: string;
  position: string;
  recall?: Recall | null;
}

export interface Remembered {
  id: string;
  character_id: string;
  text: string | null;
  kind: string;
  valid_from: string | null;
  valid_to: string | null;
  recorded_at: string;
  sources: { conversation_id: string; message_id: string }[];
}

export interface VerifiedPartition {
  partition: number;
  verified_to: number;
  log_end: number;
  at: string | null;
  /** Why it does not go on there. */
  problem?: string | null;
}

export interface Finding {
  entity: string;
  sequence: number;
  position: string;
  kind: string;
  detail: string;
  before?: Json;
  after?: Json;
  /** Of a state: from the stored to the folded one, masked. */
  changes?: Change[];
  at: string;
}

export interface FullVerification {
  state: "running" | "done" | "failed";
  started_at: string;
  ended_at: string | null;
  records: number;
  total: number;
  events: number;
  entities: number;
  differences: number;
  problem: string | null;
}

export interface Verification {
  background: {
    state: string;
    rate_per_s: number;
    round: number;
    started_at: string | null;
    partitions: VerifiedPartition[];
    records: number | null;
    entities: number | null;
    states_compared?: number | null;
    differences: number | null;
  };
  last_full: FullVerification | null;
  findings: Finding[];
}

export interface AuditEntry {
  id: string;
  at: string;
  actor: { id: string; email: string | null };
  action: string;
  subject: string | null;
  privacy: Privacy | null;
  reason: string | null;
  outcome: string;
  detail: Json;
  request_id: string | null;
  address: string | null;
}

export interface Setting {
  name: string;
  value: Json;
  default: Json;
  source: "default" | "file" | "environment" | "flag";
  unit: string | null;
  meaning: string;
  secret: boolean;
}
