import { type FormEvent, type ReactNode, useState } from "react";
import { reasonLengthMax } from "../api/privacy";
import { Dialog } from "./dialog";
import { useJob } from "./job";
import { notify } from "./notices";

interface Props {
  title: string;
  /** What the button says, a verb: "Pause". */
  verb: string;
  /** What the button beside it says. */
  keep?: string;
  done: string;
  danger?: boolean;
  children?: ReactNode;
  onSubmit: (reason: string) => Promise<unknown>;
  onClose: () => void;
  onDone: () => void;
}

/** Asks why, then does what needs no typed words. */
export function ReasonDialog({ title, verb, keep = "Cancel", done, danger = false, children, onSubmit, onClose, onDone }: Props) {
  const [reason, setReason] = useState("");
  const { busy, problem, run } = useJob();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === "") return;
    await run(async () => {
      await onSubmit(reason.trim());
      notify(done);
      onDone();
      onClose();
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="c-action" onSubmit={(event) => void submit(event)}>
        {children}
        <label className="c-field"><span>Reason, for the audit log</span>
          <textarea name="reason" rows={2} required maxLength={reasonLengthMax} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
        {problem && <p role="alert" className="c-problem">{problem}</p>}
        <div className="c-dialog-actions">
          <button type="button" className="c-button" onClick={onClose}>{keep}</button>
          <button type="submit" className={`c-button ${danger ? "c-button-danger" : "c-button-main"}`} disabled={busy || reason.trim() === ""}>{busy ? "One moment…" : verb}</button>
        </div>
      </form>
    </Dialog>
  );
}
