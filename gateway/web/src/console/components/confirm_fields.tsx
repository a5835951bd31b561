import type { Impact } from "../api/types";
import { reasonLengthMax } from "../api/privacy";
import { count } from "../format/numbers";
import { Icon } from "./icon";

/** What an action would touch, and whether it can be taken back. */
export function ImpactNote({ of }: { of: Omit<Impact, "confirm"> }) {
  return (
    <div className="c-impact">
      <p className="c-impact-title">{of.title}</p>
      <ul>{of.touches.map((each) => <li key={each.what}><b>{count(each.count)}</b> {each.what}</li>)}</ul>
      <p className="c-small">{of.reversible ? "It can be taken back." : <strong className="c-bad">It cannot be undone.</strong>}</p>
      {of.warning && <p className="c-impact-warning"><Icon name="warning" />{of.warning}</p>}
    </div>
  );
}

interface Props {
  wanted: string;
  typed: string;
  reason: string;
  onTyped: (text: string) => void;
  onReason: (text: string) => void;
}

/** Why, and the words that have to be typed. */
export function ConfirmFields({ wanted, typed, reason, onTyped, onReason }: Props) {
  return (
    <>
      <label className="c-field"><span>Reason, for the audit log</span>
        <textarea name="reason" rows={2} required maxLength={reasonLengthMax} value={reason} onChange={(event) => onReason(event.target.value)} /></label>
      <label className="c-field"><span>Type <code className="c-typed">{wanted}</code> to confirm</span>
        <input name="confirm" autoComplete="off" spellCheck={false} className="c-mono" value={typed} onChange={(event) => onTyped(event.target.value)} /></label>
    </>
  );
}
