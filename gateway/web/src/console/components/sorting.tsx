import { useMemo } from "react";
import { useQueryValues } from "../address/route";
import { Icon } from "./icon";
import type { Column } from "./table";

export interface Order {
  id: string;
  down: boolean;
}

/** "-lag" is by lag, the most first. */
export function orderIn(text: string): Order | undefined {
  const down = text.startsWith("-");
  const id = down ? text.slice(1) : text;
  return id === "" ? undefined : { id, down };
}

/** A press on a title: numbers are wanted with the most first, then the other way round, then as they came. */
export function nextOrder(now: Order | undefined, id: string): string {
  if (now?.id !== id) return `-${id}`;
  return now.down ? id : "";
}

export function sorted<T>(rows: T[], by: (row: T) => number | string, down: boolean): T[] {
  const sign = down ? -1 : 1;
  return rows.map((row, index) => ({ row, index, key: by(row) })).sort((a, b) => {
    const order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key), undefined, { numeric: true });
    return sign * order || a.index - b.index;
  }).map((each) => each.row);
}

/** Rows in the order that the address names. Only where the whole list is there: a page of it sorted would tell lies. */
export function useSorted<T>(columns: Column<T>[], rows: T[], whole: boolean): { rows: T[]; order: Order | undefined; sortBy: (id: string) => void } {
  const [query, change] = useQueryValues();
  const named = whole ? orderIn(query.get("order") ?? "") : undefined;
  const by = columns.find((column) => column.id === named?.id)?.by;
  const down = named?.down ?? false;
  const shown = useMemo(() => (by ? sorted(rows, by, down) : rows), [rows, by, down]);
  return { rows: shown, order: by ? named : undefined, sortBy: (id) => change({ order: nextOrder(named, id) }, true) };
}

export function SortButton({ title, order, onSort }: { title: string; order: Order | undefined; onSort: () => void }) {
  return (
    <button type="button" className="c-sort" data-on={order !== undefined} title={`Sort by ${title.toLowerCase()}`} onClick={onSort}>
      {title}<span className="c-sort-sign" data-down={order?.down ?? true}><Icon name="open" size={11} /></span>
    </button>
  );
}
