import { useSession } from "../app/session";
import type { OutboxEntry } from "../chat/outbox";
import { Markdown } from "./markdown";

/** A message on its way, or one that the server refused. */
export function PendingBubble({ entry }: { entry: OutboxEntry }) {
  const { chat } = useSession();
  return (
    <div className={`message message-own message-pending ${entry.refused ? "message-refused" : ""}`}>
      <div className="message-body">
        <div className="bubble"><Markdown text={entry.content} /></div>
        {entry.refused ? (
          <p className="message-note problem-text" role="alert">
            {entry.refused}{" "}
            <button type="button" className="link" onClick={() => chat.resend(entry)}>Send again</button>{" · "}
            <button type="button" className="link" onClick={() => chat.discard(entry)}>Discard</button>
          </p>
        ) : <p className="message-note">Sending…</p>}
      </div>
    </div>
  );
}
