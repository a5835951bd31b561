import { useNow } from "../data/use_now";
import { ago, localTime, utcTime } from "../format/times";

/** In the reader's zone; UTC on hover. */
export function Time({ at }: { at: string | null | undefined }) {
  if (!at) return <span className="c-quiet">–</span>;
  return <time className="c-time" dateTime={at} title={utcTime(at)}>{localTime(at)}</time>;
}

export function Ago({ at }: { at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span className="c-quiet">–</span>;
  return <time className="c-time" dateTime={at} title={`${utcTime(at)} · ${localTime(at)}`}>{ago(at, now)}</time>;
}
