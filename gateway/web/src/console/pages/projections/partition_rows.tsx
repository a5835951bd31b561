import { type ReactNode, useState } from "react";
import { addressOf } from "../../address/route";
import type { VersionPartition } from "../../api/types";
import { Position } from "../../components/ids";
import { Link } from "../../components/link";
import { nextOrder, orderIn, SortButton, sorted } from "../../components/sorting";
import { count, duration, rate } from "../../format/numbers";

interface Shown {
  id: string;
  title: string;
  by: (row: VersionPartition) => number | string;
  cell: (row: VersionPartition) => ReactNode;
}

/** What a version has folded of each partition; sorted by a press on a title, as there may be hundreds. */
export function PartitionRows({ rows, projection, version }: { rows: VersionPartition[]; projection: string; version?: number }) {
  const [wanted, setWanted] = useState("");
  const columns: Shown[] = [
    { id: "partition", title: "Partition", by: (row) => row.partition, cell: (row) => <Link className="c-link" to={addressOf("partitions", { partition: row.partition })}>{row.partition}</Link> },
    { id: "next", title: "Next", by: (row) => row.next, cell: (row) => (row.next < row.log_end ? <Position position={`${row.partition}:${row.next}`} /> : count(row.next)) },
    { id: "end", title: "Log end", by: (row) => row.log_end, cell: (row) => count(row.log_end) },
    { id: "lag", title: "Lag", by: (row) => row.lag_records, cell: (row) => count(row.lag_records) },
    { id: "behind", title: "Behind", by: (row) => row.lag_seconds ?? 0, cell: (row) => duration(row.lag_seconds) },
    { id: "rate", title: "Rate", by: (row) => row.rate_per_s, cell: (row) => `${rate(row.rate_per_s)}/s` },
    { id: "parked", title: "Parked", by: (row) => row.parked_entities, cell: (row) => (row.parked_entities > 0 ? <Link className="c-link" to={addressOf("dead-letters", { projection, version })}>{count(row.parked_entities)}</Link> : <span className="c-quiet">0</span>) },
    { id: "problem", title: "Problem", by: (row) => row.problem ?? "", cell: (row) => (row.problem ? <span className="c-bad">{row.problem}</span> : <span className="c-quiet">–</span>) },
  ];
  const order = orderIn(wanted);
  const by = columns.find((column) => column.id === order?.id)?.by;
  return (
    <div className="c-scroll-x">
      <table className="c-plain-table">
        <caption className="hidden">Partitions of {projection}</caption>
        <thead>
          <tr>{columns.map(({ id, title }) => (
            <th key={id} aria-sort={order?.id === id ? (order.down ? "descending" : "ascending") : undefined}><SortButton title={title} order={order?.id === id ? order : undefined} onSort={() => setWanted(nextOrder(order, id))} /></th>
          ))}</tr>
        </thead>
        <tbody>{(by ? sorted(rows, by, order?.down ?? false) : rows).map((row) => <tr key={row.partition}>{columns.map(({ id, cell }) => <td key={id}>{cell(row)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
