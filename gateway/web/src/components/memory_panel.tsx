import { useCallback, useEffect, useState } from "react";
import { describeError } from "../api/errors";
import type { Character, Memory, MemorySource } from "../api/types";
import { api, useConversation, useSession } from "../app/session";
import { ConfirmDialog } from "./confirm_dialog";
import { Icon } from "./icons";
import { factForReader, MemoryItem } from "./memory_item";

interface Props {
  character: Character;
  conversationId: string;
  onSource: (source: MemorySource) => void;
}

/** What is remembered; read again a moment after something was said, and after typing stops. */
export function useMemories(characterId: string, conversationId: string, query: string) {
  const { lastPosition } = useConversation(conversationId);
  const [items, setItems] = useState<Memory[]>();
  const [total, setTotal] = useState(0);
  const [problem, setProblem] = useState("");
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    const timer = window.setTimeout(() => {
      api.memories(characterId, query.trim()).then(
        (page) => {
          if (!current) return;
          setItems(page.items);
          setTotal(page.total);
          setProblem("");
        },
        (error: unknown) => current && setProblem(describeError(error)),
      );
    }, items === undefined ? 0 : query ? 300 : 1200);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [characterId, query, lastPosition, round]);
  const drop = useCallback((id: string) => setItems((known) => known?.filter((memory) => memory.id !== id)), []);
  return { items, total, problem, drop, reload: () => setRound((value) => value + 1) };
}

export function MemoryPanel({ character, conversationId, onSource }: Props) {
  const { chat } = useSession();
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState<Memory>();
  const { items, total, problem, drop, reload } = useMemories(character.id, conversationId, query);
  const forget = async (memory: Memory) => {
    setAsked(undefined);
    try {
      await api.forget(memory.id);
      drop(memory.id);
      reload();
    } catch (error) {
      chat.say(describeError(error));
    }
  };
  return (
    <div className="memory">
      <h2>What {character.name} remembers</h2>
      <label className="search">
        <Icon name="search" size={18} />
        <input type="search" value={query} placeholder="Search memories" aria-label="Search memories" onChange={(event) => setQuery(event.target.value)} />
      </label>
      {problem && <p className="problem" role="alert">{problem} <button type="button" className="link" onClick={reload}>Try again</button></p>}
      {items === undefined && !problem && <div role="status" aria-label="Loading memories" className="skeletons"><span className="skeleton" /><span className="skeleton" /><span className="skeleton" /></div>}
      {items?.length === 0 && (
        <div className="empty"><Icon name="thought" size={36} />
          <p>{query ? "Nothing like that is remembered." : `Nothing yet. Tell ${character.name} something about yourself.`}</p>
        </div>
      )}
      {items && items.length > 0 && <MemoryGroups items={items} searching={query.trim() !== ""} onSource={onSource} onForget={setAsked} />}
      {items && total > items.length && <p className="quiet">{items.length} of {total}. Search to find the others.</p>}
      {asked && (
        <ConfirmDialog title="Forget this for good?" action="Forget" onCancel={() => setAsked(undefined)} onConfirm={() => void forget(asked)}>
          <blockquote>{asked.kind === "fact" ? factForReader(asked.text) : asked.text}</blockquote>
          <p>{character.name} will never bring it up again, nor what was said where it came from. The message stays readable in its conversation.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

interface GroupsProps {
  items: Memory[];
  searching: boolean;
  onSource: (source: MemorySource) => void;
  onForget: (memory: Memory) => void;
}

function MemoryGroups({ items, searching, onSource, onForget }: GroupsProps) {
  const list = (memories: Memory[]) => (
    <ul className="memories">
      {memories.map((memory) => <MemoryItem key={memory.id} memory={memory} onSource={onSource} onForget={onForget} />)}
    </ul>
  );
  const facts = items.filter((memory) => memory.kind === "fact");
  const episodes = items.filter((memory) => memory.kind !== "fact");
  if (searching) return list(items);
  return (
    <>
      {facts.length > 0 && <section><h3>Facts about you</h3>{list(facts)}</section>}
      {episodes.length > 0 && <section><h3>Things that were said</h3>{list(episodes)}</section>}
    </>
  );
}
