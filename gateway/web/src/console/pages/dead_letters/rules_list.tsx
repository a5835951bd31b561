import { useState } from "react";
import { useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { EventRule } from "../../api/types";
import { ActionDialog } from "../../components/action_dialog";
import { Badge } from "../../components/badge";
import { EntityId } from "../../components/ids";
import { Empty } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Time } from "../../components/times";
import { usePages } from "../../data/use_pages";
import { scopeOf } from "./rule_operations";

const inWords = ({ op, path, to }: EventRule["operations"][number]) => (op === "rename" ? `${path} → ${to}` : op === "remove" ? `− ${path}` : `${path} = …`);

/** One event, an entity's events from one on, or every event of the type. */
function Scope({ of }: { of: EventRule }) {
  const scope = scopeOf(of);
  if (scope === "type" || !of.entity) return "every event of the type";
  return <span className="c-cut"><EntityId entity={of.entity} sequence={of.from_sequence} /> <span className="c-quiet">{scope === "event" ? "this event alone" : "from here on"}</span></span>;
}

/** Rules by which events are read differently from how they lie in the log. */
export function RulesList() {
  const [query] = useQueryValues();
  const projection = query.get("projection") ?? "";
  const pages = usePages((cursor) => admin.eventRules({ projection, cursor }), [projection]);
  const [retiring, setRetiring] = useState<EventRule>();
  const columns: Column<EventRule>[] = [
    { id: "type", title: "Event", width: "minmax(190px, 1fr)", phone: "title", cell: (row) => <b className="c-cut">{row.type} <span className="c-quiet">v{row.version}</span></b> },
    { id: "projection", title: "Projection", from: 800, width: "112px", cell: (row) => row.projection },
    { id: "where", title: "Holds for", width: "minmax(240px, 1.4fr)", cell: (row) => <Scope of={row} /> },
    { id: "what", title: "Reads", width: "minmax(110px, 1fr)", cell: (row) => <span className="c-mono c-cut" title={row.operations.map(inWords).join(", ")}>{row.operations.map(inWords).join(", ")}</span> },
    { id: "why", title: "Reason", from: 960, width: "minmax(110px, 1fr)", cell: (row) => <span className="c-cut" title={row.reason}>{row.reason}</span> },
    { id: "since", title: "Since", from: 1120, width: "150px", cell: (row) => <Time at={row.created_at} /> },
    { id: "state", title: "", width: "104px", align: "end", cell: (row) => row.retired_at ? <Badge title={row.retire_reason ?? undefined}>retired</Badge> : <button type="button" className="c-button c-button-small c-button-danger-quiet" onClick={() => setRetiring(row)}>Retire…</button> },
  ];
  return (
    <>
      <Table label="Rules" columns={columns} rows={pages.items} rowKey={(row) => row.id} pages={pages} empty={<Empty icon="letters" title="No rule was made.">Events are read as they lie in the log.</Empty>} />
      {retiring && <ActionDialog path={`/event-rules/${retiring.id}/retire`} verb="Retire" title={`Retire rule ${retiring.id}?`} done="The rule is retired: events are read as they lie in the log." onClose={() => setRetiring(undefined)} onDone={pages.again} />}
    </>
  );
}
