import { useEffect, useRef, useState } from "react";
import type { Character, Conversation, MemorySource } from "../api/types";
import { AboutPanel } from "./about_panel";
import { BondPanel } from "./bond_panel";
import { Icon } from "./icons";
import { MemoryPanel } from "./memory_panel";
import { Tabs } from "./tabs";

interface Props {
  character: Character;
  conversation: Conversation;
  onClose: () => void;
  onSource: (source: MemorySource) => void;
}

type Tab = "memory" | "bond" | "about";

/** What the character remembers, how the bond stands, who they are; a drawer on small screens. */
export function SidePanel({ character, conversation, onClose, onSource }: Props) {
  const [tab, setTab] = useState<Tab>("memory");
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (window.matchMedia("(max-width: 1179px)").matches) panel.current?.focus();
  }, []);
  return (
    <>
      <div className="panel-shade" onClick={onClose} aria-hidden="true" />
      <aside ref={panel} tabIndex={-1} className="panel" aria-label={`About ${character.name}`} onKeyDown={(event) => { if (event.key === "Escape" && event.target === panel.current) onClose(); }}>
        <header className="panel-head">
          <Tabs<Tab> label="About this character" value={tab} onChange={setTab} tabs={[["memory", "Memory"], ["bond", "Bond"], ["about", "About"]]} />
          <button type="button" className="icon-button panel-close" aria-label="Close panel" onClick={onClose}><Icon name="close" /></button>
        </header>
        <div className="panel-body" role="tabpanel" aria-label={tab}>
          {tab === "memory" && <MemoryPanel character={character} conversationId={conversation.id} onSource={onSource} />}
          {tab === "bond" && <BondPanel character={character} conversationId={conversation.id} onSource={onSource} />}
          {tab === "about" && <AboutPanel character={character} />}
        </div>
      </aside>
    </>
  );
}
