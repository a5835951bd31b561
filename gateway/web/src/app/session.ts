import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import { ApiClient } from "../api/client";
import { browserTokenStore, type TokenStore } from "../api/token_store";
import type { User } from "../api/types";
import { ChatStore } from "../chat/chat_store";
import type { ConversationState } from "../chat/conversation";
import { Outbox } from "../chat/outbox";
import type { SocketLike } from "../chat/socket";
import { newUuid } from "../chat/uuid";

export const tokens: TokenStore = browserTokenStore();
export const api = new ApiClient(tokens);

export interface Session {
  user: User;
  chat: ChatStore;
  signOut: () => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("There is no session here.");
  return session;
}

export function newChatStore(user: User): ChatStore {
  const address = new URL("/api/v1/chat/ws", window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return new ChatStore(api, new Outbox(window.localStorage, user.id), {
    open: () => new WebSocket(address) as unknown as SocketLike,
    token: (rejected) => tokens.accessToken(rejected),
    setTimer: (run, ms) => window.setTimeout(run, ms),
    clearTimer: (timer) => window.clearTimeout(timer),
    random: Math.random,
    now: () => new Date().toISOString(),
    uuid: newUuid,
    // A hidden tab gets no animation frames.
    soon: (run) => void (document.hidden ? window.setTimeout(run, 50) : window.requestAnimationFrame(run)),
  });
}

export function useConversation(id: string): ConversationState {
  const { chat } = useSession();
  return useSyncExternalStore(chat.subscribe, () => chat.conversation(id));
}

export function useConnection() {
  const { chat } = useSession();
  const state = useSyncExternalStore(chat.subscribe, () => chat.connection);
  const notice = useSyncExternalStore(chat.subscribe, () => chat.connectionNotice);
  return { state, notice };
}

/** Asks again, once the server is back, for what could not be read while it was away. */
export function useRetryWhenBack(problem: string, again: () => void) {
  const back = useConnection().state === "ready";
  useEffect(() => {
    if (back && problem) again();
  }, [back]);
}
