import type { ReactNode } from "react";
import { addressOf } from "../../address/route";
import { admin } from "../../api/console_context";
import type { EventRecord, StateAt } from "../../api/types";
import { DiffView } from "../../components/diff_view";
import { Id, Position } from "../../components/ids";
import { JsonTree } from "../../components/json_tree";
import { Link } from "../../components/link";
import { Facts } from "../../components/panel";
import { Empty, Loaded, Skeleton } from "../../components/states";
import { Time } from "../../components/times";
import { type ReadState, useRead } from "../../data/use_read";
import { isUuid } from "../../format/ids";
import { count, plural } from "../../format/numbers";
import { EventDetails } from "../events/event_details";

/** A session's or bond's person, with all that was theirs at that moment. */
function worldOf({ state, position }: StateAt): [string, ReactNode][] {
  const person = typeof state === "object" && state !== null && !Array.isArray(state) ? state.user_id : undefined;
  if (typeof person !== "string" || !isUuid(person) || !position) return [];
  return [["The person's whole world", <Link key="w" className="c-link" to={addressOf(`entities/user/${person}`, { view: "world", position })}>at this moment</Link>]];
}

/** The whole state at one event. */
export function StateView({ state }: { state: ReadState<StateAt> }) {
  return (
    <Loaded state={state} rows={10}>
      {(point) => (
        <>
          <JsonTree value={point.state} open={2} label={`State at ${point.sequence}`} />
          <Facts items={[
            ["At", point.at ? <Time key="a" at={point.at} /> : "–"],
            ["Position", point.position ? <Position key="p" position={point.position} /> : "–"],
            ["State hash", <Id key="h" id={point.state_hash} />],
            ...worldOf(point),
          ]} />
        </>
      )}
    </Loaded>
  );
}

/** What lies between two points, as changes of the state. */
export function ChangesView({ entity, from, to }: { entity: string; from: number; to: number }) {
  const diff = useRead(() => admin.diff(entity, from, to), [entity, from, to]);
  return (
    <Loaded state={diff}>
      {({ changes, events }) => (
        <>
          <p className="c-changes-note">
            {to - from === 1 ? <>What event <b>{count(to)}</b> changed</> : <>From <b>{count(from)}</b> to <b>{count(to)}</b>, {plural(to - from, "event")}</>}
            <span className="c-quiet"> · {plural(changes.length, "change")}</span>
            {to - from === 1 && events[0] && <span className="c-mono c-quiet"> · {events[0].types.at(-1)}</span>}
          </p>
          <DiffView changes={changes} />
        </>
      )}
    </Loaded>
  );
}

/** The record that the point belongs to. */
export function RecordView({ records, at, loading }: { records: EventRecord[]; at: number; loading: boolean }) {
  const record = records.find((each) => each.first_sequence <= at && at < each.first_sequence + Math.max(1, each.types.length));
  if (record) return <EventDetails record={record} />;
  return loading ? <Skeleton /> : <Empty icon="events" title="This event has not been loaded yet."><p>Scroll its history to it.</p></Empty>;
}
