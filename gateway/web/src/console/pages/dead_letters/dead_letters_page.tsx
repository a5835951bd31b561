import { Tabs } from "../../../components/tabs";
import { useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { DeadLetter, Overview } from "../../api/types";
import { Badge } from "../../components/badge";
import { Filters, SelectFilter, TextFilter } from "../../components/filters";
import { EntityId } from "../../components/ids";
import { Page } from "../../components/page";
import { Empty } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Ago } from "../../components/times";
import { useOnChange } from "../../data/use_changes";
import { useEvery } from "../../data/use_every";
import { usePages } from "../../data/use_pages";
import { count } from "../../format/numbers";
import { useLive } from "../../live/use_live";
import { RulesList } from "./rules_list";
import { DeadLetterDrawer } from "./dead_letter_drawer";

const readAgainMs = 4000;
/** As the server hands them out. */
const pageSize = 50;

const columns: Column<DeadLetter>[] = [
  { id: "projection", title: "Projection", width: "130px", phone: "title", cell: (row) => <b className="c-cut">{row.projection} <span className="c-quiet">v{row.version}</span></b> },
  { id: "entity", title: "Entity", width: "minmax(200px, 1fr)", cell: (row) => <EntityId entity={row.entity} sequence={row.sequence} /> },
  { id: "code", title: "Code", width: "150px", cell: (row) => <span className="c-mono c-cut" title={row.code}>{row.code}</span> },
  { id: "message", title: "Cause", from: 800, width: "minmax(180px, 2fr)", cell: (row) => <span className="c-cut" title={row.message}>{row.message}</span> },
  { id: "attempts", title: "Tries", from: 900, width: "60px", align: "end", cell: (row) => count(row.attempts) },
  { id: "behind", title: "Behind it", from: 760, width: "80px", align: "end", cell: (row) => count(row.behind) },
  { id: "since", title: "Since", width: "96px", cell: (row) => <Ago at={row.created_at} /> },
  { id: "state", title: "State", from: 700, width: "96px", cell: (row) => <Badge tone={row.state === "parked" ? "warn" : "plain"}>{row.state}</Badge> },
];

export function DeadLettersPage() {
  const [query, change] = useQueryValues();
  const [projection, state] = [query.get("projection") ?? "", query.get("state") ?? "first"];
  const pages = usePages((cursor) => admin.deadLetters({ projection, state, cursor }), [projection, state]);
  const now = useLive<Overview>("overview");
  useOnChange(now?.dead_letters, pages.again);
  // Others may come while as many go: the number alone does not tell.
  useEvery(readAgainMs, () => {
    if (pages.items.length <= pageSize) pages.again();
  });
  const list = query.get("list") === "rules" ? "rules" : "letters";
  const open = query.get("letter");
  const shown = pages.items.find((each) => String(each.id) === open);
  return (
    <Page title="Dead letters" note="An event that a projection can't take is parked with all later ones of its entity. The rest flows on."
      drawer={shown && <DeadLetterDrawer key={shown.id} letter={shown} onClose={() => change({ letter: "" })} onChanged={pages.again} />}>
      <div className="c-tabs-row"><Tabs label="List" value={list} tabs={[["letters", "Dead letters"], ["rules", "Rules"]]} onChange={(next) => change({ list: next === "rules" ? next : "", letter: "" })} /></div>
      {list === "rules" ? <RulesList /> : <>
      <Filters names={["projection", "state"]}>
        <TextFilter name="projection" label="Projection" placeholder="any" />
        <SelectFilter name="state" label="State" fallback="first" options={[["first", "parked, the first of each entity"], ["parked", "parked, all"], ["retried", "retried"], ["discarded", "discarded"], ["any", "any"]]} />
      </Filters>
      <Table label="Dead letters" columns={columns} rows={pages.items} rowKey={(row) => String(row.id)} selected={open ?? undefined} pages={pages}
        onOpen={(row) => change({ letter: open === String(row.id) ? "" : row.id })}
        empty={<Empty icon="letters" title={projection || state !== "first" ? "No dead letter fits these filters." : "No dead letters."}><p>Every event has been folded by every projection.</p></Empty>} />
      </>}
    </Page>
  );
}
