import { useEffect, useState, useSyncExternalStore } from "react";
import { live } from "../api/console_context";
import type { Topic } from "./live_feed";

/** The newest data of a topic while the component is shown. */
export function useLive<T>(topic: Topic): T | undefined {
  const [data, setData] = useState<T>();
  useEffect(() => live.subscribe(topic, (value) => setData(value as T)), [topic]);
  return data;
}

/** Since when what is shown stands still, in ms; 0 when it does not. */
export function useStandsSince(): number {
  return useSyncExternalStore(live.watch, () => live.standsSince);
}

export function useLiveState() {
  return useSyncExternalStore(live.watch, () => live.state);
}
