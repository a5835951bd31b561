import type { Change, EventRule, Json, RuleOperation } from "../../api/types";

/** One line of the editor; the value is JSON, or plain text where it is none. */
export interface OperationLine {
  op: RuleOperation["op"];
  path: string;
  to: string;
  value: string;
}

export const emptyLine: OperationLine = { op: "set", path: "", to: "", value: "" };

export function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

const isPointer = (text: string) => /^\/[^/]/.test(text);

/** What the lines say; undefined while one of them does not say it whole. */
export function operationsOf(lines: OperationLine[]): RuleOperation[] | undefined {
  const all = lines.map(({ op, path, to, value }): RuleOperation | undefined => {
    if (!isPointer(path)) return undefined;
    if (op === "remove") return { op, path };
    if (op === "rename") return isPointer(to) ? { op, path, to } : undefined;
    return { op, path, value: valueOf(value) };
  });
  return all.length > 0 && all.every((each) => each !== undefined) ? all : undefined;
}

/** What differs between two payloads, by their first level. */
export function payloadChanges(before: Json, after: Json): Change[] {
  const fields = (of: Json) => (typeof of === "object" && of !== null && !Array.isArray(of) ? of : { "": of });
  const [old, fresh] = [fields(before), fields(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])].sort().flatMap((name): Change[] => {
    const path = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (!(name in old)) return [{ path, op: "add", after: fresh[name] }];
    if (!(name in fresh)) return [{ path, op: "remove", before: old[name] }];
    return JSON.stringify(old[name]) === JSON.stringify(fresh[name]) ? [] : [{ path, op: "replace", before: old[name], after: fresh[name] }];
  });
}

/** What a rule is for: one event, the events of an entity from one on, or those of every entity. */
export function scopeOf({ entity, from_sequence, to_sequence }: Pick<EventRule, "entity" | "from_sequence" | "to_sequence">): "event" | "entity" | "type" {
  if (entity === null) return "type";
  return to_sequence === from_sequence ? "event" : "entity";
}
