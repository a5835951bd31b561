import { useEffect, useRef, useState } from "react";
import { withQuery, type Query } from "../../api/caller";
import { backoffMs } from "../../chat/backoff";
import { admin, usePrivacy } from "../api/console_context";
import type { EventRecord } from "../api/types";
import { readEvents } from "./sse";

export type FollowState = "off" | "connecting" | "following" | "reconnecting";

/** New records as they come, while `filters` are given; `onBreak` runs before each new try, since records may have been missed. */
export function useFollow(filters: Query | undefined, take: (record: EventRecord) => void, onBreak: () => void): FollowState {
  const { mode, reason } = usePrivacy();
  const [state, setState] = useState<FollowState>("off");
  const latest = useRef({ take, onBreak });
  latest.current = { take, onBreak };
  const key = filters === undefined ? undefined : JSON.stringify(filters);
  useEffect(() => {
    if (key === undefined) {
      setState("off");
      return;
    }
    const stopped = new AbortController();
    const run = async () => {
      setState("connecting");
      for (let attempt = 0; !stopped.signal.aborted; ++attempt) {
        try {
          const path = withQuery("/admin/events/follow", { ...(JSON.parse(key) as Query), ...admin.privacy.query() });
          const response = await admin.request(path, { signal: stopped.signal, headers: { Accept: "text/event-stream" } });
          setState("following");
          attempt = 0;
          await readEvents(response, (event) => {
            if (event.name === "record" && !stopped.signal.aborted) latest.current.take(JSON.parse(event.data) as EventRecord);
          });
        } catch {
          // It is tried again, and the page shows that.
        }
        if (stopped.signal.aborted) return;
        setState("reconnecting");
        await new Promise((done) => window.setTimeout(done, backoffMs(attempt, Math.random())));
        if (!stopped.signal.aborted) latest.current.onBreak();
      }
    };
    void run();
    return () => stopped.abort();
  }, [key, mode, reason]);
  return state;
}
