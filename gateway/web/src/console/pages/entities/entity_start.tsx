import { type FormEvent, useState } from "react";
import { addressOf, go } from "../../address/route";
import { admin } from "../../api/console_context";
import { EntityId } from "../../components/ids";
import { Page } from "../../components/page";
import { Panel } from "../../components/panel";
import { Loaded } from "../../components/states";
import { Ago } from "../../components/times";
import { useRead } from "../../data/use_read";
import { isUuid, splitEntity } from "../../format/ids";
import type { EventRecord } from "../../api/types";

const kinds = ["session", "bond", "user", "character"];

/** The newest record of each entity, newest first. */
function lastOfEach(records: EventRecord[]): EventRecord[] {
  const seen = new Set<string>();
  return records.filter((record) => !record.entity.startsWith("partition/") && !seen.has(record.entity) && seen.add(record.entity));
}

/** Where an entity is named; those that were active last stand below. */
export function EntityStart() {
  const [kind, setKind] = useState("session");
  const [id, setId] = useState("");
  const recent = useRead(() => admin.events({ direction: "backward", page_size: 100 }), []);
  const wrong = id.trim() !== "" && !isUuid(id.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isUuid(id.trim())) go(addressOf(`entities/${kind}/${id.trim().toLowerCase()}`));
  };
  return (
    <Page title="Entity inspector" note="The state of any entity, now or at any event of its past.">
      <form className="c-finder" onSubmit={submit}>
        <label className="c-filter c-filter-select"><span>Kind</span><select value={kind} onChange={(event) => setKind(event.target.value)}>{kinds.map((each) => <option key={each}>{each}</option>)}</select></label>
        <label className="c-filter" style={{ "--width": "340px" } as React.CSSProperties}><span>Id</span>
          <input className="c-mono" value={id} spellCheck={false} autoComplete="off" placeholder="0197…, or kind/0197…" aria-invalid={wrong || undefined} onChange={(event) => {
            const { kind: named, id: rest } = splitEntity(event.target.value.trim());
            if (kinds.includes(named)) setKind(named);
            setId(kinds.includes(named) ? rest : event.target.value);
          }} /></label>
        <button type="submit" className="c-button c-button-main" disabled={!isUuid(id.trim())}>Inspect</button>
        {wrong && <p className="c-bad c-small">An id is a UUID.</p>}
      </form>
      <Panel title="Active last">
        <Loaded state={recent}>
          {({ items }) => {
            const last = lastOfEach(items);
            return last.length === 0 ? <p className="c-quiet c-pad">No entity has had an event yet.</p> : (
              <ul className="c-list">
                {last.map((record) => (
                  <li key={record.entity}>
                    <EntityId entity={record.entity} />
                    <span className="c-mono c-quiet c-cut">{record.types.at(-1)}</span>
                    <span className="c-quiet"><Ago at={record.at} /></span>
                  </li>
                ))}
              </ul>
            );
          }}
        </Loaded>
      </Panel>
    </Page>
  );
}
