import { useCallback, useEffect, useRef, useState } from "react";
import { usePrivacy } from "../api/console_context";

export interface ReadState<T> {
  data: T | undefined;
  error: unknown;
  loading: boolean;
  again: () => void;
}

/**
 * What a call answers, for the values it depends on and the privacy mode that is on. While other values load nothing old is shown;
 * `again` keeps what is there until the new answer has come.
 */
export function useRead<T>(read: (() => Promise<T>) | undefined, depends: readonly unknown[]): ReadState<T> {
  const { mode, reason } = usePrivacy();
  const key = JSON.stringify([...depends, mode, reason, read === undefined]);
  const [shown, setShown] = useState<{ key: string; data?: T; error?: unknown }>({ key: "" });
  const [round, setRound] = useState(0);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    let current = true;
    latest.current?.().then(
      (data) => current && setShown({ key, data }),
      (error: unknown) => current && setShown((before) => ({ key, error, data: before.key === key ? before.data : undefined })),
    );
    return () => {
      current = false;
    };
  }, [key, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  const mine = shown.key === key;
  return { data: mine ? shown.data : undefined, error: mine ? shown.error : undefined, loading: !mine && read !== undefined, again };
}
