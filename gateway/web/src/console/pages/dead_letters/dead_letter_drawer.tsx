import { useState } from "react";
import { describeError } from "../../../api/errors";
import { addressOf } from "../../address/route";
import { admin } from "../../api/console_context";
import type { DeadLetter, Drained } from "../../api/types";
import { ActionDialog } from "../../components/action_dialog";
import { Badge } from "../../components/badge";
import { Drawer } from "../../components/drawer";
import { EntityId, Position } from "../../components/ids";
import { Link } from "../../components/link";
import { notify } from "../../components/notices";
import { Facts } from "../../components/panel";
import { Moment } from "../../components/times";
import { count, plural } from "../../format/numbers";
import { LetterEvent } from "./letter_event";
import { RuleDialog } from "./rule_dialog";

interface Props {
  letter: DeadLetter;
  onClose: () => void;
  onChanged: () => void;
}

function trialWords({ folded, still_parked, problem }: Drained): string {
  return `A retry would fold ${plural(folded, "event")}; ${still_parked === 0 ? "none would stay parked" : `${plural(still_parked, "would stay", "would stay")} parked`}.${problem ? ` ${problem}` : ""}`;
}

function retryWords({ folded, still_parked, problem }: Drained): string {
  return `Folded ${plural(folded, "event")}, ${still_parked === 0 ? "none stays parked" : `${plural(still_parked, "stays", "stay")} parked`}.${problem ? ` ${problem}` : ""}`;
}

/** Why an event is parked, and what can be done: try without effect, try, or give it up with a reason. */
export function DeadLetterDrawer({ letter, onClose, onChanged }: Props) {
  const [discarding, setDiscarding] = useState(false);
  const [editing, setEditing] = useState(false);
  const [busy, setBusy] = useState("");
  const [outcome, setOutcome] = useState<{ text: string; bad: boolean }>();
  const retry = async (dry: boolean) => {
    setBusy(dry ? "dry" : "retry");
    setOutcome(undefined);
    try {
      const done = await admin.retryDeadLetter(letter.id, dry);
      const text = dry ? trialWords(done) : retryWords(done);
      setOutcome({ text, bad: dry ? Boolean(done.problem) || done.still_parked > 0 : done.still_parked > 0 });
      if (!dry) {
        notify(text, done.still_parked > 0);
        onChanged();
      }
    } catch (error) {
      setOutcome({ text: describeError(error), bad: true });
    }
    setBusy("");
  };
  const isOver = letter.state !== "parked";
  const isHeldBack = letter.serving === false;
  return (
    <Drawer title="Dead letter" onClose={onClose} foot={isHeldBack ? undefined : (
      <>
        <button type="button" className="c-button" disabled={busy !== "" || isOver} onClick={() => void retry(true)}>{busy === "dry" ? "Trying…" : "Dry run"}</button>
        <button type="button" className="c-button c-button-main" disabled={busy !== "" || isOver} onClick={() => void retry(false)}>{busy === "retry" ? "Retrying…" : "Retry in order"}</button>
        <button type="button" className="c-button" disabled={busy !== "" || isOver} onClick={() => setEditing(true)}>Edit and retry…</button>
        <span className="spacer" />
        <button type="button" className="c-button c-button-danger-quiet" disabled={isOver} onClick={() => setDiscarding(true)}>Discard…</button>
      </>
    )}>
      {isHeldBack && <p className="c-sealed-note">It is of a version that does not serve. Nothing is done to it here: mend its cause and rebuild again, or switch to that version; then it can be retried, read by a rule or given up.</p>}
      {isOver && <p className="c-quiet">{letter.state === "retried" ? "It was folded by a later try: there is nothing left to do." : "It was given up: there is nothing left to do."}</p>}
      <p className="c-problem"><span className="c-mono">{letter.code}</span><br />{letter.message}</p>
      {outcome && <p className={outcome.bad ? "c-problem" : "c-good-note"} role="status">{outcome.text}</p>}
      <Facts items={[
        ["Projection", <Link key="p" className="c-link" to={addressOf(`projections/${letter.projection}`)}>{letter.projection} v{letter.version}</Link>],
        ["State", <Badge key="s" tone={letter.state === "parked" ? "warn" : "plain"}>{letter.state}</Badge>],
        ["Entity", <EntityId key="e" entity={letter.entity} sequence={letter.sequence} />],
        ["Record", <Position key="r" position={letter.position} />],
        ["Parked", <Moment key="t" at={letter.created_at} />],
        ["Tries", count(letter.attempts)],
        ["Waiting behind it", plural(letter.behind, "event")],
      ]} />
      <LetterEvent letter={letter} />
      {!isHeldBack && <p className="c-quiet c-small">A retry folds this event and all that wait behind it, in order, and stops at the first that fails again. A discarded event is left out by this projection, and by every later rebuild of it.</p>}
      {editing && <RuleDialog letter={letter} onClose={() => setEditing(false)} onDone={onChanged} />}
      {discarding && <ActionDialog path={`/dead-letters/${letter.id}/discard`} verb="Discard" title="Discard this dead letter?" done="Discarded. What was behind it can be retried now."
        onClose={() => setDiscarding(false)} onDone={onChanged} />}
    </Drawer>
  );
}
