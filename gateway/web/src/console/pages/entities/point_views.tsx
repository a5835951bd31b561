import { admin } from "../../api/console_context";
import type { EventRecord, StateAt } from "../../api/types";
import { DiffView } from "../../components/diff_view";
import { EntityId, Id, Position } from "../../components/ids";
import { JsonTree } from "../../components/json_tree";
import { Facts, Panel } from "../../components/panel";
import { Empty, Loaded, Skeleton } from "../../components/states";
import { Time } from "../../components/times";
import { type ReadState, useRead } from "../../data/use_read";
import { count, plural } from "../../format/numbers";
import { EventDetails } from "../events/event_details";

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

function WorldPart({ of, open }: { of: StateAt; open: number }) {
  return (
    <div className="c-world-part">
      <p><EntityId entity={of.entity} sequence={of.sequence} /></p>
      <JsonTree value={of.state} open={open} label={of.entity} />
    </div>
  );
}

function Many({ title, items }: { title: string; items: StateAt[] }) {
  return (
    <Panel title={`${title} (${items.length})`}>
      {items.length === 0 && <p className="c-quiet c-pad">None at this place.</p>}
      {items.map((each) => <WorldPart key={each.entity} of={each} open={items.length === 1 ? 2 : 1} />)}
    </Panel>
  );
}

/** All that concerns a person, at one place in the log. */
export function WorldView({ user, position }: { user: string; position: string }) {
  const world = useRead(() => admin.world(user, position), [user, position]);
  return (
    <Loaded state={world}>
      {(all) => (
        <div className="c-world">
          <p className="c-quiet">The person, the sessions and the bonds, all at <Position position={all.position} />.</p>
          <Panel title="User">{all.user ? <WorldPart of={all.user} open={2} /> : <p className="c-quiet c-pad">Not there yet at this place.</p>}</Panel>
          <Many title="Sessions" items={all.sessions} />
          <Many title="Bonds" items={all.bonds} />
        </div>
      )}
    </Loaded>
  );
}
