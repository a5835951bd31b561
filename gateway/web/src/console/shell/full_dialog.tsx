import { type FormEvent, useState } from "react";
import { privacy } from "../api/console_context";
import { fullLastsMs, reasonLengthMax } from "../api/privacy";
import { Dialog } from "../components/dialog";

/** Asks why personal content has to be seen. */
export function FullDialog({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === "") return;
    privacy.showInFull(reason);
    onClose();
  };
  return (
    <Dialog title="Show personal content in full?" onClose={onClose}>
      <form className="c-action" onSubmit={submit}>
        <p>You will read what people wrote to their characters. Each page you open is written into the audit log with your name and this reason. After {fullLastsMs / 60_000} minutes it is masked again.</p>
        <label className="c-field"><span>Why do you need to see it?</span>
          <textarea name="reason" rows={3} required maxLength={reasonLengthMax} value={reason} autoFocus placeholder="For example the ticket, and what you look for" onChange={(event) => setReason(event.target.value)} /></label>
        <div className="c-dialog-actions">
          <button type="button" className="c-button" onClick={onClose}>Keep it masked</button>
          <button type="submit" className="c-button c-button-danger" disabled={reason.trim() === ""}>Show in full</button>
        </div>
      </form>
    </Dialog>
  );
}
