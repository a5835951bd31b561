import { useState } from "react";
import { admin } from "../../api/console_context";
import type { VectorBuild } from "../../api/types";
import { Badge, type Tone } from "../../components/badge";
import { Facts, Panel } from "../../components/panel";
import { ReasonDialog } from "../../components/reason_dialog";
import { count, percent, rate } from "../../format/numbers";

const tones: Record<VectorBuild["state"], Tone> = { running: "accent", ready: "good", failed: "bad", cancelled: "plain" };

/** New vectors as they are made. */
export function BuildPanel({ of, onChanged }: { of: VectorBuild; onChanged: () => void }) {
  const [cancelling, setCancelling] = useState(false);
  return (
    <Panel title={of.version ? `Building v${of.version}` : "Building"} className="c-rebuild" aside={<Badge tone={tones[of.state]}>{of.state}</Badge>}>
      <div className="c-progress">
        <progress max={Math.max(1, of.total)} value={of.done} aria-label="Progress" />
        <p><b>{percent(of.done, of.total)}</b> <span className="c-quiet">{count(of.done)} of {count(of.total)} memories</span></p>
      </div>
      <Facts items={[["Rate", of.state === "running" ? `${rate(of.rate_per_s)}/s` : "–"], ["From the cache", count(of.from_cache)]]} />
      {of.problem && <p className="c-problem">{of.problem}</p>}
      {of.state === "running" && <div className="c-row-actions"><button type="button" className="c-button c-button-danger-quiet" onClick={() => setCancelling(true)}>Cancel the build…</button></div>}
      {cancelling && (
        <ReasonDialog title={of.version ? `Cancel the build of v${of.version}?` : "Cancel the build?"} verb="Cancel the build" keep="Let it go on" done="The build is cancelled; the next one goes on from what it made." onClose={() => setCancelling(false)} onDone={onChanged}
          onSubmit={(reason) => admin.cancelVectorBuild(reason)}>
          <p>The <b>{count(of.done)}</b> vectors that are made are kept: the next build of this model goes on from there. What serves now goes on serving.</p>
        </ReasonDialog>
      )}
    </Panel>
  );
}
