import { useState } from "react";
import { admin } from "../../api/console_context";
import type { Preflight } from "../../api/types";
import { ActionDialog } from "../../components/action_dialog";
import { EntityId, Position } from "../../components/ids";
import { Facts } from "../../components/panel";
import { Loaded } from "../../components/states";
import { useRead } from "../../data/use_read";
import { bytes, count, duration } from "../../format/numbers";
import { poisonWords } from "./projection_words";

const poisonShown = 5;

function Outlook({ of }: { of: Preflight }) {
  const wrong = poisonWords(of);
  const shown = of.poison.slice(0, poisonShown);
  const total = of.poison_total ?? of.poison.length;
  return (
    <>
      <Facts items={[
        ["Records", count(of.records)], ["Events", count(of.events)], ["Rows, about", count(of.rows_estimate)],
        ["Size, about", bytes(of.bytes_estimate)], ["Time, about", duration(of.seconds_estimate)], ["Embeddings to make", count(of.embeddings_missing)],
      ]} />
      {wrong.length === 0 ? <p className="c-good-note">Every record can be read, and every event that was tried can be folded.</p> : (
        <div className="c-problem">
          {wrong.map((each) => <p key={each}>{each}</p>)}
          {of.poison.length > 0 && <ul className="c-poison">{shown.map((each) => <li key={each.position}><EntityId entity={each.entity} /> at <Position position={each.position} /> {each.message}</li>)}</ul>}
          {total > shown.length && <p>… and {count(total - shown.length)} more.</p>}
        </div>
      )}
    </>
  );
}

/** Looks at what a rebuild would have to do, then starts it. */
export function StartDialog({ projection, onClose, onDone }: { projection: string; onClose: () => void; onDone: () => void }) {
  const preflight = useRead(() => admin.preflight(projection), [projection]);
  const [limit, setLimit] = useState("");
  const [switches, setSwitches] = useState(true);
  const [live, setLive] = useState("");
  const liveLimit = Number.isInteger(Number(live)) && Number(live) > 0 ? { live_p99_ms: Number(live) } : {};
  const rate = Number.isInteger(Number(limit)) && Number(limit) > 0 ? Number(limit) : null;
  return (
    <ActionDialog path={`/projections/${projection}/rebuild`} verb="Start the rebuild" title={`Rebuild ${projection}`} done={`The rebuild of ${projection} has begun.`}
      body={{ rate, switch: switches, ...liveLimit }} onClose={onClose} onDone={onDone}>
      <section aria-label="Pre-flight" className="c-preflight">
        <h3>Pre-flight</h3>
        <Loaded state={preflight} rows={3}>{(of) => <Outlook of={of} />}</Loaded>
      </section>
      <div className="c-start-options">
        <label className="c-check"><input type="checkbox" checked={switches} onChange={(event) => setSwitches(event.target.checked)} /> Switch to it when it is complete and compared, unless it parks more events than the one that serves</label>
        <label className="c-field"><span>Events a second, at most</span><input type="number" min={1} value={limit} placeholder="no limit" onChange={(event) => setLimit(event.target.value)} /></label>
        <label className="c-field"><span>Live commands stay within, ms (p99)</span><input type="number" min={1} value={live} placeholder="the server's setting" onChange={(event) => setLive(event.target.value)} /></label>
      </div>
    </ActionDialog>
  );
}
