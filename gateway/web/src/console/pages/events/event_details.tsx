import { addressOf } from "../../address/route";
import type { EventRecord } from "../../api/types";
import { Badge, type Tone } from "../../components/badge";
import { EntityId, Id, Position } from "../../components/ids";
import { JsonTree } from "../../components/json_tree";
import { Link } from "../../components/link";
import { Facts } from "../../components/panel";
import { Moment } from "../../components/times";
import { isNamed } from "../../format/ids";
import { bytes } from "../../format/numbers";

const tones: Record<string, Tone> = { counts: "good", fenced: "warn", repeated: "warn", gap: "bad" };
const meanings: Record<string, string> = {
  counts: "This record counts for every reader.",
  fenced: "Written under an epoch that had ended: every reader ignores it.",
  gap: "A record before it is missing: an alarm.",
  repeated: "A copy of a record that was written before: every reader ignores it.",
};

export function Verdict({ verdict }: { verdict: EventRecord["verdict"] }) {
  if (verdict === null) return <span className="c-quiet" title="Not looked at since the server's start">not checked</span>;
  return <Badge tone={tones[verdict]} title={meanings[verdict]}>{verdict}</Badge>;
}

/** A type without its kind, which stands beside it already. */
export function shortType(type: string): string {
  return type.slice(type.indexOf(".") + 1);
}

/** One record: its events with their payloads, what caused it, and where it stands in its entity's chain. */
export function EventDetails({ record }: { record: EventRecord }) {
  const last = record.first_sequence + Math.max(0, record.events.length - 1);
  return (
    <div className="c-event">
      {record.problem && <p className="c-problem">{record.problem}</p>}
      {record.sealed && <p className="c-sealed-note">Its personal text can't be opened: the person was erased, or the vault is away.</p>}
      {record.verdict !== null && record.verdict !== "counts" && <p className="c-problem">{meanings[record.verdict]}</p>}
      <Facts items={[
        ["Entity", <EntityId key="e" entity={record.entity} sequence={last} />],
        ["Position", <Position key="p" position={record.position} />],
        ["Written", <Moment key="t" at={record.at} />],
        ["Verdict", <Verdict key="v" verdict={record.verdict} />],
        ["Epoch", String(record.epoch)],
        ["Size", bytes(record.bytes)],
        ["Caused by", record.cause ? <EntityId key="c" entity={record.cause.entity} sequence={record.cause.sequence} /> : <span key="c" className="c-quiet">a request</span>],
        ["Correlation", isNamed(record.correlation_id) ? <Id key="k" id={record.correlation_id} to={addressOf("events", { correlation_id: record.correlation_id })} /> : "–"],
        ["Command", isNamed(record.command_id) ? <Id key="m" id={record.command_id} to={addressOf("events", { command_id: record.command_id })} /> : "–"],
        ...(record.writer ? [["Writer", <Id key="w" id={record.writer} />] as [string, React.ReactNode]] : []),
      ]} />
      {record.events.map((event) => (
        <section key={event.sequence} className="c-event-part" aria-label={event.type}>
          <h3><span className="c-mono">{event.type}</span> <Link className="c-link c-mono" to={addressOf(`entities/${record.entity}`, { at: event.sequence })}>@{event.sequence}</Link></h3>
          <JsonTree value={event.payload} open={3} label={`Payload of ${event.type}`} />
        </section>
      ))}
      {record.hash && (
        <Facts items={[
          ["Hash", <Id key="h" id={record.hash} />],
          ["Previous hash", record.previous_hash ? <Id key="p" id={record.previous_hash} /> : <span key="p" className="c-quiet">the entity's first record</span>],
        ]} />
      )}
    </div>
  );
}
