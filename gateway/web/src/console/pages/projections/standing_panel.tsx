import { useState } from "react";
import { describeError } from "../../../api/errors";
import { admin } from "../../api/console_context";
import type { Projection } from "../../api/types";
import { Badge } from "../../components/badge";
import { notify } from "../../components/notices";
import { Panel } from "../../components/panel";
import { ReasonDialog } from "../../components/reason_dialog";
import { Ago } from "../../components/times";

/** Asks where and why a projection is to stand still. */
export function PauseDialog({ of, onClose, onDone }: { of: Projection; onClose: () => void; onDone: () => void }) {
  const partitions = of.versions.find((each) => each.serving)?.partitions ?? [];
  const [where, setWhere] = useState("");
  return (
    <ReasonDialog title={`Pause ${of.projection}`} verb="Pause" done={`${of.projection} stands still${where === "" ? "" : ` in partition ${where}`}.`} onClose={onClose} onDone={onDone}
      onSubmit={(reason) => admin.standStill(of.projection, where === "" ? null : Number(where), reason)}>
      <p>It folds nothing more until it is resumed: what people read from it grows old. Nothing is lost; it goes on where it stood.</p>
      <label className="c-field"><span>Where</span>
        <select name="partition" value={where} onChange={(event) => setWhere(event.target.value)}>
          <option value="">in every partition</option>
          {partitions.map((each) => <option key={each.partition} value={each.partition}>in partition {each.partition}</option>)}
        </select></label>
    </ReasonDialog>
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
