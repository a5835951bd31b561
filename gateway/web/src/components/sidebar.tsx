import { useState } from "react";
import type { Character, Conversation } from "../api/types";
import { fullDate, shortDate } from "../app/dates";
import type { Library } from "../app/library";
import { showConversation } from "../app/route";
import { useSession } from "../app/session";
import { Avatar } from "./avatar";
import { Icon } from "./icons";
import { Tabs } from "./tabs";
import { ThemeButton } from "./theme_button";

interface Props {
  library: Library;
  conversationId: string;
  opening: string;
  onTalk: (character: Character) => void;
  onImport: () => void;
}

export function Sidebar({ library, conversationId, opening, onTalk, onImport }: Props) {
  const { user, signOut } = useSession();
  const [tab, setTab] = useState<"characters" | "conversations">("characters");
  return (
    <aside className="sidebar" aria-label="Characters and conversations">
      <header className="sidebar-head">
        <button type="button" className="brand brand-button" onClick={() => showConversation("")} title="All characters">
          <img src="/moon.svg" alt="" width={28} height={28} />Reverie
        </button>
        <button type="button" className="icon-button" aria-label="Import a character card" title="Import a character card (PNG or JSON)" onClick={onImport}>
          <Icon name="plus" />
        </button>
      </header>
      <Tabs label="Lists" value={tab} onChange={setTab} tabs={[["characters", "Characters"], ["conversations", "Conversations"]]} />
      <div className="sidebar-list" role="tabpanel" aria-label={tab === "characters" ? "Characters" : "Conversations"}>
        {tab === "characters" ? (
          <CharacterRows library={library} conversationId={conversationId} opening={opening} onTalk={onTalk} />
        ) : (
          <ConversationRows library={library} conversationId={conversationId} />
        )}
      </div>
      <footer className="sidebar-foot">
        <span className="sidebar-user"><Avatar name={user.name} url={null} size="small" /><span className="sidebar-name" title={user.email}>{user.name}</span></span>
        <ThemeButton />
        <button type="button" className="icon-button" aria-label="Sign out" title="Sign out" onClick={signOut}><Icon name="leave" /></button>
      </footer>
    </aside>
  );
}

function CharacterRows({ library, conversationId, opening, onTalk }: Omit<Props, "onImport">) {
  if (library.loading && library.characters.length === 0) return <RowSkeletons />;
  const current = library.conversations.find((known) => known.id === conversationId)?.character_id;
  return (
    <ul className="rows">
      {library.characters.map((character) => (
        <li key={character.id}>
          <button type="button" className="row" aria-current={character.id === current ? "true" : undefined} disabled={opening !== ""} onClick={() => onTalk(character)}>
            <Avatar name={character.name} url={character.avatar_url} />
            <span className="row-text">
              <span className="row-title">{character.name}</span>
              <span className="row-line">{opening === character.id ? "Opening…" : character.tagline || character.tags.join(" · ")}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function titleOf(conversation: Conversation, character: Character | undefined): string {
  return conversation.title && conversation.title !== character?.name ? conversation.title : `With ${character?.name ?? "someone who left"}`;
}

function ConversationRows({ library, conversationId }: Pick<Props, "library" | "conversationId">) {
  if (library.loading && library.conversations.length === 0) return <RowSkeletons />;
  if (library.conversations.length === 0) return <p className="empty">Nothing yet. Choose a character and say hello.</p>;
  return (
    <ul className="rows">
      {library.conversations.map((conversation) => {
        const character = library.characters.find((known) => known.id === conversation.character_id);
        return (
          <li key={conversation.id}>
            <button type="button" className="row" aria-current={conversation.id === conversationId ? "true" : undefined} onClick={() => showConversation(conversation.id)}>
              <Avatar name={character?.name ?? "?"} url={character?.avatar_url} />
              <span className="row-text">
                <span className="row-title">{titleOf(conversation, character)}</span>
                <span className="row-line" title={fullDate(conversation.updated_at)}>
                  {shortDate(conversation.updated_at)}{conversation.state === "closed" && <span className="chip">Closed</span>}
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function RowSkeletons() {
  return (
    <div className="rows" aria-label="Loading" role="status">
      {[0, 1, 2, 3].map((key) => (
        <div className="row" key={key}><span className="avatar avatar-medium skeleton" /><span className="row-text"><span className="skeleton skeleton-line" /><span className="skeleton skeleton-line skeleton-short" /></span></div>
      ))}
    </div>
  );
}
