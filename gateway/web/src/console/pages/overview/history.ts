import type { HistoryPoint, Overview } from "../../api/types";

/** As long as the server keeps it. */
export const historyMs = 10 * 60_000;

/** The history with one point more, made of what just came; what is older than ten minutes goes. */
export function extended(history: HistoryPoint[], now: Overview): HistoryPoint[] {
  const at = new Date(now.at).getTime();
  const last = history.at(-1);
  if (last && new Date(last.at).getTime() >= at) return history;
  const point: HistoryPoint = {
    at: now.at,
    commands_per_s: now.rates.commands_per_s,
    records_per_s: now.rates.records_per_s,
    command_p99_ms: now.latency.command_p99_ms,
    lag_records: now.lag.records,
    connections: now.connections.open,
    resident_bytes: now.memory.resident_bytes,
  };
  return [...history, point].filter((each) => new Date(each.at).getTime() > at - historyMs);
}
