import type { CSSProperties } from "react";
import type { EventRecord } from "../../api/types";
import { Panel } from "../../components/panel";
import { shortId, splitEntity } from "../../format/ids";
import { milliseconds, plural } from "../../format/numbers";
import { causedRecords } from "./causes";
import { shortType } from "./event_details";

/** Of more records the list below tells better. */
const shownMax = 200;
const deepest = 8;

interface Props {
  records: EventRecord[];
  /** There are further ones that were not read yet. */
  more: boolean;
  open: string | null;
  onOpen: (position: string) => void;
}

/** What one request or one reply led to, from cause to effect, over the time it took. */
export function CorrelationTimeline({ records, more, open, onOpen }: Props) {
  const rows = causedRecords(records.slice(0, shownMax));
  const whole = Math.max(1, ...rows.map((row) => row.sinceMs));
  const entities = new Set(rows.map((row) => row.record.entity)).size;
  return (
    <Panel title="From cause to effect" aside={<span className="c-quiet c-small">{plural(rows.length, "record")} of {plural(entities, "entity", "entities")} in {milliseconds(whole)}{more && ", with more to come"}</span>}>
      <ol className="c-causes" aria-label="From cause to effect">
        {rows.map(({ record, depth, sinceMs }) => {
          const { kind, id } = splitEntity(record.entity);
          return (
            <li key={record.position}>
              <button type="button" data-root={depth === 0} aria-current={open === record.position ? "true" : undefined} onClick={() => onOpen(record.position)} style={{ "--depth": Math.min(depth, deepest), "--at": sinceMs / whole } as CSSProperties}>
                <span className="c-cause-what"><span className="c-kind">{kind}</span> <span className="c-mono c-quiet">{shortId(id)}</span> <span className="c-mono">{record.types.map(shortType).join(", ")}</span></span>
                <span className="c-cause-track" aria-hidden="true"><i /></span>
                <span className="c-cause-time">{sinceMs === 0 ? "0 ms" : `+${milliseconds(sinceMs)}`}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
