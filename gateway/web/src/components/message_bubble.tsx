import { memo, useState } from "react";
import type { Character } from "../api/types";
import { clockTime, fullDate } from "../app/dates";
import { useSession } from "../app/session";
import type { ViewMessage } from "../chat/conversation";
import { Avatar } from "./avatar";
import { BranchSwitcher } from "./branch_switcher";
import { Icon } from "./icons";
import { Markdown } from "./markdown";
import { MessageActions } from "./message_actions";
import { MessageEditor } from "./message_editor";

interface Props {
  message: ViewMessage;
  character: Character;
  conversationId: string;
  readOnly: boolean;
  /** The first of several from the same side. */
  first: boolean;
  /** The last of the conversation. */
  last: boolean;
}

export const MessageBubble = memo(function MessageBubble({ message, character, conversationId, readOnly, first, last }: Props) {
  const [editing, setEditing] = useState(false);
  const own = message.role === "user";
  const who = own ? "You" : character.name;
  return (
    <article id={`message-${message.id}`} tabIndex={-1} aria-label={`${who}, ${clockTime(message.createdAt)}`} data-state={message.state}
      className={`message ${own ? "message-own" : "message-theirs"} ${first ? "message-first" : ""} ${last ? "message-last" : ""}`}>
      {!own && <span className="message-face">{first && <Avatar name={character.name} url={character.avatar_url} size="small" />}</span>}
      <div className="message-body">
        {editing ? <MessageEditor message={message} conversationId={conversationId} onDone={() => setEditing(false)} /> : (
          <>
            <Content message={message} name={character.name} conversationId={conversationId} readOnly={readOnly} />
            <div className="message-foot">
              <time dateTime={message.createdAt} title={fullDate(message.createdAt)}>{clockTime(message.createdAt)}</time>
              {message.state === "stopped" && <span>· stopped</span>}
              {message.finishReason === "length" && <span>· cut at the length limit</span>}
              {message.state !== "streaming" && !readOnly && <BranchSwitcher message={message} conversationId={conversationId} />}
              {message.state !== "streaming" && <MessageActions message={message} conversationId={conversationId} readOnly={readOnly} onEdit={() => setEditing(true)} />}
            </div>
          </>
        )}
      </div>
    </article>
  );
});

function Content({ message, name, conversationId, readOnly }: { message: ViewMessage; name: string; conversationId: string; readOnly: boolean }) {
  const { chat } = useSession();
  if (message.state === "failed") {
    const retryable = message.failure?.retryable !== false && !readOnly;
    return (
      <div className="bubble bubble-failed" role="alert">
        <p>{message.failure?.text || `${name} could not answer.`}</p>
        {retryable && (
          <button type="button" className="button button-small" onClick={() => chat.command("message.regenerate", conversationId, message.id)}>
            <Icon name="again" size={16} />Try again
          </button>
        )}
      </div>
    );
  }
  const waiting = message.state === "streaming" && message.content === "";
  if (waiting) {
    return (
      <div className="bubble bubble-waiting">
        <span className="dots" aria-hidden="true"><i /><i /><i /></span>
        <span className="hidden">{name} is writing</span>
        {message.attempt > 1 && <span className="quiet">starting again…</span>}
      </div>
    );
  }
  return (
    <div className={`bubble ${message.state === "streaming" ? "bubble-streaming" : ""}`}>
      {message.content ? <Markdown text={message.content} /> : <p className="quiet">(nothing said)</p>}
    </div>
  );
}
