import type { RowDifference } from "../../api/types";
import { Badge } from "../../components/badge";
import { Position } from "../../components/ids";
import { inline } from "../../format/json_lines";
import { causesOf, type Sides, whatWords } from "./difference_words";

const hasRow = (row: unknown) => row !== undefined && row !== null;

/** Rows that are not alike: which side lacks one, and the places in the log that caused either side. */
export function Differences({ sample, sides }: { sample: RowDifference[]; sides: Sides }) {
  return (
    <ol className="c-differences" aria-label="Differences">
      {sample.map((each, index) => (
        <li key={`${each.table} ${inline(each.key)} ${index}`}>
          <p>{each.what && <><Badge tone="warn">{whatWords(each.what, sides)}</Badge> </>}<b>{each.table}</b> <span className="c-mono">{typeof each.key === "string" ? each.key : inline(each.key)}</span>
            {causesOf(each.lineage, sides).map(({ side, position }) => <span key={side}> <span className="c-quiet c-small">{side}</span> <Position position={position} /></span>)}</p>
          {each.columns && each.columns.length > 0 && <p className="c-quiet">in <span className="c-mono">{each.columns.join(", ")}</span></p>}
          {hasRow(each.before) && <pre className="c-diff-before"><span className="hidden">{sides.before}: </span>{JSON.stringify(each.before, null, 1)}</pre>}
          {hasRow(each.after) && <pre className="c-diff-after"><span className="hidden">{sides.after}: </span>{JSON.stringify(each.after, null, 1)}</pre>}
        </li>
      ))}
    </ol>
  );
}
