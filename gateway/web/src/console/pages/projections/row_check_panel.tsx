import { useEffect, useState } from "react";
import { ApiError, describeError } from "../../../api/errors";
import { admin } from "../../api/console_context";
import { Badge } from "../../components/badge";
import { notify } from "../../components/notices";
import { Panel } from "../../components/panel";
import { useRead } from "../../data/use_read";
import { tableAgainstLog } from "./difference_words";
import { Differences } from "./differences";
import { rowCheckWords } from "./projection_words";

const askAgainMs = 1500;

/** The rows that serve against a fold of the log. */
export function RowCheckPanel({ projection }: { projection: string }) {
  const [busy, setBusy] = useState(false);
  const check = useRead(() => admin.rowCheck(projection), [projection]);
  const state = check.data?.state;
  const { again } = check;
  useEffect(() => {
    if (state !== "running") return;
    const timer = window.setTimeout(again, askAgainMs);
    return () => window.clearTimeout(timer);
  }, [state, check.data, again]);
  const start = async () => {
    setBusy(true);
    try {
      await admin.verifyRows(projection);
      notify("The rows are checked against the log.");
      again();
    } catch (error) {
      notify(describeError(error), true);
    }
    setBusy(false);
  };
  const never = check.error instanceof ApiError && check.error.status === 404;
  const said = check.data && state !== "idle" && state !== "never" ? rowCheckWords(check.data) : undefined;
  return (
    <Panel title="Rows against the log" aside={<button type="button" className="c-button c-button-small" disabled={busy || state === "running"} onClick={() => void start()}>{state === "running" ? "Checking…" : "Check now"}</button>}>
      <div className="c-pad">
        {check.error !== undefined && !never && <p className="c-problem">{describeError(check.error)}</p>}
        {said
          ? <p><Badge tone={said.tone}>{state}</Badge> {said.words}</p>
          : check.error === undefined || never ? <p className="c-quiet">Folds the log anew beside the tables and compares every row. It changes nothing.</p> : null}
        {check.data && check.data.sample.length > 0 && <Differences sample={check.data.sample} sides={tableAgainstLog} />}
      </div>
    </Panel>
  );
}
