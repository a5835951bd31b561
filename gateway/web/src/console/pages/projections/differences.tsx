import type { RowDifference } from "../../api/types";
import { Position } from "../../components/ids";
import { inline } from "../../format/json_lines";
import { positionsIn } from "./projection_words";

/** Rows that are not alike, with the places in the log that caused either side. */
export function Differences({ sample }: { sample: RowDifference[] }) {
  return (
    <ol className="c-differences" aria-label="Differences">
      {sample.map((each, index) => (
        <li key={`${each.table} ${inline(each.key)} ${index}`}>
          <p><b>{each.table}</b> <span className="c-mono">{typeof each.key === "string" ? each.key : inline(each.key)}</span>
            {positionsIn(each.lineage).map((position) => <span key={position}> <span className="c-quiet c-small">caused by</span> <Position position={position} /></span>)}</p>
          <pre className="c-diff-before"><span className="hidden">before: </span>{each.before === undefined || each.before === null ? "no such row" : JSON.stringify(each.before, null, 1)}</pre>
          <pre className="c-diff-after"><span className="hidden">after: </span>{each.after === undefined || each.after === null ? "no such row" : JSON.stringify(each.after, null, 1)}</pre>
        </li>
      ))}
    </ol>
  );
}
