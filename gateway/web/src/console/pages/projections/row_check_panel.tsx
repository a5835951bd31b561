import { useEffect, useState } from "react";
import { ApiError, describeError } from "../../../api/errors";
import { admin } from "../../api/console_context";
import { Badge } from "../../components/badge";
import { notify } from "../../components/notices";
import { Panel } from "../../components/panel";
import { useRead } from "../../data/use_read";
import { count, plural } from "../../format/numbers";
import { Differences } from "./differences";

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
  const known = check.data && state !== "idle" && state !== "never";
  return (
    <Panel title="Rows against the log" aside={<button type="button" className="c-button c-button-small" disabled={busy || state === "running"} onClick={() => void start()}>{state === "running" ? "Checking…" : "Check now"}</button>}>
      <div className="c-pad">
        {check.error !== undefined && !never && <p className="c-problem">{describeError(check.error)}</p>}
        {known && check.data
          ? <p><Badge tone={state === "running" ? "accent" : check.data.differences > 0 ? "bad" : "good"}>{state}</Badge> {plural(check.data.rows, "row")} looked at, {check.data.differences === 0 ? "all as the log says" : `${count(check.data.differences)} not as the log says`}.</p>
          : check.error === undefined || never ? <p className="c-quiet">Folds the log anew beside the tables and compares every row. It changes nothing.</p> : null}
        {check.data && check.data.sample.length > 0 && <Differences sample={check.data.sample} />}
      </div>
    </Panel>
  );
}
