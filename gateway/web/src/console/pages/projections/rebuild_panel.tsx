import { useState } from "react";
import { describeError } from "../../../api/errors";
import { admin } from "../../api/console_context";
import type { Rebuild } from "../../api/types";
import { Badge } from "../../components/badge";
import { notify } from "../../components/notices";
import { Facts, Panel } from "../../components/panel";
import { Ago } from "../../components/times";
import { count, duration, percent, plural, rate } from "../../format/numbers";
import { Differences } from "./differences";
import { isUnderWay, rebuildTone, throttleWords } from "./projection_words";
import { ThrottleForm } from "./throttle_form";

interface Props {
  rebuild: Rebuild;
  onChanged: () => void;
  onSwitch: () => void;
}

function Comparison({ of }: { of: NonNullable<Rebuild["comparison"]> }) {
  const same = of.differences + of.missing + of.extra === 0;
  return (
    <section aria-label="Comparison" className="c-comparison">
      <h3>Old against new, at the same offsets</h3>
      <p className={same ? "c-good-note" : "c-problem"}>
        {same ? `All ${count(of.compared)} rows are the same.` : `Of ${count(of.compared)} rows ${plural(of.differences, "differs", "differ")}; missing in the new version: ${count(of.missing)}; only there: ${count(of.extra)}.`}
      </p>
      {of.sample.length > 0 && <Differences sample={of.sample} />}
    </section>
  );
}

/** A rebuild as it goes, and what can be done with it. */
export function RebuildPanel({ rebuild, onChanged, onSwitch }: Props) {
  const [busy, setBusy] = useState(false);
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
        ["Rate", state === "running" ? `${rate(rebuild.rate_per_s)}/s` : "–"],
        ["Time left", state === "running" ? duration(rebuild.seconds_left) : "–"],
        ["Limit", !rebuild.rate_limit ? "none" : `${count(rebuild.rate_limit)}/s`],
        ...(rebuild.live_p99_limit_ms ? [["Live commands, p99", `${rebuild.live_p99_ms === null || rebuild.live_p99_ms === undefined ? "–" : `${Math.round(rebuild.live_p99_ms)} ms`} of ${rebuild.live_p99_limit_ms} ms`] as [string, string]] : []),
        ["Begun", <Ago key="b" at={rebuild.started_at} />],
        ...(rebuild.step ? [["Step", rebuild.step] as [string, string]] : []),
      ]} />
      {rebuild.throttled && <p className="c-throttled" role="status">{throttleWords(rebuild)}</p>}
      {rebuild.problem && <p className="c-problem">{rebuild.problem}</p>}
      {isUnderWay(rebuild) && (
        <div className="c-row-actions">
          {state === "paused"
            ? <button type="button" className="c-button c-button-main" disabled={busy} onClick={() => void steer(() => admin.steerRebuild(projection, "resume"), "The rebuild goes on.")}>Resume</button>
            : <button type="button" className="c-button" disabled={busy} onClick={() => void steer(() => admin.steerRebuild(projection, "pause"), "The rebuild is paused.")}>Pause</button>}
          <button type="button" className="c-button c-button-danger-quiet" disabled={busy} onClick={() => void steer(() => admin.steerRebuild(projection, "cancel"), "The rebuild is cancelled; what it had made is taken away.")}>Cancel the rebuild</button>
          <span className="spacer" />
          <ThrottleForm rebuild={rebuild} onSteer={(run, done) => void steer(run, done)} />
        </div>
      )}
      {state === "ready" && <div className="c-row-actions"><button type="button" className="c-button c-button-main" onClick={onSwitch}>Switch to v{rebuild.version}…</button></div>}
      {rebuild.comparison && <Comparison of={rebuild.comparison} />}
    </Panel>
  );
}
