import { useState } from "react";
import { admin } from "../../api/console_context";
import type { DeadLetter } from "../../api/types";
import { Icon } from "../../components/icon";
import { JsonTree } from "../../components/json_tree";
import { Loaded } from "../../components/states";
import { useRead } from "../../data/use_read";

/** The event that could not be taken, as it lies in the log; read when somebody asks for it, since each reading is written down. */
export function LetterEvent({ letter }: { letter: DeadLetter }) {
  const [open, setOpen] = useState(false);
  const record = useRead(open ? () => admin.event(letter.position) : undefined, [letter.position]);
  return (
    <section aria-label="The event" className="c-letter-event">
      <button type="button" className="c-disclose" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name={open ? "open" : "right"} size={13} />The event as it lies in the log</button>
      {open && (
        <Loaded state={record} rows={3}>
          {({ events }) => {
            const event = events.find((each) => each.sequence === letter.sequence);
            return event
              ? <><p className="c-mono">{event.type} <span className="c-quiet">@{event.sequence}</span></p><JsonTree value={event.payload} open={3} label={`Payload of ${event.type}`} /></>
              : <p className="c-quiet">It can't be read there. Its record says why.</p>;
          }}
        </Loaded>
      )}
    </section>
  );
}
