const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const kinds = ["user", "session", "character", "bond", "workspace", "job", "partition", "forked_session", "forked_bond"];

export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** Not the id of nothing, as records of the server itself have. */
export function isNamed(id: string | null | undefined): id is string {
  return Boolean(id) && id !== "00000000-0000-0000-0000-000000000000";
}

/** The end of a UUID tells ids of one moment apart; its beginning is the time. */
export function shortId(id: string): string {
  return isUuid(id) ? `…${id.slice(-8)}` : id.length > 24 ? `${id.slice(0, 10)}…${id.slice(-8)}` : id;
}

export function splitEntity(entity: string): { kind: string; id: string } {
  const at = entity.indexOf("/");
  return at < 0 ? { kind: "", id: entity } : { kind: entity.slice(0, at), id: entity.slice(at + 1) };
}

/** As the heading of a page: "Forked session". */
export function kindTitle(kind: string): string {
  return (kind.charAt(0).toUpperCase() + kind.slice(1)).replaceAll("_", " ");
}

/** Of a place within a record ("3:43:5") the record's. */
export function recordPosition(position: string): string {
  return position.split(":").slice(0, 2).join(":");
}

export type Target = { what: "entity"; entity: string } | { what: "position"; position: string } | { what: "id"; id: string };

/** What somebody pasted: "session/0197…", "2:1234", or a bare id. */
export function targetOf(text: string): Target | undefined {
  const given = text.trim();
  if (/^\d+:\d+$/.test(given)) return { what: "position", position: given };
  const { kind, id } = splitEntity(given);
  if (kinds.includes(kind) && (isUuid(id) || kind === "partition")) return { what: "entity", entity: `${kind}/${id.toLowerCase()}` };
  return isUuid(given) ? { what: "id", id: given.toLowerCase() } : undefined;
}
