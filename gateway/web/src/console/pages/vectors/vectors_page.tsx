import { useState } from "react";
import { describeError } from "../../../api/errors";
import { admin } from "../../api/console_context";
import type { VectorVersion } from "../../api/types";
import { ActionDialog } from "../../components/action_dialog";
import { Badge, type Tone } from "../../components/badge";
import { notify } from "../../components/notices";
import { Page } from "../../components/page";
import { Facts } from "../../components/panel";
import { Empty, Loaded } from "../../components/states";
import { Time } from "../../components/times";
import { useEvery } from "../../data/use_every";
import { useRead } from "../../data/use_read";
import { count } from "../../format/numbers";
import { BuildPanel } from "./build_panel";
import { ComparisonView } from "./comparison";

const askAgainMs = 2000;
const [queriesAsked, nearestAsked] = [100, 10];
const tones: Record<VectorVersion["state"], Tone> = { serving: "accent", building: "accent", ready: "good", kept: "plain" };

type Asking = { what: "build" } | { what: "switch" | "drop"; of: VectorVersion } | { what: "roll-back" } | undefined;

function Asked({ asking, onClose, onDone }: { asking: NonNullable<Asking>; onClose: () => void; onDone: () => void }) {
  const [blind, setBlind] = useState(false);
  if (asking.what === "build") return <ActionDialog path="/vectors/build" verb="Build" title="Make new vectors" done="New vectors are being made; the old ones go on serving." onClose={onClose} onDone={onDone}><p>Every memory is embedded by the server's second embedder, side by side with what serves. Nothing changes for anybody until you switch.</p></ActionDialog>;
  if (asking.what === "roll-back") return <ActionDialog path="/vectors/roll-back" verb="Roll back" title="Back to the vectors before" done="The vectors before serve again." onClose={onClose} onDone={onDone} />;
  const { of } = asking;
  if (asking.what === "drop") return <ActionDialog path={`/vectors/${of.version}/drop`} verb="Drop" title={`Drop the vectors v${of.version}`} done={`v${of.version} is dropped.`} onClose={onClose} onDone={onDone} />;
  return (
    <ActionDialog path={`/vectors/${of.version}/switch`} verb="Switch" title={`Switch to the vectors v${of.version}`} done={`v${of.version} serves.`} body={blind ? { without_comparison: true } : {}} onClose={onClose} onDone={onDone}>
      {!of.comparison && <label className="c-check"><input type="checkbox" checked={blind} onChange={(event) => setBlind(event.target.checked)} /> Switch though recall was not compared</label>}
    </ActionDialog>
  );
}

function Version({ of, onAsk, onChanged }: { of: VectorVersion; onAsk: (asking: Asking) => void; onChanged: () => void }) {
  const [busy, setBusy] = useState(false);
  const compare = async () => {
    setBusy(true);
    try {
      await admin.compareVectors(of.version, queriesAsked, nearestAsked);
      onChanged();
    } catch (error) {
      notify(describeError(error), true);
    }
    setBusy(false);
  };
  return (
    <section className="c-panel c-version" data-serving={of.state === "serving"} aria-label={`Vectors v${of.version}`}>
      <header className="c-panel-head">
        <h2>v{of.version}</h2><span className="c-mono c-cut">{of.model}</span>
        <Badge tone={tones[of.state]}>{of.state === "serving" ? "serves" : of.state}</Badge>
        {!of.available && <Badge tone="warn" title="No embedder of this server makes such vectors">its embedder is not here</Badge>}
        <div className="c-panel-aside">
          {of.state === "ready" && <button type="button" className="c-button c-button-small" disabled={busy} onClick={() => void compare()}>{busy ? "Comparing…" : of.comparison ? "Compare again" : "Compare recall"}</button>}
          {of.state === "ready" && <button type="button" className="c-button c-button-small c-button-main" onClick={() => onAsk({ what: "switch", of })}>Switch to it…</button>}
          {of.state === "kept" && <button type="button" className="c-button c-button-small" onClick={() => onAsk({ what: "roll-back" })}>Roll back to it…</button>}
          {(of.state === "ready" || of.state === "kept") && <button type="button" className="c-button c-button-small c-button-danger-quiet" onClick={() => onAsk({ what: "drop", of })}>Drop…</button>}
        </div>
      </header>
      <Facts items={[
        ["Dimension", count(of.dimension)], ["Vectors", `${of.rows_estimated ? "about " : ""}${count(of.rows)}`], ["Missing", `${of.rows_estimated ? "about " : ""}${count(of.missing)}`], ["Table", <span key="t" className="c-mono">{of.table}</span>],
        ["Made", <Time key="m" at={of.created_at} />], ["Switched", <Time key="s" at={of.switched_at} />],
      ]} />
      {of.comparison && <ComparisonView of={of.comparison} />}
    </section>
  );
}

/** The vectors by which memories are found, by embedding model: side by side, compared, switched. */
export function VectorsPage() {
  const read = useRead(() => admin.vectors(), []);
  const [asking, setAsking] = useState<Asking>();
  useEvery(askAgainMs, read.again);
  const building = read.data?.build?.state === "running";
  return (
    <Page title="Recall vectors" note="What memories are found by. A new embedding model is built beside the old one and compared before anybody is switched to it."
      actions={<button type="button" className="c-button c-button-main" disabled={read.data === undefined || building} onClick={() => setAsking({ what: "build" })}>Build new vectors…</button>}>
      <Loaded state={read} rows={4}>
        {(of) => (
          <>
            {of.build && (building || of.build.state === "failed") && <BuildPanel of={of.build} onChanged={read.again} />}
            {of.items.length === 0 && <Empty icon="vectors" title="No vectors yet.">The first are made when a memory is.</Empty>}
            {[...of.items].sort((a, b) => Number(b.state === "serving") - Number(a.state === "serving") || b.version - a.version).map((each) => <Version key={each.version} of={each} onAsk={setAsking} onChanged={read.again} />)}
          </>
        )}
      </Loaded>
      {asking && <Asked asking={asking} onClose={() => setAsking(undefined)} onDone={read.again} />}
    </Page>
  );
}
