import { createContext, useContext, useSyncExternalStore } from "react";
import { browserTokenStore } from "../../api/token_store";
import { LiveFeed } from "../live/live_feed";
import { AdminApi } from "./admin_api";
import { PrivacyStore } from "./privacy";
import type { Me } from "./types";

export const tokens = browserTokenStore();
export const privacy = new PrivacyStore({
  now: () => Date.now(),
  setTimer: (run, ms) => window.setTimeout(run, ms),
  clearTimer: (timer) => window.clearTimeout(timer),
});
export const admin = new AdminApi(tokens, privacy);
export const live = new LiveFeed({
  open: (topics, signal) => admin.request(`/admin/live?topics=${topics.join(",")}`, { signal, headers: { Accept: "text/event-stream" } }),
  now: () => Date.now(),
  random: Math.random,
  setTimer: (run, ms) => window.setTimeout(run, ms),
  clearTimer: (timer) => window.clearTimeout(timer),
});

// Who acts wants to see what comes of it.
admin.onAction = () => live.hold(false);

export const MeContext = createContext<Me | undefined>(undefined);

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("Nobody is signed in here.");
  return me;
}

export function usePrivacy() {
  return useSyncExternalStore(privacy.subscribe, () => privacy.state);
}
