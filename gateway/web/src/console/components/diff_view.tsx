import type { Change, Json } from "../api/types";
import { differingPart, grouped, pointerParts } from "../format/json_lines";

const words = { add: "added", remove: "removed", replace: "changed" } as const;
const signs = { add: "+", remove: "−", replace: "±" } as const;

function shown(value: Json | undefined): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : (JSON.stringify(value) ?? "");
}

function Side({ text, from, to, kind }: { text: string; from: number; to: number; kind: "before" | "after" }) {
  return (
    <pre className={`c-diff-${kind}`}>
      <span className="hidden">{kind === "before" ? "before: " : "after: "}</span>
      {text.slice(0, from)}
      {to > from && <mark>{text.slice(from, to)}</mark>}
      {text.slice(to)}
    </pre>
  );
}

function Values({ change }: { change: Change }) {
  const before = shown(change.before);
  const after = shown(change.after);
  if (change.op === "add") return <Side text={after} from={0} to={0} kind="after" />;
  if (change.op === "remove") return <Side text={before} from={0} to={0} kind="before" />;
  const part = differingPart(before, after);
  return (
    <>
      <Side text={before} from={part.start} to={part.beforeEnd} kind="before" />
      <Side text={after} from={part.start} to={part.afterEnd} kind="after" />
    </>
  );
}

/** What changed between two states, by the part of the state that it touches. */
export function DiffView({ changes }: { changes: Change[] }) {
  if (changes.length === 0) return <p className="c-quiet c-pad">Nothing differs between these two points.</p>;
  return (
    <div className="c-diff">
      {grouped(changes).map((group) => (
        <section key={group.name} aria-label={`Changes in ${group.name}`}>
          {group.changes.map((change) => (
            <div key={`${change.path} ${change.op}`} className="c-diff-change" data-op={change.op}>
              <p className="c-diff-path">
                <span className="c-diff-sign" aria-label={words[change.op]}>{signs[change.op]}</span>
                {pointerParts(change.path).map((part, index) => <span key={`${index} ${part}`}>{index > 0 && <span className="c-quiet"> › </span>}{part}</span>)}
                {change.path === "" && <span className="c-quiet">the whole state</span>}
              </p>
              <Values change={change} />
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}
