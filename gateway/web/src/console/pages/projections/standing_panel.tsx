import { type FormEvent, useState } from "react";
import { describeError } from "../../../api/errors";
import { admin } from "../../api/console_context";
import { reasonLengthMax } from "../../api/privacy";
import type { Projection } from "../../api/types";
import { Badge } from "../../components/badge";
import { Dialog } from "../../components/dialog";
import { notify } from "../../components/notices";
import { Panel } from "../../components/panel";
import { Ago } from "../../components/times";

/** Asks where and why a projection is to stand still. */
export function PauseDialog({ of, onClose, onDone }: { of: Projection; onClose: () => void; onDone: () => void }) {
  const partitions = of.versions.find((each) => each.serving)?.partitions ?? [];
  const [where, setWhere] = useState("");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await admin.standStill(of.projection, where === "" ? null : Number(where), reason.trim());
      notify(`${of.projection} stands still${where === "" ? "" : ` in partition ${where}`}.`);
      onDone();
      onClose();
    } catch (error) {
      setProblem(describeError(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Pause ${of.projection}`} onClose={onClose}>
      <form className="c-action" onSubmit={(event) => void submit(event)}>
        <p>It folds nothing more until it is resumed: what people read from it grows old. Nothing is lost; it goes on where it stood.</p>
        <label className="c-field"><span>Where</span>
          <select name="partition" value={where} onChange={(event) => setWhere(event.target.value)}>
            <option value="">in every partition</option>
            {partitions.map((each) => <option key={each.partition} value={each.partition}>in partition {each.partition}</option>)}
          </select></label>
        <label className="c-field"><span>Reason, for the audit log</span>
          <textarea name="reason" rows={2} required maxLength={reasonLengthMax} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
        {problem && <p role="alert" className="c-problem">{problem}</p>}
        <div className="c-dialog-actions">
          <button type="button" className="c-button" onClick={onClose}>Cancel</button>
          <button type="submit" className="c-button c-button-main" disabled={busy || reason.trim() === ""}>{busy ? "One moment…" : "Pause"}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** Where a projection was told to stand still, and how it goes on. */
export function StandingPanel({ of, onChanged }: { of: Projection; onChanged: () => void }) {
  const [busy, setBusy] = useState(false);
  const paused = of.paused ?? [];
  if (paused.length === 0) return null;
  const goOn = async (partition: number | null) => {
    setBusy(true);
    try {
      await admin.goOn(of.projection, partition);
      notify(`${of.projection} goes on.`);
      onChanged();
    } catch (error) {
      notify(describeError(error), true);
    }
    setBusy(false);
  };
  return (
    <Panel title="It stands still" aside={<>{paused.length > 1 && <button type="button" className="c-button c-button-small c-button-main" disabled={busy} onClick={() => void goOn(null)}>Resume everywhere</button>}<Badge tone="warn">paused</Badge></>}>
      <ul className="c-standing">
        {paused.map((each) => (
          <li key={String(each.partition)}>
            <span><b>{each.partition === null ? "every partition" : `partition ${each.partition}`}</b> <span className="c-quiet">since <Ago at={each.created_at} /></span><br /><span className="c-quiet">“{each.reason}”</span></span>
            <button type="button" className="c-button" disabled={busy} onClick={() => void goOn(each.partition)}>Resume</button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
