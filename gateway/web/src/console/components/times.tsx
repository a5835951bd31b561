import { useNow } from "../data/use_now";
import { useTimeMode } from "../data/time_mode";
import { ago, clockTime, utcTime } from "../format/times";

interface Props {
  at: string | null | undefined;
}

/** As the reader wants times to be shown; the other ways on hover. */
export function Time({ at }: Props) {
  const mode = useTimeMode();
  if (!at) return <span className="c-quiet">–</span>;
  if (mode === "ago") return <Ago at={at} />;
  return <time className="c-time" dateTime={at} title={`${utcTime(at)} · ${ago(at)}`}>{clockTime(at, mode)}</time>;
}

export function Ago({ at }: Props) {
  const now = useNow();
  const mode = useTimeMode();
  if (!at) return <span className="c-quiet">–</span>;
  return <time className="c-time" dateTime={at} title={`${utcTime(at)}${mode === "utc" ? "" : ` · ${clockTime(at)} here`}`}>{ago(at, now)}</time>;
}

/** When, and how long ago that was. */
export function Moment({ at }: Props) {
  const mode = useTimeMode();
  if (!at || mode === "ago") return <Ago at={at} />;
  return <span><Time at={at} /> <span className="c-quiet">· <Ago at={at} /></span></span>;
}
