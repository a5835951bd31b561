import { addressOf, useQueryValues } from "../../address/route";
import type { EventRecord } from "../../api/types";
import { Badge } from "../../components/badge";
import { Filters, SelectFilter, SinceFilter, TextFilter, TimeFilter } from "../../components/filters";
import { EntityId, Id } from "../../components/ids";
import { Icon } from "../../components/icon";
import { JsonActions } from "../../components/json_actions";
import { Page } from "../../components/page";
import { Empty } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Time } from "../../components/times";
import { useFilterValues } from "../../data/use_filter_values";
import { isNamed } from "../../format/ids";
import { eventTypes } from "../../format/known_names";
import { bytes, count, plural } from "../../format/numbers";
import { useFollow } from "../../live/use_follow";
import { CorrelationTimeline } from "./correlation_timeline";
import { EventDrawer } from "./event_drawer";
import { shortType, Verdict } from "./event_details";
import { cursorAt, placeIn } from "./places";
import { useEventSearch } from "./use_event_search";

const filterNames = ["entity", "type", "partition", "correlation_id", "command_id", "since", "until", "from"];

/** The first type in full; the others are of the same kind. */
const typesOf = (row: EventRecord) => row.types.map((type, index) => (index === 0 ? type : shortType(type))).join(", ");

const columns: Column<EventRecord>[] = [
  { id: "at", title: "Time", width: "124px", cell: (row) => <Time at={row.at} /> },
  { id: "position", title: "Position", width: "96px", cell: (row) => <span className="c-mono">{row.position}</span> },
  { id: "entity", title: "Entity", width: "minmax(150px, 1fr)", cell: (row) => <EntityId entity={row.entity} /> },
  { id: "types", title: "Events", width: "minmax(140px, 2fr)", phone: "title", cell: (row) => <span className="c-mono c-cut" title={row.types.join(", ")}>{typesOf(row)}</span> },
  { id: "sequence", title: "Seq.", from: 720, width: "64px", align: "end", cell: (row) => count(row.first_sequence) },
  { id: "correlation", title: "Correlation", from: 1100, width: "122px", phone: "hide", cell: (row) => isNamed(row.correlation_id) ? <Id id={row.correlation_id} to={addressOf("events", { correlation_id: row.correlation_id })} /> : <span className="c-quiet">–</span> },
  { id: "bytes", title: "Size", from: 980, width: "78px", align: "end", phone: "hide", cell: (row) => bytes(row.bytes) },
  { id: "verdict", title: "Verdict", from: 860, width: "92px", cell: (row) => row.verdict === "counts" ? <span className="c-quiet">counts</span> : <Verdict verdict={row.verdict} /> },
];

const followWords = { off: "Follow live", connecting: "Connecting…", following: "Following", reconnecting: "Reconnecting…" } as const;

export function EventsPage() {
  const [query, change] = useQueryValues();
  const { from = "", ...given } = useFilterValues(filterNames);
  const place = placeIn(from);
  const filters = place ? { ...given, partition: String(place.partition) } : given;
  const direction = query.get("direction") === "forward" ? "forward" : "backward";
  const following = query.get("follow") === "1" && direction === "backward" && !place;
  const search = useEventSearch({ ...filters, direction }, place && cursorAt(place, direction === "forward"));
  const state = useFollow(following ? { ...filters, since: undefined, until: undefined } : undefined, search.add, search.again);
  const open = query.get("record");
  const filtered = filterNames.some((name) => query.get(name));
  const furtherNote = search.searching
    ? <p className="c-quiet" role="status">Looking… {count(search.scanned)} records so far</p>
    : <p><span className="c-quiet">Looked at {count(search.scanned)} records. </span><button type="button" className="c-button" onClick={search.lookFurther} disabled={search.loadingMore}>Look further</button></p>;
  return (
    <Page title="Event streams" drawer={open && <EventDrawer key={open} position={open} onClose={() => change({ record: "" })} />}
      note={search.scanned > 0 && <span role="status">{count(search.items.length)} shown · {count(search.scanned)} looked at</span>}
      actions={
        <>
        {search.items.length > 0 && <JsonActions value={search.items} name="records" what={plural(search.items.length, "record")} />}
        <button type="button" className="c-button" aria-pressed={following} data-on={following} onClick={() => change({ follow: following ? "" : 1, direction: "", from: "" })}>
          <Icon name={following ? "pause" : "play"} size={14} />{followWords[state]}
        </button>
        </>
      }>
      <Filters names={[...filterNames, "direction"]}>
        <TextFilter name="entity" label="Entity" placeholder="session/0197…" width="190px" />
        <TextFilter name="type" label="Type" placeholder="session.*" width="168px" known={eventTypes} />
        <TextFilter name="partition" label="Partition" placeholder="any" width="70px" />
        <TextFilter name="correlation_id" label="Correlation" placeholder="id" width="96px" />
        <TextFilter name="command_id" label="Command" placeholder="id" width="96px" />
        <TextFilter name="from" label="From the place" placeholder="2:1234" width="100px" />
        <SinceFilter />
        <TimeFilter name="until" label="Until" />
        <SelectFilter name="direction" label="Order" fallback="backward" options={[["backward", "newest first"], ["forward", "oldest first"]]} />
      </Filters>
      {from !== "" && !place && <p className="c-problem">A place is a partition and an offset: <span className="c-mono">2:1234</span>.</p>}
      {query.get("against") && <p className="c-follow-note" role="status"><Badge tone="accent">Comparing</Badge> <span className="c-quiet">Open another record to hold it against <span className="c-mono">{query.get("against")}</span>.</span> <button type="button" className="c-link" onClick={() => change({ against: "" })}>Stop comparing</button></p>}
      {filters.correlation_id && search.items.length > 0 && <CorrelationTimeline records={search.items} more={search.hasMore} open={open} onOpen={(position) => change({ record: open === position ? "" : position })} />}
      {following && <p className="c-follow-note" role="status"><Badge tone={state === "following" ? "good" : "warn"}>{followWords[state]}</Badge> <span className="c-quiet">New records appear at the top.</span></p>}
      <Table label="Records" columns={columns} rows={search.items} rowKey={(row) => row.position} selected={open ?? undefined} pages={search}
        onOpen={(row) => change({ record: open === row.position ? "" : row.position })} moreNote={search.items.length === 0 ? furtherNote : undefined}
        empty={<Empty icon="events" title={filtered ? "No record fits these filters." : "The log is empty."}>{filtered && <p>Looked at {count(search.scanned)} records.</p>}</Empty>} />
    </Page>
  );
}
