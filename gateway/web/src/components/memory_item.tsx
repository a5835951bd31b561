import type { Memory, MemorySource } from "../api/types";
import { fullDate, shortDate } from "../app/dates";
import { factForReader } from "../app/fact_text";
import { Icon } from "./icons";

interface Props {
  memory: Memory;
  onSource: (source: MemorySource) => void;
  onForget: (memory: Memory) => void;
}

export function MemoryItem({ memory, onSource, onForget }: Props) {
  const past = memory.kind === "fact" && memory.valid_to !== null && memory.valid_to !== undefined;
  const text = memory.kind === "fact" ? factForReader(memory.text) : memory.text;
  return (
    <li className={`memory-item ${past ? "memory-past" : ""}`} data-kind={memory.kind}>
      <p className="memory-text">{text}</p>
      <p className="memory-foot">
        <time dateTime={memory.recorded_at} title={`Remembered ${fullDate(memory.recorded_at)}`}>{shortDate(memory.recorded_at)}</time>
        {past && <span title={`Until ${fullDate(memory.valid_to ?? "")}`}>· no longer so</span>}
        {memory.sources.map((source, index) => (
          <button key={source.message_id} type="button" className="link" title="Where it was said" onClick={() => onSource(source)}>
            {memory.sources.length > 1 ? `Source ${index + 1}` : "Source"}
          </button>
        ))}
        <button type="button" className="action memory-forget" aria-label={`Forget: ${text}`} title="Forget" onClick={() => onForget(memory)}><Icon name="trash" size={16} /></button>
      </p>
    </li>
  );
}
