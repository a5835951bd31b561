import { useEffect, useState } from "react";
import { admin } from "../../api/console_context";
import type { Outlook as Found, Preflight } from "../../api/types";
import { EntityId, Position } from "../../components/ids";
import { Facts } from "../../components/panel";
import { Failed, Skeleton } from "../../components/states";
import { useRead } from "../../data/use_read";
import { bytes, count, duration } from "../../format/numbers";
import { poisonWords } from "./projection_words";

const askAgainMs = 700;
/** What was found longer ago than this is looked for again. */
const freshForSeconds = 600;
const poisonShown = 5;

function Outlook({ of }: { of: Found }) {
  const wrong = poisonWords(of);
  const shown = of.poison.slice(0, poisonShown);
  const total = of.poison_total ?? of.poison.length;
  return (
    <>
      <Facts items={[
        ["Records", count(of.records)], ["Events", count(of.events)], ["Rows, about", count(of.rows_estimate)],
        ["Size, about", bytes(of.bytes_estimate)], ["Time, about", duration(of.seconds_estimate)], ["Embeddings to make", count(of.embeddings_missing)],
      ]} />
      {wrong.length === 0 ? <p className="c-good-note">Every record can be read, and every event that was tried can be folded.</p> : (
        <div className="c-problem">
          {wrong.map((each) => <p key={each}>{each}</p>)}
          {of.poison.length > 0 && <ul className="c-poison">{shown.map((each) => <li key={each.position}><EntityId entity={each.entity} /> at <Position position={each.position} /> {each.message}</li>)}</ul>}
          {total > shown.length && <p>… and {count(total - shown.length)} more.</p>}
        </div>
      )}
    </>
  );
}

function Looking({ look, onStop }: { look: Preflight; onStop: () => void }) {
  const done = look.done ?? 0, total = look.total ?? 0;
  return (
    <div className="c-progress" role="status">
      <progress max={Math.max(1, total)} value={done} aria-label="Pre-flight" />
      <p className="c-quiet">
        {total > 0 ? <>Reading the log: {count(done)} of {count(total)} records</> : "Reading the log"}
        {look.seconds_left != null && <>, {duration(look.seconds_left)} left</>}. You need not wait for it. <button type="button" className="c-link" onClick={onStop}>Stop</button>
      </p>
    </div>
  );
}

/** What a rebuild would find: looked for when nobody has lately. It goes on when the dialog is closed. */
export function PreflightSection({ projection }: { projection: string }) {
  const look = useRead(() => admin.preflight(projection), [projection]);
  const [failure, setFailure] = useState<unknown>();
  const { data, again } = look;
  const act = (work: Promise<Preflight>) => work.then(() => { setFailure(undefined); again(); }, setFailure);
  const begin = () => void act(admin.beginPreflight(projection));
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (data === undefined || asked) return;
    setAsked(true);
    if (data.state !== "running" && !(data.state === "done" && (data.age_s ?? 0) < freshForSeconds)) begin();
  });
  useEffect(() => {
    if (data?.state !== "running") return;
    const timer = window.setTimeout(again, askAgainMs);
    return () => window.clearTimeout(timer);
  }, [data, again]);
  const idle = data !== undefined && data.state !== "running";
  return (
    <section aria-label="Pre-flight" className="c-preflight">
      <h3>Pre-flight {idle && <button type="button" className="c-button c-button-small" onClick={begin}>Look again</button>}</h3>
      {(failure ?? look.error) !== undefined && <Failed error={failure ?? look.error} again={begin} inline byHand />}
      {data === undefined && look.error === undefined && <Skeleton rows={3} />}
      {data?.state === "running" && <Looking look={data} onStop={() => void act(admin.cancelPreflight(projection))} />}
      {data?.state === "cancelled" && <p className="c-quiet">It was stopped before it had seen everything.</p>}
      {data?.state === "failed" && <p className="c-problem">{data.problem}</p>}
      {data?.state === "done" && data.found && <Outlook of={data.found} />}
    </section>
  );
}
