import { useState } from "react";
import { describeError } from "../../../api/errors";
import { addressOf } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Rebuild, RebuildComparison } from "../../api/types";
import { Badge } from "../../components/badge";
import { Link } from "../../components/link";
import { notify } from "../../components/notices";
import { Facts, Panel } from "../../components/panel";
import { ReasonDialog } from "../../components/reason_dialog";
import { Ago } from "../../components/times";
import { count, duration, milliseconds, percent, rate } from "../../format/numbers";
import { oldAgainstNew } from "./difference_words";
import { Differences } from "./differences";
import { comparisonWords, isUnderWay, parkedWords, rebuildTone, throttleWords } from "./projection_words";
import { ThrottleForm } from "./throttle_form";

interface Props {
  rebuild: Rebuild;
  onChanged: () => void;
  onSwitch: () => void;
}

function Comparison({ of, version, projection }: { of: RebuildComparison; version: number; projection: string }) {
  const same = of.differences === 0;
  const parked = parkedWords(of, version);
  return (
    <section aria-label="Comparison" className="c-comparison">
      <h3>Old against new, at the same offsets</h3>
      <p className={same ? "c-good-note" : "c-problem"}>
        {same ? `All ${count(of.compared)} rows are the same.` : comparisonWords(of, version)}
      </p>
      {parked && <p className={parked.bad ? "c-problem" : "c-quiet"}>{parked.words}{(of.parked_in_new ?? 0) > 0 && <> <Link className="c-link" to={addressOf("dead-letters", { projection, version })}>Look at those of v{version}</Link></>}</p>}
      {of.sample.length > 0 && <Differences sample={of.sample} sides={oldAgainstNew(version)} />}
    </section>
  );
}

/** A rebuild as it goes, and what can be done with it. */
export function RebuildPanel({ rebuild, onChanged, onSwitch }: Props) {
  const [busy, setBusy] = useState(false);
  const [cancelling, setCancelling] = useState(false);
  const steer = async (run: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await run();
      notify(done);
      onChanged();
    } catch (error) {
      notify(describeError(error), true);
    }
    setBusy(false);
  };
  const { projection, state } = rebuild;
  return (
    <Panel title={`Rebuild to v${rebuild.version}`} className="c-rebuild" aside={<Badge tone={rebuildTone[state]}>{state}</Badge>}>
      <div className="c-progress">
        <progress max={Math.max(1, rebuild.total)} value={rebuild.done} aria-label="Progress" />
        <p><b>{percent(rebuild.done, rebuild.total)}</b> <span className="c-quiet">{count(rebuild.done)} of {count(rebuild.total)} records</span></p>
      </div>
      <Facts items={[
        ...(isUnderWay(rebuild) && rebuild.step ? [["Step", rebuild.step] as [string, string]] : []),
        ...(state === "running" ? [["Rate", `${rate(rebuild.rate_per_s)}/s`], ["Time left", duration(rebuild.seconds_left)]] as [string, string][] : []),
        ...(isUnderWay(rebuild) ? [["Limit", !rebuild.rate_limit ? "none" : `${count(rebuild.rate_limit)}/s`] as [string, string]] : []),
        ...(state === "running" && rebuild.live_p99_limit_ms ? [["Live commands, p99", `${rebuild.live_p99_ms === null || rebuild.live_p99_ms === undefined ? "none now" : milliseconds(rebuild.live_p99_ms)}, at most ${rebuild.live_p99_limit_ms} ms`] as [string, string]] : []),
        ["Begun", <Ago key="b" at={rebuild.started_at} />],
      ]} />
      {rebuild.throttled && <p className="c-throttled" role="status">{throttleWords(rebuild)}</p>}
      {rebuild.problem && <p className="c-problem">{rebuild.problem}</p>}
      {isUnderWay(rebuild) && (
        <div className="c-row-actions">
          {state === "paused"
            ? <button type="button" className="c-button c-button-main" disabled={busy} onClick={() => void steer(() => admin.steerRebuild(projection, "resume"), "The rebuild goes on.")}>Resume</button>
            : <button type="button" className="c-button" disabled={busy} onClick={() => void steer(() => admin.steerRebuild(projection, "pause"), "The rebuild is paused.")}>Pause</button>}
          <button type="button" className="c-button c-button-danger-quiet" disabled={busy} onClick={() => setCancelling(true)}>Cancel the rebuild…</button>
          <span className="spacer" />
          <ThrottleForm rebuild={rebuild} onSteer={(run, done) => void steer(run, done)} />
        </div>
      )}
      {state === "ready" && <div className="c-row-actions"><button type="button" className={`c-button ${rebuild.problem ? "c-button-danger-quiet" : "c-button-main"}`} onClick={onSwitch}>Switch to v{rebuild.version}{rebuild.problem && " all the same"}…</button></div>}
      {rebuild.comparison && <Comparison of={rebuild.comparison} version={rebuild.version} projection={projection} />}
      {cancelling && (
        <ReasonDialog title={`Cancel the rebuild of ${projection}?`} verb="Cancel the rebuild" keep="Let it go on" danger done="The rebuild is cancelled; what it had made is taken away." onClose={() => setCancelling(false)} onDone={onChanged}
          onSubmit={(reason) => admin.cancelRebuild(projection, reason)}>
          <p>v{rebuild.version} goes, with what was folded of <b>{count(rebuild.done)}</b> of {count(rebuild.total)} records. What serves now goes on serving. <strong className="c-bad">It cannot be undone.</strong></p>
        </ReasonDialog>
      )}
    </Panel>
  );
}
