import { Markdown } from "../../../components/markdown";
import type { TimelineMessage } from "../../api/types";
import { Badge } from "../../components/badge";
import { Time } from "../../components/times";
import { plural } from "../../format/numbers";

interface Props {
  message: TimelineMessage;
  /** Tries the reply again; absent where nothing may be done. */
  onAgain?: (message: TimelineMessage) => void;
}

/** One message of a timeline. */
export function TimelineBubble({ message, onAgain }: Props) {
  const own = message.role === "character";
  return (
    <article className="c-bubble" data-role={message.role} aria-label={own ? "The character" : "The user"}>
      <div className="c-bubble-text">
        {message.state === "generating" ? <span className="c-quiet">answering…</span> : message.content === null ? <span className="c-quiet">{message.state === "failed" ? "no reply" : "not shown"}</span> : own ? <Markdown text={message.content} /> : message.content}
      </div>
      <p className="c-bubble-foot">
        <Time at={message.at} />
        {message.model && <span className="c-mono c-cut">{message.model}</span>}
        {message.recalled > 0 && <span>{plural(message.recalled, "memory", "memories")}</span>}
        {message.state !== "complete" && message.state !== "generating" && <Badge tone={message.state === "failed" ? "bad" : "warn"}>{message.state}</Badge>}
        {onAgain && own && message.state !== "generating" && <button type="button" className="c-link c-why" onClick={() => onAgain(message)}>Another reply</button>}
      </p>
    </article>
  );
}
