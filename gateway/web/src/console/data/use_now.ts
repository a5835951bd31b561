import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer = 0;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    timer = window.setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.clearInterval(timer);
  };
}

/** The time in ms, a second fresh; one timer for all. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
