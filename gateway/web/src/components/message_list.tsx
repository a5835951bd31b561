import { Fragment, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Character } from "../api/types";
import { dayLabel } from "../app/dates";
import { useSession } from "../app/session";
import type { ConversationState } from "../chat/conversation";
import { Avatar } from "./avatar";
import { Icon } from "./icons";
import { MessageBubble } from "./message_bubble";
import { PendingBubble } from "./pending_bubble";

interface Props {
  state: ConversationState;
  character: Character;
  closed: boolean;
  focusMessage: string;
  onFocused: () => void;
}

const nearEndPx = 120;

export function MessageList({ state, character, closed, focusMessage, onFocused }: Props) {
  const { chat } = useSession();
  const { scroller, atEnd, onScroll, toEnd } = useStickToEnd(state);
  useFocusedMessage(state, focusMessage, onFocused);
  const last = state.messages.at(-1);
  return (
    <div className="messages-place">
      <div className="messages" ref={scroller} onScroll={onScroll} tabIndex={0} role="log" aria-live="off" aria-label="Messages" aria-busy={state.phase === "loading"}>
        <div className="messages-column">
          {state.earlierPage > 0 && (
            <button type="button" className="button earlier" onClick={() => void chat.loadEarlier(state.id)}>Show earlier messages</button>
          )}
          {state.phase === "loading" && state.messages.length === 0 && <MessageSkeletons />}
          {state.phase === "loaded" && state.earlierPage === 0 && <Opening character={character} />}
          {state.messages.map((message, index) => {
            const before = state.messages[index - 1];
            const day = dayLabel(message.createdAt);
            return (
              <Fragment key={message.id}>
                {day !== "" && day !== (before ? dayLabel(before.createdAt) : "") && <p className="day"><span>{day}</span></p>}
                <MessageBubble message={message} character={character} conversationId={state.id} readOnly={closed}
                  first={before?.role !== message.role} last={message === last && state.pending.length === 0} />
              </Fragment>
            );
          })}
          {state.pending.map((entry) => <PendingBubble key={entry.client_message_id} entry={entry} />)}
        </div>
      </div>
      {!atEnd && <button type="button" className="to-end" aria-label="Go to the newest message" onClick={toEnd}><Icon name="down" size={18} /></button>}
    </div>
  );
}

/** Follows the newest text while the reader is at the end, and leaves them alone when they scrolled up. */
function useStickToEnd(state: ConversationState) {
  const scroller = useRef<HTMLDivElement>(null);
  const stick = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const before = useRef({ first: "", height: 0, pending: 0 });
  const first = state.messages[0]?.id ?? "";

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const older = before.current.first !== "" && before.current.first !== first;
    const sentNow = state.pending.length > before.current.pending;
    if (sentNow) stick.current = true;
    if (older && !stick.current) box.scrollTop += box.scrollHeight - before.current.height;
    else if (stick.current) box.scrollTop = box.scrollHeight;
    before.current = { first, height: box.scrollHeight, pending: state.pending.length };
  }, [state, first]);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    // The keyboard of a phone, a growing composer: the end stays in sight.
    const watch = new ResizeObserver(() => {
      if (stick.current) box.scrollTop = box.scrollHeight;
    });
    watch.observe(box);
    return () => watch.disconnect();
  }, []);

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    stick.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearEndPx;
    setAtEnd(stick.current);
  };
  const toEnd = () => {
    stick.current = true;
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  };
  return { scroller, atEnd, onScroll, toEnd };
}

/** Brings a memory's source message into sight, loading older pages until it is there. */
function useFocusedMessage(state: ConversationState, focusMessage: string, onFocused: () => void) {
  const { chat } = useSession();
  useEffect(() => {
    if (!focusMessage || state.phase !== "loaded") return;
    const element = document.getElementById(`message-${focusMessage}`);
    if (element) {
      onFocused();
      element.scrollIntoView({ block: "center" });
      element.focus({ preventScroll: true });
      element.classList.add("message-found");
      window.setTimeout(() => element.classList.remove("message-found"), 2500);
    } else if (state.earlierPage > 0) {
      void chat.loadEarlier(state.id);
    } else {
      onFocused();
      chat.say("That message is no longer shown in this conversation.");
    }
  }, [focusMessage, state, chat, onFocused]);
}

function Opening({ character }: { character: Character }) {
  return (
    <div className="opening">
      <Avatar name={character.name} url={character.avatar_url} size="large" />
      <p className="opening-name">{character.name}</p>
      {character.tagline && <p className="quiet">{character.tagline}</p>}
    </div>
  );
}

function MessageSkeletons() {
  return (
    <div role="status" aria-label="Loading messages" className="message-skeletons">
      <span className="skeleton bubble-skeleton" /><span className="skeleton bubble-skeleton bubble-skeleton-own" /><span className="skeleton bubble-skeleton" />
    </div>
  );
}
