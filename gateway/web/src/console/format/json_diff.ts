import type { Change, Json } from "../api/types";

/** More than these are not worth reading: the two have little in common. */
export const changesMax = 500;

const isObject = (value: Json | undefined): value is { [name: string]: Json } => typeof value === "object" && value !== null && !Array.isArray(value);
const inPointer = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");

function entriesOf(value: Json | undefined): [string, Json][] | undefined {
  if (Array.isArray(value)) return value.map((each, index) => [String(index), each]);
  return isObject(value) ? Object.entries(value) : undefined;
}

/** What differs between two values, as deep as it goes; lists are held against each other place by place. */
export function changesBetween(before: Json, after: Json, path = ""): Change[] {
  const [old, fresh] = [entriesOf(before), entriesOf(after)];
  if (!old || !fresh || Array.isArray(before) !== Array.isArray(after)) return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, op: "replace", before, after }];
  const [olds, freshes] = [new Map(old), new Map(fresh)];
  const changes: Change[] = [];
  for (const name of new Set([...olds.keys(), ...freshes.keys()])) {
    const at = `${path}/${inPointer(name)}`;
    const [left, right] = [olds.get(name), freshes.get(name)];
    if (left === undefined) changes.push({ path: at, op: "add", after: right });
    else if (right === undefined) changes.push({ path: at, op: "remove", before: left });
    else changes.push(...changesBetween(left, right, at));
    if (changes.length > changesMax) break;
  }
  return changes.slice(0, changesMax);
}
