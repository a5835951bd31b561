import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { PagesState } from "../data/use_pages";
import { fittingColumns } from "./fitting_columns";
import { SortButton, useSorted } from "./sorting";
import { Failed, Skeleton } from "./states";

export interface Column<T> {
  id: string;
  title: string;
  /** A track of CSS grid. */
  width: string;
  align?: "end";
  /** Shown from this width of the table on, in px. Where not all fit, those with the highest go first. */
  from?: number;
  /** Where the table is narrow: the first line, hidden, or (as most) a small labelled value. */
  phone?: "title" | "hide" | "line";
  /** What rows are sorted by, where the whole list is there: by a press on the title. */
  by?: (row: T) => number | string;
  cell: (row: T) => ReactNode;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  selected?: string;
  onOpen?: (row: T) => void;
  pages?: Pick<PagesState<T>, "hasMore" | "loadingMore" | "more" | "loading" | "error" | "again">;
  empty: ReactNode;
  /** Below the last row, when there are more to ask for. */
  moreNote?: ReactNode;
}

const rowHeight = 36;
/** Below this width (px) each row becomes a card. */
const cardsBelow = 460;

/** A table of which only what is seen is drawn; it asks for the next page when the reader comes near the end. */
export function Table<T>(props: Props<T>) {
  const { pages, rows } = props;
  if (pages?.loading) return <div className="c-table-state"><Skeleton rows={10} /></div>;
  if (pages && pages.error !== undefined && rows.length === 0) return <Failed error={pages.error} again={pages.again} />;
  if (rows.length === 0 && !(pages?.hasMore)) return props.empty;
  return <Rows {...props} />;
}

/** The width of an element as it changes; at first a guess that needs no second drawing on most screens. */
function useWidth(element: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1100);
  useLayoutEffect(() => {
    const of = element.current;
    if (!of) return;
    setWidth(of.clientWidth);
    const observer = new ResizeObserver(() => setWidth(of.clientWidth));
    observer.observe(of);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

function Rows<T>({ label, columns: all, rows: given, rowKey, selected, onOpen, pages, moreNote }: Props<T>) {
  const body = useRef<HTMLDivElement>(null);
  const { rows, order, sortBy } = useSorted(all, given, pages === undefined);
  const width = useWidth(body);
  const isCards = width < cardsBelow;
  const columns = isCards ? all : fittingColumns(all, width);
  const [scrollMargin, setScrollMargin] = useState(0);
  const scroller = () => body.current?.closest<HTMLElement>(".c-scroll") ?? null;
  useLayoutEffect(() => {
    const scroll = scroller();
    if (!scroll || !body.current) return;
    const top = Math.round(body.current.getBoundingClientRect().top - scroll.getBoundingClientRect().top + scroll.scrollTop);
    if (top !== scrollMargin) setScrollMargin(top);
  });
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rowKey(rows[index] as T),
    overscan: 8,
    scrollMargin,
  });
  const items = list.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? -1;
  const { hasMore, loadingMore, more, error } = pages ?? { hasMore: false, loadingMore: false, more: () => {}, error: undefined };
  useEffect(() => {
    if (hasMore && !loadingMore && error === undefined && rows.length > 0 && lastSeen >= rows.length - 10) more();
  }, [hasMore, loadingMore, error, rows.length, lastSeen, more]);
  const tracks = columns.map((column) => column.width).join(" ");
  return (
    <div className={isCards ? "c-table c-table-cards" : "c-table"} role="table" aria-label={label} aria-rowcount={hasMore ? -1 : rows.length + 1} style={{ "--tracks": tracks } as React.CSSProperties}>
      <div className="c-table-head" role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <div key={column.id} role="columnheader" className="c-cell" data-align={column.align} aria-sort={order?.id === column.id ? (order.down ? "descending" : "ascending") : undefined}>
            {column.by && !pages ? <SortButton title={column.title} order={order?.id === column.id ? order : undefined} onSort={() => sortBy(column.id)} /> : column.title}
          </div>
        ))}
      </div>
      <div ref={body} role="rowgroup" className="c-table-body" style={{ height: list.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index] as T;
          return (
            <div key={item.key} ref={list.measureElement} data-index={item.index} className={onOpen ? "c-row c-row-open" : "c-row"} role="row" aria-rowindex={item.index + 2}
              aria-current={onOpen && selected === rowKey(row) ? "true" : undefined} tabIndex={onOpen ? 0 : undefined} style={{ transform: `translateY(${item.start - scrollMargin}px)` }}
              onClick={onOpen && (() => onOpen(row))} onKeyDown={onOpen && ((event) => onRowKey(event, () => onOpen(row)))}>
              {columns.map((column) => (
                <div key={column.id} role="cell" className="c-cell" data-align={column.align} data-phone={column.phone ?? "line"} data-label={column.title}>{column.cell(row)}</div>
              ))}
            </div>
          );
        })}
      </div>
      {error !== undefined && <Failed error={error} again={more} inline />}
      {hasMore && error === undefined && <div className="c-more">{moreNote ?? <button type="button" className="c-button" disabled={loadingMore} onClick={more}>{loadingMore ? "Loading…" : "Load more"}</button>}</div>}
    </div>
  );
}

function onRowKey(event: KeyboardEvent<HTMLDivElement>, open: () => void): void {
  if (event.target !== event.currentTarget) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    open();
    return;
  }
  const step = event.key === "ArrowDown" || event.key === "j" ? 1 : event.key === "ArrowUp" || event.key === "k" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const at = Number(event.currentTarget.dataset.index) + step;
  event.currentTarget.parentElement?.querySelector<HTMLElement>(`[data-index="${at}"]`)?.focus();
}
