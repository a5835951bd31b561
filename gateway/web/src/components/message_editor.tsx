import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useSession } from "../app/session";
import type { ViewMessage } from "../chat/conversation";

export function MessageEditor({ message, conversationId, onDone }: { message: ViewMessage; conversationId: string; onDone: () => void }) {
  const { chat } = useSession();
  const [text, setText] = useState(message.content);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const box = area.current;
    box?.focus();
    box?.setSelectionRange(box.value.length, box.value.length);
  }, []);
  const save = () => {
    if (text.trim() === "") return;
    if (text === message.content || chat.command("message.edit", conversationId, message.id, text)) onDone();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onDone();
    } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      save();
    }
  };
  return (
    <form className="editor" onSubmit={(event) => { event.preventDefault(); save(); }}>
      <textarea ref={area} value={text} aria-label="Edit your message" rows={Math.min(8, text.split("\n").length + 1)} onChange={(event) => setText(event.target.value)} onKeyDown={onKey} />
      <div className="editor-actions">
        <button type="button" className="button button-small" onClick={onDone}>Cancel</button>
        <button type="submit" className="button button-main button-small" disabled={text.trim() === ""}>Save and ask again</button>
      </div>
    </form>
  );
}
