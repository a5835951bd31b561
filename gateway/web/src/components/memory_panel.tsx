import { useCallback, useEffect, useRef, useState } from "react";
import { describeError } from "../api/errors";
import type { Character, Memory, MemorySource } from "../api/types";
import { api, useConversation, useRetryWhenBack, useSession } from "../app/session";
import { ConfirmDialog } from "./confirm_dialog";
import { Icon } from "./icons";
import { factForReader } from "../app/fact_text";
import { MemoryItem } from "./memory_item";

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
  const [pages, setPages] = useState(1);
  const shownPages = useRef(1);
  useEffect(() => setPages(1), [characterId, query]);
  useEffect(() => {
    let current = true;
    const timer = window.setTimeout(() => {
      firstPages(characterId, query.trim(), pages).then(
        (read) => {
          if (!current) return;
          setItems(read.items);
          setTotal(read.total);
          setProblem("");
        },
        (error: unknown) => current && setProblem(describeError(error)),
      );
    }, items === undefined || pages > shownPages.current ? 0 : query ? 300 : 1200);
    shownPages.current = pages;
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [characterId, query, lastPosition, round, pages]);
  const drop = useCallback((id: string) => setItems((known) => known?.filter((memory) => memory.id !== id)), []);
  const reload = () => setRound((value) => value + 1);
  useRetryWhenBack(problem, reload);
  return { items, total, problem, drop, reload, more: () => setPages((value) => value + 1) };
}

/** The list moves while it is read, so what comes twice is shown once. */
async function firstPages(characterId: string, query: string, pages: number) {
  const known = new Map<string, Memory>();
  let total = 0;
  for (let page = 1; page <= pages; ++page) {
    const got = await api.memories(characterId, query, page);
    for (const memory of got.items) known.set(memory.id, memory);
    total = got.total;
    if (!got.has_more) break;
  }
  return { items: [...known.values()], total };
}

export function MemoryPanel({ character, conversationId, onSource }: Props) {
  const { chat } = useSession();
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState<Memory>();
  const { items, total, problem, drop, reload, more } = useMemories(character.id, conversationId, query);
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
      {items && total > items.length && (
        <p className="quiet memory-more">{items.length} of {total} <button type="button" className="button button-small" onClick={more}>Show more</button></p>
      )}
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
