import { useState } from "react";
import { Tabs } from "../../../components/tabs";
import { addressOf, useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { DeadLetter, Overview } from "../../api/types";
import { Badge } from "../../components/badge";
import { BulkDialog } from "../../components/bulk_dialog";
import { Filters, SelectFilter, TextFilter } from "../../components/filters";
import { Icon } from "../../components/icon";
import { EntityId } from "../../components/ids";
import { Link } from "../../components/link";
import { Page } from "../../components/page";
import { Empty } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Ago } from "../../components/times";
import { useOnChange } from "../../data/use_changes";
import { useEvery } from "../../data/use_every";
import { usePages } from "../../data/use_pages";
import { useRead } from "../../data/use_read";
import { count, plural } from "../../format/numbers";
import { useLive } from "../../live/use_live";
import { RulesList } from "./rules_list";
import { DeadLetterDrawer } from "./dead_letter_drawer";

const readAgainMs = 4000;
/** As the server hands them out. */
const pageSize = 50;

const columns: Column<DeadLetter>[] = [
  { id: "projection", title: "Projection", width: "130px", phone: "title", cell: (row) => <b className="c-cut">{row.projection} <span className="c-quiet">v{row.version}</span></b> },
  { id: "entity", title: "Entity", width: "minmax(200px, 1fr)", cell: (row) => <EntityId entity={row.entity} sequence={row.sequence} /> },
  { id: "code", title: "Code", from: 900, width: "150px", cell: (row) => <span className="c-mono c-cut" title={row.code}>{row.code}</span> },
  { id: "message", title: "Cause", from: 640, width: "minmax(180px, 2fr)", cell: (row) => <span className="c-cut" title={row.message}>{row.message}</span> },
  { id: "attempts", title: "Tries", from: 1150, width: "60px", align: "end", cell: (row) => count(row.attempts) },
  { id: "behind", title: "Behind it", from: 700, width: "80px", align: "end", cell: (row) => count(row.behind) },
  { id: "since", title: "Since", width: "96px", cell: (row) => <Ago at={row.created_at} /> },
  { id: "state", title: "State", from: 1150, width: "96px", cell: (row) => <Badge tone={row.state === "parked" ? "warn" : "plain"}>{row.state}</Badge> },
];

/** Says why nothing can be done to these one by one, and what can. */
function HeldBack({ projection, version }: { projection: string; version: string }) {
  return (
    <p className="c-alert" role="note"><Icon name="warning" size={18} /><span>These are of <strong>{projection} v{version}</strong>, which does not serve: nobody misses their rows yet. Mend their cause (a constraint, a build) and rebuild again, or switch to it all the same. <Link className="c-link" to={addressOf(`projections/${projection}`)}>The rebuild</Link></span></p>
  );
}

export function DeadLettersPage() {
  const [query, change] = useQueryValues();
  const [projection, state] = [query.get("projection") ?? "", query.get("state") ?? "first"];
  // A version goes with its projection; without it those of the versions that serve are meant.
  const version = projection === "" ? "" : (query.get("version") ?? "");
  const pages = usePages((cursor) => admin.deadLetters({ projection, state, version, cursor }), [projection, state, version]);
  const projections = useRead(() => admin.projections(), []);
  const now = useLive<Overview>("overview");
  useOnChange(now?.dead_letters, pages.again);
  // Others may come while as many go: the number alone does not tell.
  useEvery(readAgainMs, () => {
    if (pages.items.length <= pageSize) pages.again();
  });
  const list = query.get("list") === "rules" ? "rules" : "letters";
  const [retryingAll, setRetryingAll] = useState(false);
  const retryable = state === "first" ? pages.items.filter((each) => each.state === "parked" && each.serving !== false) : [];
  const open = query.get("letter");
  const shown = pages.items.find((each) => String(each.id) === open);
  return (
    <Page title="Dead letters" note="An event that a projection can't take is parked with all later ones of its entity. The rest flows on."
      actions={list === "letters" && retryable.length > 1 && <button type="button" className="c-button" onClick={() => setRetryingAll(true)}><Icon name="again" size={14} />Retry these {count(retryable.length)}…</button>}
      drawer={shown && <DeadLetterDrawer key={shown.id} letter={shown} onClose={() => change({ letter: "" })} onChanged={pages.again} />}>
      <div className="c-tabs-row"><Tabs label="List" value={list} tabs={[["letters", "Dead letters"], ["rules", "Rules"]]} onChange={(next) => change({ list: next === "rules" ? next : "", letter: "" })} /></div>
      {list === "rules" ? <RulesList /> : <>
      <Filters names={["projection", "version", "state"]}>
        <TextFilter name="projection" label="Projection" placeholder="any" known={projections.data?.items.map((each) => each.projection)} />
        {projection !== "" && <TextFilter name="version" label="Version" placeholder="serving" width="90px" />}
        <SelectFilter name="state" label="State" fallback="first" options={[["first", "parked, the first of each entity"], ["parked", "parked, all"], ["retried", "retried"], ["discarded", "discarded"], ["any", "any"]]} />
      </Filters>
      {version !== "" && pages.items.some((each) => each.serving === false) && <HeldBack projection={projection} version={version} />}
      <Table label="Dead letters" columns={columns} rows={pages.items} rowKey={(row) => String(row.id)} selected={open ?? undefined} pages={pages}
        onOpen={(row) => change({ letter: open === String(row.id) ? "" : row.id })}
        empty={<Empty icon="letters" title={projection || state !== "first" ? "No dead letter fits these filters." : "No dead letters."}>{!projection && state === "first" && <p>Every event has been folded by every projection.</p>}</Empty>} />
      </>}
      {retryingAll && (
        <BulkDialog title="Retry these dead letters" items={retryable} nameOf={(each) => `${each.projection} ${each.position}`} one="entity" many="entities" verb="Retry" tryVerb="Dry run" onClose={() => setRetryingAll(false)} onDone={pages.again}
          run={async (each, dry) => { const { still_parked, problem } = await admin.retryDeadLetter(each.id, dry); return still_parked > 0 || problem ? { problem: problem ?? `${plural(still_parked, "event stays", "events stay")} parked` } : {}; }}>
          <p>For each of the {plural(retryable.length, "entity", "entities")} of this list: its first parked event and all behind it are folded in order, up to the first that fails again. Nothing is skipped. A dry run folds for real and undoes it.</p>
        </BulkDialog>
      )}
    </Page>
  );
}
