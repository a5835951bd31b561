import { useState } from "react";
import { describeError } from "../../../api/errors";
import { useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Effect, EffectPage } from "../../api/types";
import { Badge } from "../../components/badge";
import { BulkDialog } from "../../components/bulk_dialog";
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
import { shortId } from "../../format/ids";
import { count, duration, plural } from "../../format/numbers";
import { useLive } from "../../live/use_live";
import { EffectDrawer } from "./effect_drawer";

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
  const [query, change] = useQueryValues();
  const [retryingAll, setRetryingAll] = useState(false);
  const state = query.get("state") ?? "";
  const pages = usePages<EffectPage>((cursor) => admin.effects({ state, cursor }), [state]);
  const fresh = useLive<EffectPage>("effects");
  // The list is read anew only when the queue has changed, so that a reader keeps his place.
  const mark = fresh && `${fresh.depth} ${fresh.items.map((each) => `${each.id} ${each.state} ${each.attempts}`).join()}`;
  useOnChange(mark, () => {
    if (pages.items.length <= 50) pages.again();
  });
  const now = fresh ?? pages.last;
  const unreachable = now?.unreachable ?? [];
  const open = query.get("effect");
  const shown = pages.items.find((each) => each.id === open);
  const failed = pages.items.filter((each) => each.state === "failed");
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
    <Page title="Jobs & effects" note={now && <span>{count(now.depth)} in the queue{now.oldest_s !== null && now.depth > 0 && `, the oldest for ${duration(now.oldest_s)}`}{(now.failed ?? 0) > 0 && `; ${count(now.failed)} failed`}</span>}
      drawer={shown && <EffectDrawer key={shown.id} effect={shown} retry={shown.state === "failed" && <Retry effect={shown} onDone={pages.again} />} onClose={() => change({ effect: "" })} />}
      actions={failed.length > 1 && <button type="button" className="c-button" onClick={() => setRetryingAll(true)}><Icon name="again" size={14} />Retry all that failed…</button>}>
      {now?.alert && <p className="c-alert" role="alert"><Icon name="warning" size={18} /><span><strong>The queue needs a look.</strong> {now.alert}</span></p>}
      {unreachable.length > 0 && <p className="c-alert" role="status"><Icon name="warning" size={18} /><span><strong>Not all is shown.</strong> {unreachable.length === 1 ? "Partition" : "Partitions"} {unreachable.join(", ")} could not be asked: what waits or failed there is not in this list.</span></p>}
      <Filters names={["state"]}>
        <SelectFilter name="state" label="State" options={[["", "all"], ["pending", "pending"], ["failed", "failed"]]} />
      </Filters>
      <Table label="Effects" columns={columns} rows={pages.items} rowKey={(row) => row.id} pages={pages} selected={open ?? undefined} onOpen={(row) => change({ effect: open === row.id ? "" : row.id })}
        empty={<Empty icon="effects" title={state === "failed" ? "Nothing has failed." : "Nothing is waiting."}><p>Model calls, embeddings and other things done to the outside world stand here until they are done.</p></Empty>} />
      {retryingAll && (
        <BulkDialog title="Retry all that failed" items={failed} nameOf={(each) => `${each.kind} ${shortId(each.id)}`} one="effect" verb="Retry" onClose={() => setRetryingAll(false)} onDone={pages.again}
          run={async (each) => { await admin.retryEffect(each.id); return {}; }}>
          <p>The {plural(failed.length, "effect")} of this list that failed {failed.length === 1 ? "is" : "are"} tried again, one after another. Mend the cause first: an endpoint that is still away lets them fail again.</p>
        </BulkDialog>
      )}
    </Page>
  );
}
