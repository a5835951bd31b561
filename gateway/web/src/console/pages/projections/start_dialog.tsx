import { useState } from "react";
import { ActionDialog } from "../../components/action_dialog";
import { PreflightSection } from "./preflight_section";

/** Looks at what a rebuild would have to do, then starts it. */
export function StartDialog({ projection, onClose, onDone }: { projection: string; onClose: () => void; onDone: () => void }) {
  const [limit, setLimit] = useState("");
  const [switches, setSwitches] = useState(true);
  const [live, setLive] = useState("");
  const liveLimit = Number.isInteger(Number(live)) && Number(live) > 0 ? { live_p99_ms: Number(live) } : {};
  const rate = Number.isInteger(Number(limit)) && Number(limit) > 0 ? Number(limit) : null;
  return (
    <ActionDialog path={`/projections/${projection}/rebuild`} verb="Start the rebuild" title={`Rebuild ${projection}`} done={`The rebuild of ${projection} has begun.`}
      body={{ rate, switch: switches, ...liveLimit }} onClose={onClose} onDone={onDone}>
      <PreflightSection projection={projection} />
      <div className="c-start-options">
        <label className="c-check"><input type="checkbox" checked={switches} onChange={(event) => setSwitches(event.target.checked)} /> Switch to it when it is complete and compared, unless it parks more events than the one that serves</label>
        <label className="c-field"><span>Events a second, at most</span><input type="number" min={1} value={limit} placeholder="no limit" onChange={(event) => setLimit(event.target.value)} /></label>
        <label className="c-field"><span>Live commands stay within, ms (p99)</span><input type="number" min={1} value={live} placeholder="the server's setting" onChange={(event) => setLive(event.target.value)} /></label>
      </div>
    </ActionDialog>
  );
}
