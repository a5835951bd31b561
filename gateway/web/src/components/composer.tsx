import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useSession } from "../app/session";
import type { ViewMessage } from "../chat/conversation";
import { Icon } from "./icons";

interface Props {
  conversationId: string;
  name: string;
  running: boolean;
  lastOwn: ViewMessage | undefined;
}

const largestBytes = 32 * 1024;
const draftKey = (id: string) => `reverie.draft.${id}`;

/** Where the user writes. Enter sends, Shift+Enter makes a line, Esc stops a reply; drafts survive a reload. */
export function Composer({ conversationId, name, running }: Props) {
  const { chat } = useSession();
  const [text, setText] = useState(() => window.sessionStorage.getItem(draftKey(conversationId)) ?? "");
  const area = useRef<HTMLTextAreaElement>(null);
  const tooLong = text.length > largestBytes / 4 && new TextEncoder().encode(text).length > largestBytes;

  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
  }, [text]);

  useEffect(() => {
    if (window.matchMedia("(hover: hover)").matches) area.current?.focus();
  }, []);

  useEffect(() => {
    const stopOnEscape = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || !running || document.querySelector("dialog[open]")) return;
      chat.command("reply.stop", conversationId);
    };
    window.addEventListener("keydown", stopOnEscape);
    return () => window.removeEventListener("keydown", stopOnEscape);
  }, [chat, conversationId, running]);

  const write = (value: string) => {
    setText(value);
    window.sessionStorage.setItem(draftKey(conversationId), value);
    if (value !== "") chat.typing(conversationId);
  };
  const send = () => {
    if (text.trim() === "" || tooLong) return;
    chat.send(conversationId, text);
    write("");
    area.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    // While an input method composes (Korean, Japanese, Chinese), Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form className="composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <div className="composer-box">
        <textarea ref={area} rows={1} value={text} aria-label={`Message to ${name}`} placeholder={`Write to ${name}…`} enterKeyHint="send"
          aria-invalid={tooLong || undefined} onChange={(event) => write(event.target.value)} onKeyDown={onKey} />
        {running && (
          <button type="button" className="round round-stop" aria-label="Stop the reply" title="Stop (Esc)" onClick={() => chat.command("reply.stop", conversationId)}><Icon name="stop" size={18} /></button>
        )}
        {(!running || text.trim() !== "") && (
          <button type="submit" className="round" aria-label="Send" title="Send (Enter)" disabled={text.trim() === "" || tooLong}><Icon name="send" size={18} /></button>
        )}
      </div>
      {tooLong ? <p className="problem" role="alert">That is longer than a message can be (32 KiB).</p>
        : <p className="hint"><kbd>Enter</kbd> sends · <kbd>Shift</kbd> <kbd>Enter</kbd> new line · <kbd>Esc</kbd> stops</p>}
    </form>
  );
}
