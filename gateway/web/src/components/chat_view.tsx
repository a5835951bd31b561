import { useEffect, useState } from "react";
import { describeError } from "../api/errors";
import type { Character, Conversation } from "../api/types";
import { showConversation } from "../app/route";
import { api, useConnection, useConversation, useSession } from "../app/session";
import { type ConversationState, runningReply } from "../chat/conversation";
import { Avatar } from "./avatar";
import { Composer } from "./composer";
import { ConfirmDialog } from "./confirm_dialog";
import { Icon } from "./icons";
import { MessageList } from "./message_list";
import { ModelNotice } from "./model_notice";
import { ReplyAnnouncer } from "./reply_announcer";

interface Props {
  conversation: Conversation;
  character: Character;
  panelOpen: boolean;
  focusMessage: string;
  onPanel: () => void;
  onTalk: () => void;
  onClosed: (conversation: Conversation) => void;
  onFocused: () => void;
}

export function ChatView(props: Props) {
  const { conversation, character } = props;
  const { chat } = useSession();
  const state = useConversation(conversation.id);
  const running = runningReply(state);
  const closed = conversation.state === "closed" || state.closed;
  useEffect(() => void chat.open(conversation.id, conversation.last_position), [chat, conversation.id, conversation.last_position]);

  useRead(conversation.id, state, closed);

  return (
    <section className="chat" aria-label={`Conversation with ${character.name}`}>
      <ChatHeader {...props} writing={running !== undefined} elsewhere={state.typingElsewhere} />
      <ConnectionBar />
      {state.phase === "failed" ? (
        <div className="chat-problem" role="alert">
          <p>{state.problem}</p>
          <button type="button" className="button" onClick={() => void chat.open(conversation.id, conversation.last_position)}>Try again</button>
        </div>
      ) : (
        <MessageList state={state} character={character} closed={closed} focusMessage={props.focusMessage} onFocused={props.onFocused} />
      )}
      <ReplyAnnouncer name={character.name} messages={state.messages} />
      {closed ? (
        <div className="composer-closed">
          <span className="quiet">This conversation is closed. {character.name} still remembers it.</span>
          <button type="button" className="button button-main" onClick={props.onTalk}>New conversation</button>
        </div>
      ) : (
        <Composer conversationId={conversation.id} name={character.name} running={running !== undefined}
          lastOwn={state.messages.findLast((message) => message.role === "user")} />
      )}
    </section>
  );
}

function ChatHeader({ conversation, character, writing, elsewhere, panelOpen, onPanel, onClosed, onTalk }: Props & { writing: boolean; elsewhere: boolean }) {
  const { chat } = useSession();
  const [asking, setAsking] = useState(false);
  const close = async () => {
    setAsking(false);
    try {
      await api.closeConversation(conversation.id);
      onClosed({ ...conversation, state: "closed" });
      onTalk();
    } catch (error) {
      chat.say(describeError(error));
    }
  };
  const panelLabel = panelOpen ? "Hide memory and bond" : `What ${character.name} remembers, and how you two stand`;
  return (
    <header className="chat-head">
      <button type="button" className="icon-button phone-only" aria-label="Back to all characters" onClick={() => showConversation("")}><Icon name="back" /></button>
      <Avatar name={character.name} url={character.avatar_url} />
      <div className="chat-who">
        <h1>{character.name}</h1>
        <p className="chat-status">{writing ? <span className="writing">is writing…</span> : elsewhere ? "You are writing on another device…" : character.tagline}</p>
      </div>
      <ModelNotice />
      {conversation.state === "open" && (
        <button type="button" className="icon-button" aria-label="New conversation" title="Close this conversation and start a new one" onClick={() => setAsking(true)}><Icon name="plus" /></button>
      )}
      <button type="button" className={`icon-button ${panelOpen ? "icon-on" : ""}`} aria-pressed={panelOpen} aria-label={panelLabel} title={panelLabel} onClick={onPanel}><Icon name="panel" /></button>
      {asking && (
        <ConfirmDialog title="Start a new conversation?" action="Start anew" onCancel={() => setAsking(false)} onConfirm={() => void close()}>
          <p>This one is closed and stays readable. {character.name} keeps the memories.</p>
        </ConfirmDialog>
      )}
    </header>
  );
}

/** Tells that the newest message is read, once the page is in sight. */
function useRead(id: string, state: ConversationState, closed: boolean) {
  const { chat } = useSession();
  const newest = state.messages.findLast((message) => message.state !== "streaming")?.id ?? "";
  const { live } = state;
  useEffect(() => {
    if (!live || closed || newest === "") return;
    const tell = () => {
      if (document.visibilityState === "visible") chat.markRead(id, newest);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [chat, id, newest, live, closed]);
}

/** Tells of a lost connection, after a moment: a short break needs no words. */
function ConnectionBar() {
  const { state, notice } = useConnection();
  const [shown, setShown] = useState(false);
  const broken = state !== "ready";
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(broken), broken ? 1500 : 0);
    return () => window.clearTimeout(timer);
  }, [broken]);
  return (
    <div role="status">
      {shown && broken && <p className="connection">{notice || "Reconnecting… What you write is kept and sent as soon as it works."}</p>}
    </div>
  );
}
