import type { RowDifference } from "../../api/types";
import { Badge } from "../../components/badge";
import { Position } from "../../components/ids";
import { inline } from "../../format/json_lines";
import { positionsIn } from "./projection_words";

const hasRow = (row: unknown) => row !== undefined && row !== null;

/** Rows that are not alike, with the places in the log that caused either side. */
export function Differences({ sample }: { sample: RowDifference[] }) {
  return (
    <ol className="c-differences" aria-label="Differences">
      {sample.map((each, index) => (
        <li key={`${each.table} ${inline(each.key)} ${index}`}>
          <p>{each.what && <><Badge tone="warn">{each.what}</Badge> </>}<b>{each.table}</b> <span className="c-mono">{typeof each.key === "string" ? each.key : inline(each.key)}</span>
            {positionsIn(each.lineage).map((position) => <span key={position}> <span className="c-quiet c-small">caused by</span> <Position position={position} /></span>)}</p>
          {each.columns && each.columns.length > 0 && <p className="c-quiet">in <span className="c-mono">{each.columns.join(", ")}</span></p>}
          {hasRow(each.before) && <pre className="c-diff-before"><span className="hidden">before: </span>{JSON.stringify(each.before, null, 1)}</pre>}
          {hasRow(each.after) && <pre className="c-diff-after"><span className="hidden">after: </span>{JSON.stringify(each.after, null, 1)}</pre>}
        </li>
      ))}
    </ol>
  );
}
