import { useState } from "react";
import { describeError } from "../../../api/errors";
import { admin } from "../../api/console_context";
import type { Finding, FullVerification, Verification } from "../../api/types";
import { Badge, type Tone } from "../../components/badge";
import { DiffView } from "../../components/diff_view";
import { EntityId, Position } from "../../components/ids";
import { Icon } from "../../components/icon";
import { notify } from "../../components/notices";
import { Page } from "../../components/page";
import { Facts, Panel } from "../../components/panel";
import { Loaded } from "../../components/states";
import { Ago, Time } from "../../components/times";
import { useEvery } from "../../data/use_every";
import { useRead } from "../../data/use_read";
import { count, percent, rate } from "../../format/numbers";
import { resultOf } from "./verification_words";

const askAgainMs = 2000;

function FindingItem({ of }: { of: Finding }) {
  return (
    <li>
      <p><Badge tone="bad">{of.kind}</Badge> <EntityId entity={of.entity} sequence={of.sequence} /> <span className="c-quiet">at</span> <Position position={of.position} /> <span className="c-quiet c-small"><Time at={of.at} /></span></p>
      <p>{of.detail}</p>
      {of.changes && of.changes.length > 0 && <><p className="c-quiet c-small">From what was stored to what the log folds to; texts are masked.</p><DiffView changes={of.changes} /></>}
      {(of.before !== undefined || of.after !== undefined) && of.before !== of.after && <DiffView changes={[{ path: "", op: "replace", before: of.before ?? null, after: of.after ?? null }]} />}
    </li>
  );
}

function Partitions({ of }: { of: Verification["background"]["partitions"] }) {
  return (
    <ul className="c-verified" aria-label="Verified, by partition">
      {of.map((each) => (
        <li key={each.partition}>
          <span>Partition {each.partition}</span>
          <progress max={Math.max(1, each.log_end)} value={each.verified_to} aria-label={`Partition ${each.partition}`} />
          <span className="c-verified-number">verified to {count(each.verified_to)} <span className="c-quiet">of {count(each.log_end)}</span></span>
          <span className="c-quiet c-verified-at"><Ago at={each.at} /></span>
          {each.problem && <p className="c-problem c-verified-problem">{each.problem}</p>}
        </li>
      ))}
    </ul>
  );
}

const fullTone: Record<FullVerification["state"], Tone> = { running: "accent", done: "good", failed: "bad" };

/** The last run through the whole log. */
function FullPanel({ of }: { of: FullVerification | null }) {
  if (!of) return <Panel title="In one go"><p className="c-quiet c-pad">The whole log has not been verified in one go since this server started.</p></Panel>;
  return (
    <Panel title="In one go" aside={<Badge tone={of.state === "done" && of.differences > 0 ? "bad" : fullTone[of.state]}>{of.state}</Badge>}>
      {of.state === "running" && (
        <div className="c-progress">
          <progress max={Math.max(1, of.total)} value={of.records} aria-label="Verified" />
          <p><b>{percent(of.records, of.total)}</b> <span className="c-quiet">{count(of.records)} of {count(of.total)} records</span></p>
        </div>
      )}
      <Facts items={[
        ["Begun", <Time key="b" at={of.started_at} />], ["Ended", <Time key="e" at={of.ended_at} />], ["Records", count(of.records)],
        ["Events", count(of.events)], ["Entities", count(of.entities)], ["Differences", count(of.differences)],
      ]} />
      {of.problem && <p className="c-problem">{of.problem}</p>}
    </Panel>
  );
}

export function VerificationPage() {
  const read = useRead(() => admin.verification(), []);
  const [busy, setBusy] = useState(false);
  const { again } = read;
  useEvery(askAgainMs, again);
  const run = async () => {
    setBusy(true);
    try {
      await admin.runVerification();
      notify("The whole log is verified from its beginning.");
      again();
    } catch (error) {
      notify(describeError(error), true);
    }
    setBusy(false);
  };
  return (
    <Page title="Verification" note="Hash chains, gaps, epochs and state hashes, checked all the time at a bounded rate."
      actions={<button type="button" className="c-button c-button-main" disabled={busy} onClick={() => void run()}>Verify the whole log now</button>}>
      <Loaded state={read}>
        {(of) => {
          const { background: now, findings } = of;
          const sum = (value: (each: (typeof now.partitions)[number]) => number) => now.partitions.reduce((all, each) => all + value(each), 0);
          const result = resultOf(of);
          return (
            <>
              <section className="c-health" data-state={result.state} aria-label="Result">
                <Icon name={result.state === "ok" ? "verification" : result.state} size={18} />
                <p><strong>{result.words}</strong> <span className="c-quiet">{percent(sum((each) => each.verified_to), sum((each) => each.log_end))} of the log verified; after a restart it goes on from there.</span></p>
              </section>
              <Panel title="In the background" aside={<Badge tone={now.state === "running" ? "accent" : now.state === "up_to_date" ? "good" : "plain"}>{now.state.replaceAll("_", " ")}</Badge>}>
                <Facts items={[
                  ["Round", count(now.round)], ["Rate", `${rate(now.rate_per_s)}/s`], ["Begun", <Time key="b" at={now.started_at} />],
                  ["Records", count(now.records)], ...(now.entities === null ? [] : [["Entities", count(now.entities)] as [string, string]]), ...(now.states_compared === null || now.states_compared === undefined ? [] : [["States compared", count(now.states_compared)] as [string, string]]),
                  ["Differences", count(now.differences)],
                ]} />
                <Partitions of={now.partitions} />
              </Panel>
              {findings.length > 0 && <Panel title="Findings"><ol className="c-findings">{findings.map((each) => <FindingItem key={`${each.position} ${each.kind}`} of={each} />)}</ol></Panel>}
              <FullPanel of={of.last_full} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
