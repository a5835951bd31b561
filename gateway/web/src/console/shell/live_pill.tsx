import { live } from "../api/console_context";
import { Dot } from "../components/badge";
import { Icon } from "../components/icon";
import { useNow } from "../data/use_now";
import { duration } from "../format/numbers";
import { useLiveState, useStandsSince } from "../live/use_live";

/** Data older than this is called stale. */
const staleAfterMs = 5000;

/** Is what is shown fresh, and if not, since when? A press lets it stand still, and go on. */
export function LivePill() {
  const state = useLiveState();
  const standsSince = useStandsSince();
  const now = useNow();
  const held = standsSince > 0;
  const age = live.lastHeardAt === 0 ? 0 : now - live.lastHeardAt;
  const fresh = state === "live" && age < staleAfterMs;
  const words = held ? "Paused" : fresh ? "Live" : state === "live" ? "Waiting" : state === "connecting" ? "Connecting" : "Reconnecting";
  const since = held ? ` · as of ${duration(Math.max(0, Math.floor((now - standsSince) / 1000)))} ago` : !fresh && age >= staleAfterMs ? ` · stale for ${duration(Math.floor(age / 1000))}` : "";
  return (
    <button type="button" className="c-live" data-state={held ? "held" : fresh ? "live" : state} aria-pressed={held} onClick={() => live.hold(!held)}
      title={held ? "Go on (l)" : "Let what is shown stand still (l)"}>
      {held ? <Icon name="play" size={13} /> : <Dot tone={fresh ? "good" : "warn"} />}
      <span className="c-live-words" role="status">{words}{since}</span>
    </button>
  );
}
