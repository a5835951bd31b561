import { useCallback, useEffect, useState } from "react";
import { describeError } from "../api/errors";
import type { Character, MemorySource } from "../api/types";
import { useLibrary } from "../app/library";
import { showConversation, useConversationId } from "../app/route";
import { api, useSession } from "../app/session";
import { CharacterGallery } from "./character_gallery";
import { ChatView } from "./chat_view";
import { useCardImport } from "./card_import";
import { Sidebar } from "./sidebar";
import { SidePanel } from "./side_panel";
import { Toast } from "./toast";

const wide = "(min-width: 1180px)";

/** List, chat and side panel; on a phone one of them at a time. */
export function Shell() {
  const { chat } = useSession();
  const library = useLibrary();
  const conversationId = useConversationId();
  const [panelOpen, setPanelOpen] = useState(() => window.matchMedia(wide).matches);
  const [focusMessage, setFocusMessage] = useState("");
  const [opening, setOpening] = useState("");
  const cards = useCardImport(library.keepCharacter);

  const conversation = library.conversations.find((known) => known.id === conversationId);
  const character = library.characters.find((known) => known.id === conversation?.character_id);

  const { loading, reload } = library;
  const missing = conversationId !== "" && !conversation && !loading;
  // An address of a conversation that is not in the list may be one that another device has just opened: looked for once.
  useEffect(() => {
    if (missing) void reload();
  }, [conversationId]);

  const talk = useCallback(async (chosen: Character) => {
    setOpening(chosen.id);
    try {
      const opened = await api.openConversation(chosen.id);
      library.keepConversation(opened);
      showConversation(opened.id);
    } catch (error) {
      chat.say(describeError(error));
    } finally {
      setOpening("");
    }
  }, [chat, library.keepConversation]);

  const showSource = (source: MemorySource) => {
    setFocusMessage(source.message_id);
    showConversation(source.conversation_id);
    if (!window.matchMedia(wide).matches) setPanelOpen(false);
  };

  const inChat = conversation !== undefined && character !== undefined;
  return (
    <div className={`shell ${conversationId ? "shell-chat" : "shell-home"} ${inChat && panelOpen ? "shell-panel" : ""}`} {...cards.dropTarget}>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>Skip to the conversation</a>
      <Sidebar library={library} conversationId={conversationId} opening={opening} onTalk={(chosen) => void talk(chosen)} onImport={cards.choose} />
      <main id="main" tabIndex={-1} className="main">
        {inChat ? (
          <ChatView key={conversation.id} conversation={conversation} character={character} panelOpen={panelOpen}
            onPanel={() => setPanelOpen(!panelOpen)} onTalk={() => void talk(character)} onClosed={library.keepConversation}
            focusMessage={focusMessage} onFocused={() => setFocusMessage("")} />
        ) : (
          <CharacterGallery library={library} missing={missing} opening={opening} onTalk={(chosen) => void talk(chosen)} onImport={cards.choose} />
        )}
      </main>
      {inChat && panelOpen && (
        <SidePanel key={character.id} character={character} conversation={conversation} onClose={() => setPanelOpen(false)} onSource={showSource} />
      )}
      {cards.overlay}
      <Toast />
    </div>
  );
}
