import { useSyncExternalStore } from "react";
import type { TimeMode } from "../format/times";

const key = "reverie.console.times";
const modes: readonly string[] = ["local", "utc", "ago"];
const listeners = new Set<() => void>();

function kept(): TimeMode {
  try {
    const found = window.localStorage.getItem(key) ?? "";
    return modes.includes(found) ? (found as TimeMode) : "local";
  } catch {
    return "local";
  }
}

let current: TimeMode = kept();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The browser keeps the choice; where it may keep nothing it holds until the page is left. */
export function chooseTimeMode(mode: TimeMode): void {
  current = mode;
  try {
    window.localStorage.setItem(key, mode);
  } catch {
    // Storage is forbidden or full: the choice still holds here.
  }
  for (const listener of listeners) listener();
}

/** How the reader wants times to be shown. */
export function useTimeMode(): TimeMode {
  return useSyncExternalStore(subscribe, () => current);
}
