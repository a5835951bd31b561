import { useEffect, useRef, useState } from "react";
import type { ViewMessage } from "../chat/conversation";

/** Reads finished replies out to screen readers: whole, once, and only those that came while the page was open. */
export function ReplyAnnouncer({ name, messages }: { name: string; messages: ViewMessage[] }) {
  const last = messages.at(-1);
  const watched = useRef("");
  const [text, setText] = useState("");
  useEffect(() => {
    if (last?.role !== "character") return;
    if (last.state === "streaming") {
      if (watched.current !== last.id) setText(`${name} is writing.`);
      watched.current = last.id;
    } else if (watched.current === last.id) {
      watched.current = "";
      setText(last.state === "failed" ? `The reply failed. ${last.failure?.text ?? ""}` : `${name} says: ${last.content}`);
    }
  }, [last, name]);
  return <div className="hidden" aria-live="polite" aria-atomic="true">{text}</div>;
}
