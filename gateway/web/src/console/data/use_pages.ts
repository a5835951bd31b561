import { useCallback, useEffect, useRef, useState } from "react";
import { usePrivacy } from "../api/console_context";
import type { Listed } from "../api/types";

interface Pages<T, P> {
  key: string;
  items: T[];
  last?: P;
  error?: unknown;
  busy: boolean;
}

export interface PagesState<T, P = unknown> {
  items: T[];
  /** The newest page, for what it says beside its items. */
  last: P | undefined;
  error: unknown;
  /** Nothing has come yet. */
  loading: boolean;
  loadingMore: boolean;
  hasMore: boolean;
  more: () => void;
  again: () => void;
  /** Changes what is held, for items that come live. */
  edit: (change: (items: T[]) => T[]) => void;
}

/** A list by cursors: a page at first, and one more whenever the reader comes near the end. `again` keeps what is there until the new first page has come. */
export function usePages<P extends Listed<unknown>>(read: (cursor: string | undefined) => Promise<P>, depends: readonly unknown[]): PagesState<P["items"][number], P> {
  type T = P["items"][number];
  const { mode, reason } = usePrivacy();
  const [round, setRound] = useState(0);
  const key = JSON.stringify([...depends, mode, reason]);
  const [pages, setPages] = useState<Pages<T, P>>({ key: "", items: [], busy: false });
  const latest = useRef(read);
  latest.current = read;
  const current = useRef(key);
  current.current = key;
  const busy = useRef("");
  const generation = useRef(0);

  const load = useCallback((forKey: string, cursor: string | undefined) => {
    const call = `${forKey} ${cursor ?? ""}`;
    if (busy.current === call) return;
    busy.current = call;
    // A first page makes what an earlier call may still bring worthless.
    if (cursor === undefined) generation.current += 1;
    const mine = generation.current;
    const isLate = () => mine !== generation.current;
    setPages((before) => (before.key === forKey ? { ...before, busy: true, error: undefined } : { key: forKey, items: [], busy: true }));
    latest.current(cursor).then(
      (page) => {
        if (busy.current === call) busy.current = "";
        if (isLate()) return;
        setPages((before) => (before.key === forKey ? { key: forKey, items: cursor ? [...before.items, ...page.items] : page.items, last: page, busy: false } : before));
      },
      (error: unknown) => {
        if (busy.current === call) busy.current = "";
        if (isLate()) return;
        setPages((before) => (before.key === forKey ? { ...before, error, busy: false } : before));
      },
    );
  }, []);

  useEffect(() => load(key, undefined), [key, load, round]);

  const mine = pages.key === key;
  const cursor = mine ? pages.last?.next_cursor : null;
  const hasMore = mine && Boolean(cursor) && pages.last?.has_more !== false;
  const more = useCallback(() => {
    if (cursor) load(current.current, cursor);
  }, [cursor, load]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  const edit = useCallback((change: (items: T[]) => T[]) => setPages((before) => (before.key === current.current ? { ...before, items: change(before.items) } : before)), []);
  const items = mine ? pages.items : [];
  const unread = !mine || (pages.last === undefined && pages.error === undefined);
  return { items, last: mine ? pages.last : undefined, error: mine ? pages.error : undefined, loading: unread, loadingMore: mine && pages.busy && !unread, hasMore, more, again, edit };
}
