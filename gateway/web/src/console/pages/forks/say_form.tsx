import { type FormEvent, type KeyboardEvent, useState } from "react";
import { describeError } from "../../../api/errors";
import { admin } from "../../api/console_context";

const longest = 32 * 1024;

/** Says something in the fork, in the person's place. */
export function SayForm({ fork, waiting, onSaid }: { fork: string; waiting: boolean; onSaid: () => void }) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() === "" || busy) return;
    setBusy(true);
    setProblem("");
    try {
      await admin.sayInFork(fork, text);
      setText("");
      onSaid();
    } catch (error) {
      setProblem(describeError(error));
    }
    setBusy(false);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) void send(event as unknown as FormEvent);
  };
  return (
    <form className="c-say" onSubmit={(event) => void send(event)}>
      <textarea aria-label="Say something in the fork" rows={2} maxLength={longest} value={text} placeholder="Say something in the person's place…" onChange={(event) => setText(event.target.value)} onKeyDown={onKey} />
      <button type="submit" className="c-button c-button-main" disabled={text.trim() === "" || busy}>{busy ? "Sending…" : waiting ? "Send, to be answered next" : "Send"}</button>
      {problem && <p role="alert" className="c-problem">{problem}</p>}
    </form>
  );
}
