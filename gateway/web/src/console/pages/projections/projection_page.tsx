import { useState } from "react";
import { addressOf } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Listed, Projection, Rebuild } from "../../api/types";
import { ActionDialog } from "../../components/action_dialog";
import { Badge } from "../../components/badge";
import { Chart, wholeSteps } from "../../components/chart";
import { Link } from "../../components/link";
import { Page } from "../../components/page";
import { Panel } from "../../components/panel";
import { Empty, Loaded } from "../../components/states";
import { useRead } from "../../data/use_read";
import { brief, rate } from "../../format/numbers";
import { useLive } from "../../live/use_live";
import { isUnderWay, stateOf } from "./projection_words";
import { RebuildPanel } from "./rebuild_panel";
import { ResetDialog } from "./reset_dialog";
import { RowCheckPanel } from "./row_check_panel";
import { PauseDialog, StandingPanel } from "./standing_panel";
import { StartDialog } from "./start_dialog";
import { VersionPanel } from "./versions_panel";

/** Versions that are kept up to date change places by a roll-back, in either direction. */
type Asking = { what: "start" } | { what: "switch" } | { what: "roll-back"; forward: boolean } | { what: "drop"; version: number } | { what: "pause" } | { what: "reset" } | undefined;

function Asked({ asking, of, name, onClose, onDone }: { asking: NonNullable<Asking>; of: Projection | undefined; name: string; onClose: () => void; onDone: () => void }) {
  const at = `/projections/${name}`;
  if (asking.what === "start") return <StartDialog projection={name} onClose={onClose} onDone={onDone} />;
  if (asking.what === "pause") return of ? <PauseDialog of={of} onClose={onClose} onDone={onDone} /> : null;
  if (asking.what === "reset") return of ? <ResetDialog of={of} onClose={onClose} onDone={onDone} /> : null;
  if (asking.what === "drop") return <ActionDialog path={`${at}/versions/${asking.version}/drop`} verb="Drop" title={`Drop ${name} v${asking.version}`} done={`v${asking.version} is dropped.`} onClose={onClose} onDone={onDone} />;
  const back = asking.what === "roll-back" && !asking.forward;
  return <ActionDialog path={`${at}/${asking.what}`} verb={back ? "Roll back" : "Switch"} title={back ? `Roll ${name} back` : `Switch ${name}`} done={back ? `${name} serves the version before.` : `${name} serves the newer version.`} goesOn={`The switch of ${name} has begun and goes on: old and new are compared first. Its panel says when it serves.`} onClose={onClose} onDone={onDone} />;
}

/** The newest of what the two topics say about a rebuild: the second is fresher while one runs. */
function rebuildOf(of: Projection, live: Rebuild | undefined): Rebuild | null {
  return live ?? of.rebuild;
}

export function ProjectionPage({ name }: { name: string }) {
  const first = useRead(async () => (await admin.projections()).items, []);
  const fresh = useLive<Listed<Projection>>("projections");
  const rebuilds = useLive<Listed<Rebuild>>("rebuilds");
  const [asking, setAsking] = useState<Asking>();
  const items = fresh?.items ?? first.data;
  const mine = items?.find((each) => each.projection === name);
  return (
    <Page title={name} trail={<><Link className="c-link" to={addressOf("projections")}>Projections</Link> <span className="c-quiet">/ {name}</span></>}
      actions={
        <>
          <button type="button" className="c-button" disabled={mine === undefined} onClick={() => setAsking({ what: "pause" })}>Pause…</button>
          <button type="button" className="c-button" disabled={mine === undefined} onClick={() => setAsking({ what: "reset" })}>Set back…</button>
          <button type="button" className="c-button c-button-main" disabled={mine === undefined || isUnderWay(mine.rebuild)} onClick={() => setAsking({ what: "start" })}>Rebuild…</button>
        </>
      }>
      <Loaded state={{ data: items, error: items ? undefined : first.error, again: first.again }}>
        {(all) => {
          const of = all.find((each) => each.projection === name);
          if (!of) return <Empty icon="projections" title={`There is no projection called “${name}”.`}><Link className="c-link" to={addressOf("projections")}>All projections</Link></Empty>;
          const rebuild = rebuildOf(of, rebuilds?.items?.find((each) => each.projection === name));
          const state = stateOf(of.versions.find((version) => version.serving));
          const times = of.history.map((point) => new Date(point.at).getTime());
          return (
            <>
              <StandingPanel of={of} onChanged={first.again} />
              {rebuild && <RebuildPanel rebuild={rebuild} onChanged={first.again} onSwitch={() => setAsking({ what: "switch" })} />}
              <div className="c-two">
                <Panel title="Lag, records" aside={<Badge tone={state.tone}>{state.words}</Badge>}><Chart label="Lag in records" times={times} values={of.history.map((point) => point.lag_records)} format={brief} steps={wholeSteps} tone="warm" height={140} atLeast={10} /></Panel>
                <Panel title="Folded, records a second"><Chart label="Records folded a second" times={times} values={of.history.map((point) => point.rate_per_s)} format={rate} height={140} /></Panel>
              </div>
              {[...of.versions].sort((a, b) => Number(b.serving) - Number(a.serving) || b.version - a.version).map((version) => (
                <VersionPanel key={version.version} of={of} version={version} onSwitch={() => setAsking(version.state === "followed" ? { what: "roll-back", forward: version.version > (of.serving_version ?? 0) } : { what: "switch" })} onDrop={() => setAsking({ what: "drop", version: version.version })} />
              ))}
              <RowCheckPanel projection={name} />
            </>
          );
        }}
      </Loaded>
      {asking && <Asked asking={asking} of={mine} name={name} onClose={() => setAsking(undefined)} onDone={first.again} />}
    </Page>
  );
}
