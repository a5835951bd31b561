import { useCallback, useEffect, useState } from "react";
import { describeError } from "../api/errors";
import type { Character, Conversation } from "../api/types";
import { api } from "./session";

export interface Library {
  characters: Character[];
  conversations: Conversation[];
  loading: boolean;
  problem: string;
  reload: () => Promise<void>;
  keepConversation: (conversation: Conversation) => void;
  keepCharacter: (character: Character) => void;
}

/** Characters and conversations of the signed-in user. */
export function useLibrary(): Library {
  const [characters, setCharacters] = useState<Character[]>([]);
  const [conversations, setConversations] = useState<Conversation[]>([]);
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState("");

  const reload = useCallback(async () => {
    setLoading(true);
    try {
      const [people, talks] = await Promise.all([api.characters(), api.conversations()]);
      setCharacters(people);
      setConversations(talks);
      setProblem("");
    } catch (error) {
      setProblem(describeError(error));
    } finally {
      setLoading(false);
    }
  }, []);

  useEffect(() => void reload(), [reload]);

  const keepConversation = useCallback((conversation: Conversation) => {
    setConversations((known) => [conversation, ...known.filter((other) => other.id !== conversation.id)]);
  }, []);
  const keepCharacter = useCallback((character: Character) => {
    setCharacters((known) => [character, ...known.filter((other) => other.id !== character.id)]);
  }, []);
  return { characters, conversations, loading, problem, reload, keepConversation, keepCharacter };
}
