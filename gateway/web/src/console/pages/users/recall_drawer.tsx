import { addressOf } from "../../address/route";
import type { Json, TalkMessage } from "../../api/types";
import { Drawer } from "../../components/drawer";
import { Id, Position } from "../../components/ids";
import { JsonTree } from "../../components/json_tree";
import { Link } from "../../components/link";
import { Facts } from "../../components/panel";
import { Time } from "../../components/times";
import { recordPosition } from "../../format/ids";
import { inline } from "../../format/json_lines";
import { count, percent } from "../../format/numbers";

function reasonWords(reason: Json): string {
  if (reason === null) return "";
  return typeof reason === "string" ? reason : inline(reason, 300);
}

/** Why a reply came out as it did: what was recalled for it, why, and what did not fit. */
export function RecallDrawer({ message, conversation, onClose }: { message: TalkMessage; conversation: string; onClose: () => void }) {
  const recall = message.recall;
  const best = Math.max(0, ...(recall?.memories.map((each) => each.score ?? 0) ?? []));
  return (
    <Drawer title="Why this reply" onClose={onClose} foot={<Link className="c-button" to={addressOf("events", { partition: message.position.split(":")[0], record: recordPosition(message.position) })}>Its record</Link>}>
      <Facts items={[
        ["Message", <Id key="m" id={message.id} />],
        ["Written", <Time key="t" at={message.created_at} />],
        ["State", message.state],
        ["Record", <Position key="p" position={message.position} />],
        ["Session", <Id key="s" id={conversation} to={addressOf(`entities/session/${conversation}`)} />],
        ...(recall ? ([
          ["Model", <span key="mo" className="c-mono">{recall.model}</span>],
          ["Prompt shape", <span key="ps" className="c-mono">{recall.prompt_shape}</span>],
          ["Tokens", `${count(recall.tokens)} of ${count(recall.token_budget)}${recall.token_budget ? ` (${percent(recall.tokens ?? 0, recall.token_budget)})` : ""}`],
        ] as [string, React.ReactNode][]) : []),
      ]} />
      {!recall && <p className="c-quiet">This message has no manifest: a greeting, or a reply whose manifest can't be read in this privacy mode.</p>}
      {recall && (
        <>
          {recall.note !== null && recall.note !== undefined && <p className="c-sealed-note">{reasonWords(recall.note)}</p>}
          <h3>Recalled ({recall.memories.length})</h3>
          {recall.memories.length === 0 && <p className="c-quiet">Nothing was recalled for it.</p>}
          <ol className="c-recalled">
            {recall.memories.map((memory, index) => (
              <li key={`${memory.memory_id} ${index}`}>
                <p>{memory.text ?? <span className="c-quiet">not shown, or forgotten since</span>}</p>
                <div className="c-score"><span style={{ "--share": best > 0 ? (memory.score ?? 0) / best : 0 } as React.CSSProperties} /><b>{typeof memory.score === "number" ? memory.score.toFixed(3) : "–"}</b></div>
                <p className="c-quiet c-small">{reasonWords(memory.reason)} {memory.memory_id && <Id id={memory.memory_id} />}</p>
              </li>
            ))}
          </ol>
          <h3>Cut, did not fit ({recall.cut.length})</h3>
          {recall.cut.length === 0 ? <p className="c-quiet">Everything fitted.</p> : <JsonTree value={recall.cut} open={1} label="What was cut" />}
        </>
      )}
    </Drawer>
  );
}
