import { useEffect, useState } from "react";
import { ApiError, describeError } from "../api/errors";
import type { Bond, BondCause, Character, MemorySource } from "../api/types";
import { fullDate, shortDate } from "../app/dates";
import { api, useConversation, useRetryWhenBack } from "../app/session";
import { Icon } from "./icons";

interface Props {
  character: Character;
  conversationId: string;
  onSource: (source: MemorySource) => void;
}

/** "shared_a_secret" becomes "Shared a secret"; a sentence stays as it is. */
function inWords(code: string): string {
  const words = code.includes(" ") ? code : code.replace(/[_.-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function percent(value: number): number {
  return Math.round(Math.max(0, Math.min(1, value)) * 100);
}

function useBond(characterId: string, conversationId: string) {
  const { lastPosition } = useConversation(conversationId);
  const [bond, setBond] = useState<Bond | "none">();
  const [problem, setProblem] = useState("");
  const [round, setRound] = useState(0);
  useRetryWhenBack(problem, () => setRound((value) => value + 1));
  useEffect(() => {
    let current = true;
    const timer = window.setTimeout(() => {
      api.bond(characterId).then(
        (read) => { if (current) { setBond(read); setProblem(""); } },
        (error: unknown) => {
          if (!current) return;
          if (error instanceof ApiError && error.status === 404) setBond("none");
          else setProblem(describeError(error));
        },
      );
    }, bond === undefined ? 0 : 1200);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [characterId, lastPosition, round]);
  return { bond, problem };
}

export function BondPanel({ character, conversationId, onSource }: Props) {
  const { bond, problem } = useBond(character.id, conversationId);
  const axes = bond && bond !== "none" ? Object.entries(bond.axes) : [];
  return (
    <div className="bond">
      <h2>You and {character.name}</h2>
      {problem && <p className="problem" role="alert">{problem}</p>}
      {bond === undefined && !problem && <div role="status" aria-label="Loading" className="skeletons"><span className="skeleton" /><span className="skeleton" /></div>}
      {bond === "none" && <NoBond name={character.name} />}
      {bond && bond !== "none" && (
        <>
          {bond.level !== "" && bond.level !== null && <p className="bond-level"><Icon name="heart" size={18} />{typeof bond.level === "number" ? `Level ${bond.level}` : inWords(bond.level)}</p>}
          <ul className="axes">
            {axes.map(([axis, value]) => (
              <li key={axis}>
                <span className="axis-name">{inWords(axis)}</span>
                <progress className={`axis axis-${axis}`} max={100} value={percent(value)} aria-label={inWords(axis)} />
                <span className="axis-value">{percent(value)}</span>
              </li>
            ))}
          </ul>
          <h3>Why</h3>
          {bond.causes.length === 0 ? <NoBond name={character.name} /> : (
            <ul className="causes">
              {bond.causes.map((cause, index) => <Cause key={`${cause.at}-${cause.axis}-${index}`} cause={cause} conversationId={conversationId} onSource={onSource} />)}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

function NoBond({ name }: { name: string }) {
  return <div className="empty"><Icon name="heart" size={36} /><p>You have only just met. What you say to {name} will show here, with the reason for each change.</p></div>;
}

function Cause({ cause, conversationId, onSource }: { cause: BondCause; conversationId: string; onSource: (source: MemorySource) => void }) {
  const up = cause.delta >= 0;
  const points = Math.max(1, Math.round(Math.abs(cause.delta) * 100));
  const message_id = cause.message_id;
  // A rise in tension is nothing to be glad about.
  const good = up === (cause.axis !== "tension");
  return (
    <li className="cause">
      <span className={`cause-delta ${good ? "cause-good" : "cause-bad"}`}>{up ? "+" : "−"}{points}</span>
      <span className="cause-text">
        {inWords(cause.reason)}
        <span className="quiet"> {inWords(cause.axis)} · <time dateTime={cause.at} title={fullDate(cause.at)}>{shortDate(cause.at)}</time>
          {message_id && <> · <button type="button" className="link" onClick={() => onSource({ conversation_id: cause.conversation_id ?? conversationId, message_id })}>See</button></>}
        </span>
      </span>
    </li>
  );
}
