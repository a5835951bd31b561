import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { EventRecord } from "../../api/types";
import { Failed, Skeleton } from "../../components/states";
import { Time } from "../../components/times";
import type { PagesState } from "../../data/use_pages";
import { shortType } from "../events/event_details";

const rowHeight = 44;
/** Further from what is listed the list begins anew, near the place. */
const farEvents = 300;

interface Props {
  pages: PagesState<EventRecord>;
  at: number;
  /** Where the scrubber stands still. */
  rested: number;
  last: number;
  against: number | undefined;
  onPick: (sequence: number) => void;
  /** The list does not reach there. */
  onFar: (sequence: number) => void;
}

function lastOf(record: EventRecord): number {
  return record.first_sequence + Math.max(0, record.types.length - 1);
}

/** An entity's records, newest first; the one that the scrubber stands on is marked. */
export function HistoryList({ pages, at, rested, last: end, against, onPick, onFar }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { items, hasMore, loadingMore, more, error } = pages;
  const list = useVirtualizer({ count: items.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 10 });
  const placed = useRef(false);
  const shown = list.getVirtualItems();
  const lastSeen = shown.at(-1)?.index ?? -1;
  const current = items.findIndex((record) => record.first_sequence <= at && at <= lastOf(record));
  const oldest = items.at(-1)?.first_sequence ?? 0;
  const newest = items[0] ? lastOf(items[0]) : end;
  const far = items.length > 0 && (rested > newest || rested < oldest - farEvents);
  const beyond = items.length > 0 && at < oldest && at >= oldest - farEvents;
  const brought = useRef<number>(undefined); // once for each place: who reads on elsewhere is not called back
  useEffect(() => {
    if (!far || brought.current === rested) return;
    brought.current = rested;
    onFar(rested);
  }, [far, rested, onFar]);
  useEffect(() => {
    if (hasMore && !loadingMore && error === undefined && items.length > 0 && (lastSeen >= items.length - 10 || beyond)) more();
  }, [hasMore, loadingMore, error, items.length, lastSeen, beyond, more]);
  useEffect(() => {
    if (current < 0) return;
    list.scrollToIndex(current, { align: placed.current ? "auto" : "center" });
    placed.current = true;
  }, [current, list]);
  if (pages.loading) return <div className="c-history"><Skeleton rows={8} /></div>;
  return (
    <div className="c-history" ref={box} aria-label="History" role="region" tabIndex={-1}>
      {error !== undefined && <Failed error={error} again={items.length > 0 ? more : pages.again} inline />}
      {newest < end && <button type="button" className="c-button c-button-small" onClick={() => onFar(newest)}>Newer events</button>}
      <ol style={{ height: list.getTotalSize() }}>
        {shown.map((item) => {
          const record = items[item.index] as EventRecord;
          const last = lastOf(record);
          const marked = against !== undefined && record.first_sequence <= against && against <= last;
          return (
            <li key={record.position} style={{ transform: `translateY(${item.start}px)`, height: rowHeight }} data-future={record.first_sequence > at}>
              <button type="button" aria-current={item.index === current ? "true" : undefined} data-marked={marked} onClick={() => onPick(last)}>
                <span className="c-history-seq">{record.first_sequence === last ? last : `${record.first_sequence}–${last}`}</span>
                <span className="c-history-what">
                  <span className="c-mono c-cut" title={record.types.join(", ")}>{record.types.map(shortType).join(", ")}</span>
                  <span className="c-quiet c-small"><Time at={record.at} /></span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
