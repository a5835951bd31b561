import type { RecallComparison } from "../../api/types";
import { Position } from "../../components/ids";
import { Facts } from "../../components/panel";
import { Time } from "../../components/times";
import { count, milliseconds, plural } from "../../format/numbers";

const share = (value: number | null) => (value === null ? "–" : `${(value * 100).toFixed(1)} %`);

/** How the new vectors find what the serving ones find, before anybody is switched to them. */
export function ComparisonView({ of }: { of: RecallComparison }) {
  return (
    <section className="c-comparison" aria-label="Recall comparison">
      <h3>Recall, old against new</h3>
      <div className="c-recall-bars">
        <p><span>The same among the first {of.k}</span><b>{share(of.overlap)}</b><progress max={1} value={of.overlap} aria-label="Overlap" /></p>
        {typeof of.semantic_recall === "number" && <p><span>The same by vectors alone</span><b>{share(of.semantic_recall)}</b><progress max={1} value={of.semantic_recall} aria-label="The same by vectors alone" /></p>}
        {of.evidence_serving !== null && <p><span>Finds what it rests on, serving</span><b>{share(of.evidence_serving)}</b><progress max={1} value={of.evidence_serving} aria-label="Evidence found by the serving version" /></p>}
        {of.evidence_new !== null && <p><span>Finds what it rests on, new</span><b>{share(of.evidence_new)}</b><progress max={1} value={of.evidence_new} aria-label="Evidence found by the new version" /></p>}
      </div>
      <Facts items={[["Asked", plural(of.queries, "query", "queries")], ["With known evidence", count(of.evidence_queries)], ...(typeof of.serving_ms === "number" && typeof of.new_ms === "number" ? [["A search takes", `${milliseconds(of.serving_ms)}, new ${milliseconds(of.new_ms)}`] as [string, string]] : []), ["Compared", <Time key="t" at={of.at} />]]} />
      {of.worst.length > 0 && (
        <div className="c-scroll-x">
          <table className="c-plain-table">
            <caption className="hidden">Queries that differ most</caption>
            <thead><tr><th>Differs most for the message at</th><th>The same</th></tr></thead>
            <tbody>{of.worst.map((each) => <tr key={each.query_position}><td><Position position={each.query_position} /></td><td>{share(each.overlap)}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
