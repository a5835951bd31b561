import { type FormEvent, useId, useState } from "react";
import { describeError } from "../../../api/errors";
import { addressOf, go } from "../../address/route";
import { admin } from "../../api/console_context";
import { reasonLengthMax } from "../../api/privacy";
import { Dialog } from "../../components/dialog";
import { notify } from "../../components/notices";
import { useRead } from "../../data/use_read";
import { count } from "../../format/numbers";

interface Props {
  conversation: string;
  /** The last event that the copy holds. */
  at: number;
  last: number;
  onClose: () => void;
}

/** Copies a conversation as it was after one of its events, and leads to the copy. */
export function ForkDialog({ conversation, at, last, onClose }: Props) {
  const list = useId();
  const models = useRead(() => admin.models(), []);
  const [sequence, setSequence] = useState(at);
  const [model, setModel] = useState("");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const own = models.data?.items.find((each) => each.own);
  const ready = reason.trim() !== "" && sequence >= 1 && sequence <= last && !busy;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    setProblem("");
    try {
      const made = await admin.fork(conversation, { sequence, model: model.trim() || null, reason: reason.trim() });
      notify("The fork was made. Nothing of it reaches the person.");
      onClose();
      go(addressOf(`forks/${made.id}`));
    } catch (error) {
      setProblem(describeError(error));
      setBusy(false);
    }
  }

  return (
    <Dialog title="Fork this conversation" onClose={onClose}>
      <form className="c-action" onSubmit={(event) => void submit(event)}>
        <p>A copy of the conversation and of the bond as they were after one event, to be continued apart. The original, its memories and its bond stay as they are; the person never sees the copy. What they deleted or had forgotten since is left out.</p>
        <label className="c-field"><span>As it was after event (1 to {count(last)})</span>
          <input name="sequence" type="number" min={1} max={last} required value={sequence} onChange={(event) => setSequence(Number(event.target.value))} /></label>
        <label className="c-field"><span>What answers in it</span>
          {models.data?.any_name ? (
            <>
              <input name="model" list={list} value={model} placeholder={`${own?.name ?? "the server's own"}, or another the endpoint knows`} autoComplete="off" spellCheck={false} className="c-mono" onChange={(event) => setModel(event.target.value)} />
              <datalist id={list}>{models.data.items.map((each) => <option key={each.name} value={each.own ? "" : each.name}>{each.name}</option>)}</datalist>
            </>
          ) : (
            <select name="model" value={model} onChange={(event) => setModel(event.target.value)}>
              <option value="">{own ? `${own.name} (as for people)` : "the server's own"}</option>
              {models.data?.items.filter((each) => !each.own).map((each) => <option key={each.name} value={each.name}>{each.name}</option>)}
            </select>
          )}</label>
        <label className="c-field"><span>Reason, for the audit log</span>
          <textarea name="reason" rows={2} required maxLength={reasonLengthMax} value={reason} placeholder="For example the ticket, and what you want to compare" onChange={(event) => setReason(event.target.value)} /></label>
        {problem && <p role="alert" className="c-problem">{problem}</p>}
        <div className="c-dialog-actions">
          <button type="button" className="c-button" onClick={onClose}>Cancel</button>
          <button type="submit" className="c-button c-button-main" disabled={!ready}>{busy ? "One moment…" : "Fork"}</button>
        </div>
      </form>
    </Dialog>
  );
}
