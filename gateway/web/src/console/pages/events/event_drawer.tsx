import { addressOf } from "../../address/route";
import { admin } from "../../api/console_context";
import { Drawer } from "../../components/drawer";
import { Link } from "../../components/link";
import { Loaded } from "../../components/states";
import { useRead } from "../../data/use_read";
import { isNamed } from "../../format/ids";
import { EventDetails } from "./event_details";

export function EventDrawer({ position, onClose }: { position: string; onClose: () => void }) {
  const record = useRead(() => admin.event(position), [position]);
  const of = record.data;
  return (
    <Drawer title={<>Record <span className="c-mono">{position}</span></>} onClose={onClose} foot={of && (
      <>
        <Link className="c-button" to={addressOf(`entities/${of.entity}`, { at: of.first_sequence + Math.max(0, of.events.length - 1) })}>Inspect the entity here</Link>
        {isNamed(of.correlation_id) && <Link className="c-button" to={addressOf("events", { correlation_id: of.correlation_id, record: position })}>What belongs together</Link>}
      </>
    )}>
      <Loaded state={record}>{(data) => <EventDetails record={data} />}</Loaded>
    </Drawer>
  );
}
