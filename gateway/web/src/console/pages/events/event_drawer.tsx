import { addressOf, useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import { Drawer } from "../../components/drawer";
import { Icon } from "../../components/icon";
import { JsonActions } from "../../components/json_actions";
import { Link } from "../../components/link";
import { Loaded } from "../../components/states";
import { useRead } from "../../data/use_read";
import { isNamed } from "../../format/ids";
import { EventComparison } from "./event_comparison";
import { EventDetails } from "./event_details";
import { placeIn } from "./places";

/** To the records before and after it in its partition, and to all around it. */
function Neighbours({ position }: { position: string }) {
  const [, change] = useQueryValues();
  const place = placeIn(position);
  if (!place) return null;
  const { partition, offset } = place;
  const step = (to: number) => change({ record: `${partition}:${to}` }, true);
  return (
    <>
      <button type="button" className="c-icon-button" aria-label="The record before it in its partition" title={`Record ${partition}:${offset - 1}`} disabled={offset === 0} onClick={() => step(offset - 1)}><Icon name="left" /></button>
      <button type="button" className="c-icon-button" aria-label="The record after it in its partition" title={`Record ${partition}:${offset + 1}`} onClick={() => step(offset + 1)}><Icon name="right" /></button>
      <Link className="c-button c-button-small" to={addressOf("events", { from: position, direction: "forward", record: position })} title="Its partition from this record on">From here on</Link>
    </>
  );
}

export function EventDrawer({ position, onClose }: { position: string; onClose: () => void }) {
  const [query, change] = useQueryValues();
  const record = useRead(() => admin.event(position), [position]);
  const of = record.data;
  const against = query.get("against") ?? "";
  const compares = against !== "" && against !== position;
  return (
    <Drawer title={<>Record <span className="c-mono">{position}</span></>} onClose={onClose} foot={of && (
      <>
        <Link className="c-button" to={addressOf(`entities/${of.entity}`, { at: of.first_sequence + Math.max(0, of.events.length - 1) })}>Inspect the entity here</Link>
        {isNamed(of.correlation_id) && <Link className="c-button" to={addressOf("events", { correlation_id: of.correlation_id, direction: "forward", record: position })}>What belongs together</Link>}
      </>
    )}>
      <div className="c-drawer-tools">
        <Neighbours position={position} />
        <button type="button" className="c-button c-button-small" aria-pressed={against !== ""} data-on={against !== ""} onClick={() => change({ against: against === "" ? position : "" })}>
          {against === "" ? "Compare…" : against === position ? "Now open another" : `Compared with ${against}`}{against !== "" && <Icon name="close" size={12} />}
        </button>
        {of && <JsonActions value={of} name={`record-${position}`} />}
      </div>
      {compares && <section aria-label="Difference" className="c-event"><EventComparison before={against} after={position} /></section>}
      <Loaded state={record}>{(data) => <EventDetails record={data} />}</Loaded>
    </Drawer>
  );
}
