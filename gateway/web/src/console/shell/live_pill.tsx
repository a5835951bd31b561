import { live } from "../api/console_context";
import { Dot } from "../components/badge";
import { useNow } from "../data/use_now";
import { duration } from "../format/numbers";
import { useLiveState } from "../live/use_live";

/** Data older than this is called stale. */
const staleAfterMs = 5000;

/** Is what is shown fresh, and if not, since when? */
export function LivePill() {
  const state = useLiveState();
  const now = useNow();
  const age = live.lastHeardAt === 0 ? 0 : now - live.lastHeardAt;
  const fresh = state === "live" && age < staleAfterMs;
  const words = fresh ? "Live" : state === "live" ? "Waiting" : state === "connecting" ? "Connecting" : "Reconnecting";
  return (
    <span className="c-live" data-state={fresh ? "live" : state} role="status" title={live.lastHeardAt ? `Last heard ${new Date(live.lastHeardAt).toISOString()}` : undefined}>
      <Dot tone={fresh ? "good" : "warn"} />
      <span className="c-live-words">{words}{!fresh && age >= staleAfterMs && ` · stale for ${duration(Math.floor(age / 1000))}`}</span>
    </span>
  );
}
