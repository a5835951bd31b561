import { useCallback, useMemo, useSyncExternalStore } from "react";

export const base = "/console";

export interface Place {
  /** Parts of the path below `/console`, decoded. */
  parts: string[];
  query: URLSearchParams;
}

/** Reads an address; what is not below `/console` has no parts. */
export function placeOf(pathname: string, search: string): Place {
  const below = pathname.startsWith(`${base}/`) ? pathname.slice(base.length + 1) : "";
  return { parts: below.split("/").filter(Boolean).map(decoded), query: new URLSearchParams(search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Values = Record<string, string | number | boolean | null | undefined>;

/** The address of a page; empty values are left out. */
export function addressOf(path: string, values: Values = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== "" && value !== false) query.set(name, String(value));
  }
  const text = query.toString();
  return `${base}${path ? `/${path}` : ""}${text ? `?${text}` : ""}`;
}

/** The same query with some values changed; null or empty takes one away. */
export function changedQuery(query: URLSearchParams, changes: Values): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === "" || value === false) next.delete(name);
    else next.set(name, String(value));
  }
  return next.toString();
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

/** `replace` where going back step by step would annoy: a slider that is drawn. */
export function go(address: string, replace = false): void {
  if (address === window.location.pathname + window.location.search) return;
  if (replace) window.history.replaceState(null, "", address);
  else window.history.pushState(null, "", address);
  for (const listener of [...listeners]) listener();
}

export function usePlace(): Place {
  const text = useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search);
  return useMemo(() => {
    const at = text.indexOf("?");
    return at < 0 ? placeOf(text, "") : placeOf(text.slice(0, at), text.slice(at));
  }, [text]);
}

/** Values in the address's query, and how to change them. */
export function useQueryValues(): [URLSearchParams, (changes: Values, replace?: boolean) => void] {
  const { query } = usePlace();
  const change = useCallback((changes: Values, replace = false) => {
    const text = changedQuery(new URLSearchParams(window.location.search), changes);
    go(window.location.pathname + (text ? `?${text}` : ""), replace);
  }, []);
  return [query, change];
}
