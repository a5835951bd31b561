import type { Change, Json } from "../api/types";

/** A JSON pointer's parts; "~1" stands for "/", "~0" for "~". */
export function pointerParts(path: string): string[] {
  return path === "" ? [] : path.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** A value in one line, cut to a length. */
export function inline(value: Json | undefined, longest = 120): string {
  if (value === undefined) return "";
  const text = JSON.stringify(value) ?? "";
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Is it a sealed field, of which the console may know only that it is there? */
export function sealedKey(value: Json | undefined): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const sealed = value.$sealed;
  if (typeof sealed !== "object" || sealed === null || Array.isArray(sealed)) return undefined;
  return typeof sealed.key === "string" ? sealed.key : "";
}

export interface ChangeGroup {
  /** The first part of the changes' paths. */
  name: string;
  changes: Change[];
}

/** Changes by the part of the state they touch, in the order in which they come. */
export function grouped(changes: Change[]): ChangeGroup[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const name = pointerParts(change.path)[0] ?? "";
    const group = groups.get(name);
    if (group) group.push(change);
    else groups.set(name, [change]);
  }
  return [...groups].map(([name, of]) => ({ name, changes: of }));
}

/** The longest beginning and end that two texts share, so that only what differs is marked. */
export function differingPart(before: string, after: string): { start: number; beforeEnd: number; afterEnd: number } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { start, beforeEnd: before.length - end, afterEnd: after.length - end };
}
