import { Caller, jsonBody, type Query, withQuery } from "../../api/caller";
import type { TokenStore } from "../../api/token_store";
import type * as wire from "./types";
import { exactJson } from "./exact_json";
import { PrivacyStore } from "./privacy";

export interface Confirmation {
  confirm: string;
  reason: string;
}

/** The calls of the console. Those that can show personal content carry the privacy mode that is on. */
export class AdminApi extends Caller {
  readonly privacy: PrivacyStore;
  /** Told of each action that the server took. */
  onAction: () => void = () => {};

  constructor(tokens: TokenStore, privacy: PrivacyStore) {
    super(tokens);
    this.privacy = privacy;
  }

  me = () => this.get<wire.Me>("/me");
  overview = () => this.get<wire.Overview>("/overview");
  partitions = () => this.get<wire.Listed<wire.Partition>>("/partitions");
  epochs = (partition: number, cursor?: string) => this.get<wire.Listed<wire.Epoch>>(`/partitions/${partition}/epochs`, { cursor });

  events = (query: Query) => this.personal<wire.EventPage>("/events", query);
  event = (position: string) => this.personal<wire.EventRecord>(`/events/${encodeURIComponent(position)}`);

  entity = (entity: string) => this.personal<wire.Entity>(`/entities/${entity}`);
  history = (entity: string, query: Query) => this.personal<wire.Listed<wire.EventRecord>>(`/entities/${entity}/history`, query);
  stateAt = (entity: string, point: { sequence: number } | { time: string }) => this.personal<wire.StateAt>(`/entities/${entity}/state`, point);
  diff = (entity: string, from: number, to: number) => this.personal<wire.StateDiff>(`/entities/${entity}/diff`, { from, to });
  world = (user: string, position: string) => this.personal<wire.World>(`/people/${user}/world`, { position });

  projections = () => this.get<wire.Listed<wire.Projection>>("/projections");
  beginPreflight = (projection: string) => this.post<wire.Preflight>(`/projections/${projection}/preflight`);
  preflight = (projection: string) => this.get<wire.Preflight>(`/projections/${projection}/preflight`);
  cancelPreflight = (projection: string) => this.post<wire.Preflight>(`/projections/${projection}/preflight/cancel`);
  rebuildOf = (projection: string) => this.get<wire.Rebuild>(`/projections/${projection}/rebuild`);
  steerRebuild = (projection: string, what: "pause" | "resume") => this.post<wire.Rebuild>(`/projections/${projection}/rebuild/${what}`);
  cancelRebuild = (projection: string, reason: string) => this.post<wire.Rebuild>(`/projections/${projection}/rebuild/cancel`, { reason });
  /** 0: no limit. */
  throttleRebuild = (projection: string, to: { rate?: number; live_p99_ms?: number }) => this.post<wire.Rebuild>(`/projections/${projection}/rebuild/rate`, to);
  standStill = (projection: string, partition: number | null, reason: string) => this.post<wire.Projection>(`/projections/${projection}/pause`, { partition, reason });
  goOn = (projection: string, partition: number | null) => this.post<wire.Projection>(`/projections/${projection}/resume`, { partition });
  resetPreview = (projection: string, place: wire.ResetPlace) => this.post<wire.ResetPreview>(`/projections/${projection}/reset/preview`, place);
  verifyRows = (projection: string) => this.request(`/admin/projections/${projection}/verify`, jsonBody({}));
  rowCheck = (projection: string) => this.get<wire.RowCheck>(`/projections/${projection}/verify`);

  deadLetters = (query: Query) => this.get<wire.Listed<wire.DeadLetter>>("/dead-letters", query);
  retryDeadLetter = (id: string | number, dry: boolean) => this.post<wire.Drained>(`/dead-letters/${id}/retry${dry ? "?dry_run=true" : ""}`);

  rulePreview = (id: string | number, operations: wire.RuleOperation[], scope: string) =>
    this.post<wire.RulePreview>(withQuery(`/dead-letters/${id}/rule/preview`, { ...this.privacy.query() }), { operations, scope });
  eventRules = (query: Query) => this.get<wire.Listed<wire.EventRule>>("/event-rules", query);

