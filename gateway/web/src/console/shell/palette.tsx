import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { go } from "../address/route";
import { Icon } from "../components/icon";
import { useKeptViews } from "../data/kept_views";
import { type Jump, jumpsFor } from "./palette_items";

/** One field that leads everywhere: pages by name, entities by id, records by position. */
export function Palette({ onClose, onViews }: { onClose: () => void; onViews: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const views = useKeptViews();
  const jumps = jumpsFor(text, views);
  const active = Math.min(at, jumps.length - 1);
  const leave = (jump: Jump) => {
    onClose();
    go(jump.to);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && jumps.length > 0) {
      event.preventDefault();
      setAt((active + step + jumps.length) % jumps.length);
    }
    const chosen = jumps[active];
    if (event.key === "Enter" && chosen) {
      event.preventDefault();
      leave(chosen);
    }
  };
  return (
    <dialog ref={dialog} className="c-palette" aria-label="Jump to" onCancel={(event) => { event.preventDefault(); onClose(); }}
      onMouseDown={(event) => { if (event.target === dialog.current) onClose(); }}>
      <div className="c-palette-field">
        <Icon name="search" size={18} />
        <input role="combobox" aria-expanded="true" aria-controls={list} aria-activedescendant={jumps.length > 0 ? `${list}-${active}` : undefined} aria-label="Jump to" autoFocus
          value={text} placeholder="A page, session/…, 2:1234, an e-mail…" spellCheck={false} autoComplete="off" onKeyDown={onKey} onChange={(event) => { setText(event.target.value); setAt(0); }} />
      </div>
      <ul id={list} role="listbox" aria-label="Places">
        {jumps.map((jump, index) => (
          <li key={`${jump.to} ${jump.title}`} id={`${list}-${index}`} role="option" aria-selected={index === active} onMouseMove={() => setAt(index)} onClick={() => leave(jump)}>
            <span>{jump.title}</span>
            <span className="c-quiet c-small">{jump.note}</span>
          </li>
        ))}
        {jumps.length === 0 && <li className="c-quiet">Nothing is called like that.</li>}
      </ul>
      <button type="button" className="c-palette-views" onClick={onViews}><Icon name="star" size={14} />Keep or share the page you are on</button>
    </dialog>
  );
}
