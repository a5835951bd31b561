import { type FormEvent, type ReactNode, useState } from "react";
import type { Query } from "../../api/caller";
import { admin } from "../api/console_context";
import { useRead } from "../data/use_read";
import { ConfirmFields, ImpactNote } from "./confirm_fields";
import { Dialog } from "./dialog";
import { useJob } from "./job";
import { notify } from "./notices";
import { Loaded } from "./states";

interface Props {
  /** The path of the action; what it would touch is at `<path>/impact`. */
  path: string;
  query?: Query;
  /** What the button says, a verb: "Discard". */
  verb: string;
  title: string;
  done: string;
  /** Said instead when the server answers 202: it has begun and goes on by itself. */
  goesOn?: string;
  /** Beside `confirm` and `reason`. */
  body?: object;
  children?: ReactNode;
  onClose: () => void;
  onDone: () => void;
}

/** Shows what an action will touch, and does it when the named words were typed and a reason was given. */
export function ActionDialog(props: Props) {
  const { path, query = {}, verb, title, done, goesOn = done, body = {}, children, onClose, onDone } = props;
  const impact = useRead(() => admin.impact(path, query), [path, JSON.stringify(query)]);
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const { busy, problem, run } = useJob();
  const wanted = impact.data?.confirm ?? "";
  const ready = impact.data !== undefined && typed.trim() === wanted && reason.trim() !== "" && !busy;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready) return;
    await run(async () => {
      const answer = await admin.confirmed(path, { confirm: typed.trim(), reason: reason.trim() }, body);
      notify(answer.status === 202 ? goesOn : done);
      onDone();
      onClose();
    });
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="c-action" onSubmit={(event) => void submit(event)}>
        {children}
        <Loaded state={impact} rows={3}>
          {(what) => (
            <>
              <ImpactNote of={what} />
              <ConfirmFields wanted={wanted} typed={typed} reason={reason} onTyped={setTyped} onReason={setReason} />
            </>
          )}
        </Loaded>
        {problem && <p role="alert" className="c-problem">{problem}</p>}
        <div className="c-dialog-actions">
          <button type="button" className="c-button" onClick={onClose}>Cancel</button>
          <button type="submit" className={`c-button ${impact.data?.reversible === false ? "c-button-danger" : "c-button-main"}`} disabled={!ready}>{busy ? "One moment…" : verb}</button>
        </div>
      </form>
    </Dialog>
  );
}
