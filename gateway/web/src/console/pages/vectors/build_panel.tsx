import { useState } from "react";
import { describeError } from "../../../api/errors";
import { admin } from "../../api/console_context";
import type { VectorBuild } from "../../api/types";
import { Badge, type Tone } from "../../components/badge";
import { notify } from "../../components/notices";
import { Facts, Panel } from "../../components/panel";
import { count, percent, rate } from "../../format/numbers";

const tones: Record<VectorBuild["state"], Tone> = { running: "accent", ready: "good", failed: "bad", cancelled: "plain" };

/** New vectors as they are made. */
export function BuildPanel({ of, onChanged }: { of: VectorBuild; onChanged: () => void }) {
  const [busy, setBusy] = useState(false);
  const cancel = async () => {
    setBusy(true);
    try {
      await admin.cancelVectorBuild();
      notify("The build is cancelled; what it had made is taken away.");
      onChanged();
    } catch (error) {
      notify(describeError(error), true);
    }
    setBusy(false);
  };
  return (
    <Panel title={`Building v${of.version}`} className="c-rebuild" aside={<Badge tone={tones[of.state]}>{of.state}</Badge>}>
      <div className="c-progress">
        <progress max={Math.max(1, of.total)} value={of.done} aria-label="Progress" />
        <p><b>{percent(of.done, of.total)}</b> <span className="c-quiet">{count(of.done)} of {count(of.total)} memories</span></p>
      </div>
      <Facts items={[["Rate", of.state === "running" ? `${rate(of.rate_per_s)}/s` : "–"], ["From the cache", count(of.from_cache)]]} />
      {of.problem && <p className="c-problem">{of.problem}</p>}
      {of.state === "running" && <div className="c-row-actions"><button type="button" className="c-button c-button-danger-quiet" disabled={busy} onClick={() => void cancel()}>Cancel the build</button></div>}
    </Panel>
  );
}
