import { useState } from "react";
import { describeError } from "../../../api/errors";
import { useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Effect, EffectPage } from "../../api/types";
import { Badge } from "../../components/badge";
import { Filters, SelectFilter } from "../../components/filters";
import { EntityId } from "../../components/ids";
import { Icon } from "../../components/icon";
import { notify } from "../../components/notices";
import { Page } from "../../components/page";
import { Empty } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Ago } from "../../components/times";
import { useOnChange } from "../../data/use_changes";
import { usePages } from "../../data/use_pages";
import { count, duration } from "../../format/numbers";
import { useLive } from "../../live/use_live";

function Retry({ effect, onDone }: { effect: Effect; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    try {
      await admin.retryEffect(effect.id);
      notify(`${effect.kind} is tried again.`);
      onDone();
    } catch (error) {
      notify(describeError(error), true);
    }
    setBusy(false);
  };
  return <button type="button" className="c-button c-button-small" disabled={busy} onClick={(event) => { event.stopPropagation(); void retry(); }}><Icon name="again" size={13} />Retry</button>;
}

export function EffectsPage() {
  const [query] = useQueryValues();
  const state = query.get("state") ?? "";
  const pages = usePages<EffectPage>((cursor) => admin.effects({ state, cursor }), [state]);
  const fresh = useLive<EffectPage>("effects");
  // The list is read anew only when the queue has changed, so that a reader keeps his place.
  const mark = fresh && `${fresh.depth} ${fresh.items.map((each) => `${each.id} ${each.state} ${each.attempts}`).join()}`;
  useOnChange(mark, () => {
    if (pages.items.length <= 50) pages.again();
  });
  const now = fresh ?? pages.last;
  const columns: Column<Effect>[] = [
    { id: "kind", title: "Effect", width: "minmax(130px, 1fr)", phone: "title", cell: (row) => <b className="c-cut">{row.kind}</b> },
    { id: "state", title: "State", width: "96px", cell: (row) => <Badge tone={row.state === "failed" ? "bad" : "plain"}>{row.state}</Badge> },
    { id: "entity", title: "For", width: "minmax(190px, 1.2fr)", cell: (row) => <EntityId entity={row.entity} /> },
    { id: "cause", title: "Caused by", from: 1150, width: "minmax(190px, 1.2fr)", phone: "hide", cell: (row) => row.cause ? <EntityId entity={row.cause.entity} sequence={row.cause.sequence} /> : <span className="c-quiet">–</span> },
    { id: "since", title: "Since", width: "96px", cell: (row) => <Ago at={row.since} /> },
    { id: "attempts", title: "Attempts", width: "80px", align: "end", cell: (row) => count(row.attempts) },
    { id: "problem", title: "Problem", width: "minmax(140px, 2fr)", cell: (row) => <span className="c-cut" title={row.problem ?? undefined}>{row.problem ?? <span className="c-quiet">–</span>}</span> },
    { id: "retry", title: "", width: "92px", align: "end", cell: (row) => row.state === "failed" ? <Retry effect={row} onDone={pages.again} /> : null },
  ];
  return (
    <Page title="Jobs & effects" note={now && <span>{count(now.depth)} in the queue{now.oldest_s !== null && now.depth > 0 && `, the oldest for ${duration(now.oldest_s)}`}{(now.failed ?? 0) > 0 && `; ${count(now.failed)} failed`}</span>}>
      {now?.alert && <p className="c-alert" role="alert"><Icon name="warning" size={18} /><span><strong>The queue needs a look.</strong> {now.alert}</span></p>}
      <Filters names={["state"]}>
        <SelectFilter name="state" label="State" options={[["", "all"], ["pending", "pending"], ["failed", "failed"]]} />
      </Filters>
      <Table label="Effects" columns={columns} rows={pages.items} rowKey={(row) => row.id} pages={pages}
        empty={<Empty icon="effects" title={state === "failed" ? "Nothing has failed." : "Nothing is waiting."}><p>Model calls, embeddings and other things done to the outside world stand here until they are done.</p></Empty>} />
    </Page>
  );
}
