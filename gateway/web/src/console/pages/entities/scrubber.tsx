import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { Icon } from "../../components/icon";
import { count } from "../../format/numbers";

interface Props {
  at: number;
  last: number;
  /** The other point of a comparison. */
  against: number | undefined;
  onMove: (to: number) => void;
  onAnchor: (against: number | undefined) => void;
  children?: ReactNode;
}

/** One event each time it plays. */
const playMs = 600;
const bigStep = 10;

/** Where `key` leads from `at`; undefined when it is none of the scrubber's keys. */
export function stepOf(key: string, shift: boolean, at: number, last: number): number | undefined {
  const step = shift ? bigStep : 1;
  const to = { ArrowRight: at + step, ArrowUp: at + step, ArrowLeft: at - step, ArrowDown: at - step, PageUp: at + bigStep, PageDown: at - bigStep, Home: 1, End: last }[key];
  return to === undefined ? undefined : Math.min(last, Math.max(1, to));
}

/** A slider over the sequence numbers of an entity. */
export function Scrubber({ at, last, against, onMove, onAnchor, children }: Props) {
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    if (at >= last) {
      setPlaying(false);
      return;
    }
    const timer = window.setTimeout(() => onMove(at + 1), playMs);
    return () => window.clearTimeout(timer);
  }, [playing, at, last, onMove]);
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") setPlaying(!playing);
    else if (event.key === "c") onAnchor(against === undefined ? at : undefined);
    else {
      const to = stepOf(event.key, event.shiftKey, at, last);
      if (to === undefined) return;
      onMove(to);
    }
    event.preventDefault();
  };
  const share = (sequence: number) => (last <= 1 ? 0 : (sequence - 1) / (last - 1));
  const move = (to: number) => onMove(Math.min(last, Math.max(1, to)));
  return (
    <div className="c-scrubber" role="group" aria-label="Time travel">
      <div className="c-scrubber-buttons">
        <button type="button" className="c-icon-button" aria-label="One event back" disabled={at <= 1} onClick={() => move(at - 1)}><Icon name="left" /></button>
        <button type="button" className="c-icon-button" aria-label={playing ? "Pause" : "Play through the events"} disabled={last <= 1} onClick={() => { if (!playing && at >= last) move(1); setPlaying(!playing); }}><Icon name={playing ? "pause" : "play"} /></button>
        <button type="button" className="c-icon-button" aria-label="One event on" disabled={at >= last} onClick={() => move(at + 1)}><Icon name="right" /></button>
      </div>
      <div className="c-scrubber-track">
        {against !== undefined && <span className="c-scrubber-span" style={{ "--from": Math.min(share(against), share(at)), "--to": Math.max(share(against), share(at)) } as React.CSSProperties} />}
        {against !== undefined && <span className="c-scrubber-mark" style={{ "--at": share(against) } as React.CSSProperties} title={`Compared with ${against}`} />}
        <input type="range" min={1} max={Math.max(1, last)} value={Math.max(1, at)} style={{ "--at": share(at) } as React.CSSProperties} aria-label="Sequence" aria-valuetext={`event ${at} of ${last}`}
          onKeyDown={onKey} onChange={(event) => { setPlaying(false); onMove(Number(event.target.value)); }} />
      </div>
      <label className="c-scrubber-number"><span className="hidden">Sequence number</span>
        <input type="number" min={1} max={last} value={at} onChange={(event) => event.target.value !== "" && move(Number(event.target.value))} /> <span className="c-quiet">of {count(last)}</span></label>
      <button type="button" className="c-button c-button-small" aria-pressed={against !== undefined} data-on={against !== undefined} onClick={() => onAnchor(against === undefined ? at : undefined)}>
        {against === undefined ? "Compare with here" : `Compared with ${against}`}{against !== undefined && <Icon name="close" size={12} />}
      </button>
      {children}
    </div>
  );
}
