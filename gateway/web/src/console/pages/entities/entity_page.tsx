import { useCallback, useState } from "react";
import { describeError } from "../../../api/errors";
import { Tabs } from "../../../components/tabs";
import { addressOf, useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Entity } from "../../api/types";
import { Badge } from "../../components/badge";
import { Icon } from "../../components/icon";
import { CopyButton, Id, Position } from "../../components/ids";
import { JsonTree } from "../../components/json_tree";
import { Link } from "../../components/link";
import { notify } from "../../components/notices";
import { Page } from "../../components/page";
import { Facts } from "../../components/panel";
import { Loaded } from "../../components/states";
import { usePages } from "../../data/use_pages";
import { useRead } from "../../data/use_read";
import { useTimeMode } from "../../data/time_mode";
import { useSettled } from "../../data/use_settled";
import { kindTitle, splitEntity } from "../../format/ids";
import { count, plural } from "../../format/numbers";
import { fromInput, toInput } from "../../format/times";
import { ForkDialog } from "../forks/fork_dialog";
import { HistoryList } from "./history_list";
import { ChangesView, RecordView, StateView } from "./point_views";
import { Scrubber } from "./scrubber";
import { WorldView } from "./world_view";

type View = "state" | "changes" | "record" | "effects" | "world";

/** A state is asked for when the scrubber has rested this long. */
const settleMs = 120;
/** Newer than the scrubber's place, that its list of records begins with. */
const spareRecords = 40;

export function EntityPage({ entity }: { entity: string }) {
  const now = useRead(() => admin.entity(entity), [entity]);
  const { kind, id } = splitEntity(entity);
  return (
    <Page title={kindTitle(kind)} trail={<><Link to={addressOf("entities")} className="c-link">Entity inspector</Link> <span className="c-quiet">/ {kind}</span></>} note={<><span className="c-mono c-cut" title={entity}>{id}</span><CopyButton text={entity} /></>}
      actions={
        <>
          <button type="button" className="c-button" onClick={now.again}>Read again</button>
          <Link className="c-button" to={addressOf("events", { entity })}>Its records</Link>
          {kind === "session" && <Link className="c-button" to={addressOf(`conversations/${id}`)}>As the user saw it</Link>}
          {kind === "forked_session" && <Link className="c-button" to={addressOf(`forks/${id}`)}>Both timelines</Link>}
          {kind === "user" && <Link className="c-button" to={addressOf(`users/${id}`)}>The user</Link>}
        </>
      }>
      <Loaded state={now} rows={10}>{(of) => <Inspector of={of} />}</Loaded>
    </Page>
  );
}

