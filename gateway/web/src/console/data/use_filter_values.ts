import { useMemo } from "react";
import { useQueryValues } from "../address/route";
import { resolvedTime } from "../format/times";

/** The filters in the address as a call takes them. A span ("-15m") is held against the clock when a filter changes, not at every drawing. `names` is always the same list. */
export function useFilterValues(names: readonly string[]): Record<string, string | undefined> {
  const [query] = useQueryValues();
  const asked = JSON.stringify(names.map((name) => query.get(name) ?? ""));
  return useMemo(() => {
    const given = JSON.parse(asked) as string[];
    return Object.fromEntries(names.map((name, index) => [name, resolvedTime(given[index] ?? "") || undefined]));
  }, [names, asked]);
}
