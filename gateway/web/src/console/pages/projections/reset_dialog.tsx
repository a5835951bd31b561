import { type FormEvent, useState } from "react";
import { admin } from "../../api/console_context";
import type { Projection, ResetPreview } from "../../api/types";
import { ConfirmFields, ImpactNote } from "../../components/confirm_fields";
import { Dialog } from "../../components/dialog";
import { useTimeMode } from "../../data/time_mode";
import { useDryRun } from "../../components/dry_run";
import { notify } from "../../components/notices";
import { count } from "../../format/numbers";
import { fromInput } from "../../format/times";
import { placeOf, type ResetChoice, type ResetKind } from "./reset_place";

function Outlook({ of }: { of: ResetPreview }) {
  return (
    <div className="c-scroll-x c-reset-outlook">
      <table className="c-plain-table">
        <caption className="hidden">What would be folded again</caption>
        <thead><tr><th>Partition</th><th>From</th><th>Back to</th><th>Records again</th><th>Rows</th><th>Dead letters</th><th>Embeddings</th></tr></thead>
        <tbody>
          {of.partitions.map((row) => (
            <tr key={row.partition}><td>{row.partition}</td><td>{count(row.from)}</td><td>{count(row.to)}</td><td>{count(row.records_again)}</td><td>{count(row.rows_touched)}</td><td>{count(row.dead_letters)}</td><td>{count(row.embeddings_again)}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Sets a projection back: first what it would mean, then with typed words. */
export function ResetDialog({ of, onClose, onDone }: { of: Projection; onClose: () => void; onDone: () => void }) {
  const partitions = of.versions.find((each) => each.serving)?.partitions ?? [];
  const [choice, setChoice] = useState<ResetChoice>({ kind: "time", partition: "", offset: "", time: "" });
  const { preview, setPreview, typed, setTyped, reason, setReason, busy, problem, confirmed, confirmation, change: edit, run } = useDryRun<ResetPreview>();
  const place = placeOf(choice);
  const mode = useTimeMode();
  const change = (to: Partial<ResetChoice>) => edit(() => setChoice({ ...choice, ...to }));
  const look = () => run(async () => { if (place) setPreview(await admin.resetPreview(of.projection, place)); });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!preview) return void look();
    void run(async () => {
      await admin.confirmed(`/projections/${of.projection}/reset`, confirmation, place);
      notify(`${of.projection} is set back and folds again from there.`);
      onDone();
      onClose();
    });
  };
  const ready = preview ? confirmed : place !== undefined;
  return (
    <Dialog title={`Set ${of.projection} back`} onClose={onClose} className="c-dialog-wide">
      <form className="c-action" onSubmit={submit}>
        <div className="c-reset-choice">
          <label className="c-field"><span>Back to</span>
            <select name="kind" value={choice.kind} onChange={(event) => change({ kind: event.target.value as ResetKind })}>
              <option value="time">a time</option><option value="offset">an offset</option><option value="start">the log's beginning</option>
            </select></label>
          {choice.kind === "time" && <label className="c-field"><span>Time{mode === "utc" && ", UTC"}</span><input name="time" type="datetime-local" step={1} onChange={(event) => change({ time: fromInput(event.target.value, mode) })} /></label>}
          {choice.kind === "offset" && <label className="c-field"><span>Offset</span><input name="offset" type="number" min={0} value={choice.offset} onChange={(event) => change({ offset: event.target.value })} /></label>}
          <label className="c-field"><span>Where</span>
            <select name="partition" value={choice.partition} onChange={(event) => change({ partition: event.target.value })}>
              <option value="">{choice.kind === "offset" ? "choose a partition" : "in every partition"}</option>
              {partitions.map((each) => <option key={each.partition} value={each.partition}>in partition {each.partition}</option>)}
            </select></label>
        </div>
        {preview && (
          <>
            <Outlook of={preview} />
            <ImpactNote of={{ title: `Set ${of.projection} back`, touches: preview.touches, reversible: preview.reversible ?? false, warning: preview.warning }} />
            <ConfirmFields wanted={preview.confirm} typed={typed} reason={reason} onTyped={setTyped} onReason={setReason} />
          </>
        )}
        {problem && <p role="alert" className="c-problem">{problem}</p>}
        <div className="c-dialog-actions">
          <button type="button" className="c-button" onClick={onClose}>Cancel</button>
          <button type="submit" className="c-button c-button-main" disabled={busy || !ready}>{busy ? "One moment…" : preview ? "Set it back" : "See what it would touch"}</button>
        </div>
      </form>
    </Dialog>
  );
}
