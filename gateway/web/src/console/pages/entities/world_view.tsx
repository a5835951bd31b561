import { type FormEvent, useState } from "react";
import { useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { StateAt } from "../../api/types";
import { EntityId } from "../../components/ids";
import { Icon } from "../../components/icon";
import { JsonTree } from "../../components/json_tree";
import { Panel } from "../../components/panel";
import { Loaded } from "../../components/states";
import { useRead } from "../../data/use_read";
import { plural } from "../../format/numbers";

function WorldPart({ of, open }: { of: StateAt; open: number }) {
  return (
    <div className="c-world-part">
      <p><EntityId entity={of.entity} sequence={of.sequence} /></p>
      <JsonTree value={of.state} open={open} label={of.entity} />
    </div>
  );
}

function Many({ title, items, truncated = false }: { title: string; items: StateAt[]; truncated?: boolean }) {
  return (
    <Panel title={truncated ? `${title} (the newest ${items.length})` : `${title} (${items.length})`}>
      {items.length === 0 && <p className="c-quiet c-pad">None at this place.</p>}
      {items.map((each) => <WorldPart key={each.entity} of={each} open={items.length === 1 ? 2 : 1} />)}
    </Panel>
  );
}

/** The newest place of a person's partition. */
async function newestIn(partition: number): Promise<string> {
  const of = (await admin.partitions()).items.find((each) => each.partition === partition);
  return `${partition}:${Math.max(0, (of?.log_end ?? 1) - 1)}`;
}

/** All that concerns a person, at one place in the log: the newest, or the one in the address. */
export function WorldView({ user, partition }: { user: string; partition: number }) {
  const [query, change] = useQueryValues();
  const wanted = query.get("position") ?? "";
  const [text, setText] = useState(wanted);
  const world = useRead(async () => admin.world(user, wanted || (await newestIn(partition))), [user, partition, wanted]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change({ position: text.trim() });
  };
  return (
    <div className="c-world">
      <form className="c-finder" onSubmit={submit}>
        <label className="c-filter" style={{ "--width": "140px" } as React.CSSProperties}><span>At the position</span>
          <input className="c-mono" value={text} placeholder={world.data?.position ?? `${partition}:…`} spellCheck={false} autoComplete="off" onChange={(event) => setText(event.target.value)} /></label>
        <button type="submit" className="c-button">Show</button>
        {wanted && <button type="button" className="c-button c-button-quiet" onClick={() => { setText(""); change({ position: "" }); }}>Now</button>}
      </form>
      <Loaded state={world}>
        {(all) => (
          <>
            <p className="c-quiet">The person, the sessions and the bonds, all as they were at <span className="c-mono">{all.position}</span>.</p>
            {all.truncated && <p className="c-impact-warning" role="status"><Icon name="warning" />There is more than is shown here: the newest {plural(all.sessions.length, "session")} and {plural(all.bonds.length, "bond")}. The others are found one by one, by their id.</p>}
            <Panel title="User">{all.user ? <WorldPart of={all.user} open={2} /> : <p className="c-quiet c-pad">Not there yet at this place.</p>}</Panel>
            <Many title="Sessions" items={all.sessions} truncated={all.truncated} />
            <Many title="Bonds" items={all.bonds} />
          </>
        )}
      </Loaded>
    </div>
  );
}