function Inspector({ of }: { of: Entity }) {
  const [query, change] = useQueryValues();
  const { kind, id } = splitEntity(of.entity);
  const last = of.sequence;
  const numberIn = (name: string) => {
    const value = Number(query.get(name) ?? "");
    return query.get(name) && Number.isInteger(value) ? Math.min(last, Math.max(1, value)) : undefined;
  };
  const at = numberIn("at") ?? last;
  const against = numberIn("against");
  const view = (query.get("view") ?? "state") as View;
  const [forking, setForking] = useState(false);
  const settled = useSettled(at, settleMs);
  const [begin, setBegin] = useState<number>(); // of the list of records: a place near which the scrubber stands; none: the newest
  const history = usePages((cursor) => admin.history(of.entity, { cursor, direction: "backward", page_size: 100, sequence: cursor === undefined ? begin : undefined }), [of.entity, last, begin]);
  const near = useCallback((sequence: number) => setBegin(sequence + spareRecords >= last ? undefined : sequence + spareRecords), [last]);
  const state = useRead(last === 0 ? undefined : () => admin.stateAt(of.entity, { sequence: settled }), [of.entity, settled, last]);
  const move = useCallback((to: number) => change({ at: to }, true), [change]);
  const anchor = useCallback((to: number | undefined) => change({ against: to ?? "", view: to === undefined ? "" : "changes" }, true), [change]);
  const from = against === undefined ? settled - 1 : Math.min(against, settled);
  const tabs: [View, string][] = [["state", "State"], ["changes", against === undefined ? "What it changed" : "Difference"], ["record", "Record"], ["effects", `Effects (${of.pending_effects.length})`]];
  if (kind === "user") tabs.push(["world", "Whole world"]);
  return (
    <>
      <Facts items={[
        ["Partition", <Link key="p" className="c-link" to={addressOf("partitions", { partition: of.partition })}>{of.partition}</Link>],
        ["Sequence", count(of.sequence)],
        ["Last record", <Position key="l" position={of.last_position} />],
        ["Actor", of.in_memory === null ? <span key="a" className="c-quiet">owner not reached</span> : of.parked ? <Badge key="a" tone="bad">parked</Badge> : of.in_memory ? <Badge key="a" tone="good">in memory</Badge> : <Badge key="a">at rest</Badge>],
        ["Mailbox", of.mailbox ? plural(of.mailbox.waiting, "waiting", "waiting") : <span key="m" className="c-quiet">–</span>],
        ["State hash", <Id key="h" id={of.state_hash} />],
      ]} />
      <Scrubber at={at} last={last} against={against} onMove={move} onAnchor={anchor}>
        {kind === "session" && <button type="button" className="c-button c-button-small" onClick={() => setForking(true)}><Icon name="fork" size={13} />Fork here</button>}
        <TimeJump entity={of.entity} shown={state.data?.at ?? ""} onFound={move} />
      </Scrubber>
      {forking && <ForkDialog conversation={id} at={at} last={last} onClose={() => setForking(false)} />}
      <div className="c-inspector">
        <HistoryList pages={history} at={at} rested={settled} last={last} against={against} onFar={near} onPick={(sequence) => change({ at: sequence })} />
        <div className="c-point">
          <Tabs label="What to show" value={view} tabs={tabs} onChange={(next) => change({ view: next === "state" ? "" : next }, true)} />
          <div className="c-point-body" role="tabpanel" aria-busy={settled !== at}>
            {view === "state" && (state.error !== undefined && settled === last && of.state !== null ? <LatestState of={of} why={state.error} /> : <StateView state={state} />)}
            {view === "changes" && <ChangesView entity={of.entity} from={from} to={against === undefined ? settled : Math.max(against, settled)} />}
            {view === "record" && <RecordView records={history.items} at={at} loading={history.loading || history.loadingMore} />}
            {view === "effects" && (of.pending_effects.length === 0 ? <p className="c-quiet c-pad">No effect of this entity is pending.</p> : <JsonTree value={of.pending_effects} label="Pending effects" />)}
            {view === "world" && <WorldView key={query.get("position")} user={id} partition={of.partition} />}
          </div>
        </div>
      </div>
    </>
  );
}

/** What is there now, where its past can't be folded. */
function LatestState({ of, why }: { of: Entity; why: unknown }) {
  return (
    <>
      <p className="c-impact-warning" role="status"><Icon name="warning" />This is its state now. {describeError(why)}</p>
      <JsonTree value={of.state} open={2} label={`State at ${of.sequence}`} />
    </>
  );
}

/** The state as it was at a time: leads to the event that was the last then. */
function TimeJump({ entity, shown, onFound }: { entity: string; shown: string; onFound: (sequence: number) => void }) {
  const [value, setValue] = useState("");
  const mode = useTimeMode();
  const jump = async (local: string) => {
    const time = fromInput(local, mode);
    if (time === "") return;
    try {
      onFound((await admin.stateAt(entity, { time })).sequence);
    } catch (error) {
      notify(describeError(error), true);
    }
  };
  return (
    <label className="c-scrubber-time"><span className="c-quiet">as of{mode === "utc" && " UTC"}</span>
      <input type="datetime-local" step={1} aria-label="As of a time" value={value || toInput(shown, mode)} onChange={(event) => setValue(event.target.value)}
        onBlur={(event) => { if (value !== "") void jump(event.target.value); setValue(""); }} onKeyDown={(event) => { if (event.key === "Enter") { void jump(event.currentTarget.value); setValue(""); } }} /></label>
  );
}