  vectors = () => this.get<wire.Vectors>("/vectors");
  cancelVectorBuild = (reason: string) => this.post<wire.VectorBuild>("/vectors/build/cancel", { reason });
  compareVectors = (version: number, queries: number, k: number) => this.post<wire.RecallComparison>(`/vectors/${version}/compare`, { queries, k });

  effects = (query: Query) => this.get<wire.EffectPage>("/effects", query);
  retryEffect = (id: string) => this.request(`/admin/effects/${encodeURIComponent(id)}/retry`, jsonBody({}));

  users = (query: Query) => this.personal<wire.Listed<wire.Person>>("/users", query);
  user = (id: string) => this.personal<wire.Person>(`/users/${id}`);
  conversationsOf = (id: string, query: Query) => this.personal<wire.Listed<wire.Talk>>(`/users/${id}/conversations`, query);
  memoriesOf = (id: string, query: Query) => this.personal<wire.Listed<wire.Remembered>>(`/users/${id}/memories`, query);
  conversations = (query: Query) => this.personal<wire.Listed<wire.Talk>>("/conversations", query);
  conversation = (id: string) => this.personal<wire.Talk>(`/conversations/${id}`);
  messages = (id: string, query: Query) => this.personal<wire.Listed<wire.TalkMessage>>(`/conversations/${id}/messages`, query);

  models = () => this.get<wire.Models>("/models");
  forks = (query: Query) => this.get<wire.Listed<wire.Fork>>("/forks", query);
  fork = (conversation: string, wish: { sequence: number; model: string | null; reason: string }) => this.post<wire.ForkStanding>(`/conversations/${conversation}/fork`, wish);
  forkStanding = (id: string) => this.get<wire.ForkStanding>(`/forks/${id}`);
  timelines = (id: string) => this.personal<wire.Timelines>(`/forks/${id}/timelines`);
  sayInFork = (id: string, content: string) => this.post<{ message_id: string }>(`/forks/${id}/messages`, { content });
  regenerateInFork = (id: string, message_id: string) => this.post<{ message_id: string }>(`/forks/${id}/regenerate`, { message_id });
  closeFork = (id: string) => this.post<unknown>(`/forks/${id}/close`);

  verification = () => this.get<wire.Verification>("/verification");
  runVerification = () => this.request("/admin/verification/run", jsonBody({ scope: "log" }));
  audit = (query: Query) => this.get<wire.Listed<wire.AuditEntry>>("/audit", query);
  settings = () => this.get<wire.Listed<wire.Setting>>("/settings");

  /** The newest entries; `total` is how many there are, more than the file has when it is `cut`. */
  async auditCsv(query: Query): Promise<{ file: Blob; total: number; cut: boolean }> {
    const answer = await this.request(withQuery("/admin/audit.csv", query));
    return { file: await answer.blob(), total: Number(answer.headers.get("X-Total-Count") ?? "0"), cut: answer.headers.get("X-Truncated") === "true" };
  }

  /** What an action would touch, and which words it wants to hear; `path` is the action's. */
  impact = (path: string, query: Query = {}) => this.get<wire.Impact>(`${path}/impact`, query);
  confirmed = (path: string, said: Confirmation, more: object = {}) => this.request(`/admin${path}`, jsonBody({ ...more, ...said }));

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.json<T>(withQuery(`/admin${path}`, query));
  }

  override async request(path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await super.request(path, init);
    if (init.method === "POST") this.onAction();
    return answer;
  }

  override async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    return exactJson(await (await this.request(path, init)).text()) as T;
  }

  private personal<T>(path: string, query: Query = {}): Promise<T> {
    return this.get<T>(path, { ...query, ...this.privacy.query() });
  }

  private post<T>(path: string, body: object = {}): Promise<T> {
    return this.json<T>(`/admin${path}`, jsonBody(body));
  }
}
