import { useSyncExternalStore } from "react";

/** The open conversation's id is in the address's fragment, so that a reload comes back to it. */
function read(): string {
  return /^#\/c\/([0-9a-f-]{36})$/i.exec(window.location.hash)?.[1] ?? "";
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

export function useConversationId(): string {
  return useSyncExternalStore(subscribe, read);
}

export function showConversation(id: string): void {
  window.location.hash = id ? `/c/${id}` : "/";
}
