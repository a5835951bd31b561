import { addressOf, go, useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Fork } from "../../api/types";
import { Badge } from "../../components/badge";
import { Filters, TextFilter } from "../../components/filters";
import { Id } from "../../components/ids";
import { Page } from "../../components/page";
import { Empty } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Ago } from "../../components/times";
import { usePages } from "../../data/use_pages";
import { count } from "../../format/numbers";

const columns: Column<Fork>[] = [
  { id: "of", title: "Conversation", width: "minmax(150px, 1fr)", phone: "title", cell: (row) => <b className="c-cut">{row.character_name ? `With ${row.character_name}` : "A conversation"}</b> },
  { id: "at", title: "After event", width: "92px", align: "end", cell: (row) => count(row.origin_sequence) },
  { id: "model", title: "Answered by", width: "minmax(130px, 1fr)", cell: (row) => row.model ? <span className="c-mono c-cut">{row.model}</span> : <span className="c-quiet">the server's own</span> },
  { id: "said", title: "Said since", width: "88px", align: "end", cell: (row) => count(row.messages) },
  { id: "state", title: "State", width: "80px", cell: (row) => <Badge tone={row.state === "open" ? "good" : "plain"}>{row.state}</Badge> },
  { id: "origin", title: "Original", width: "130px", cell: (row) => <Id id={row.origin_id} to={addressOf(`conversations/${row.origin_id}`)} /> },
  { id: "id", title: "Fork", from: 900, width: "130px", phone: "hide", cell: (row) => <Id id={row.id} to={addressOf(`forks/${row.id}`)} /> },
  { id: "updated", title: "Updated", width: "104px", align: "end", cell: (row) => <Ago at={row.updated_at} /> },
];

/** Copies of conversations that operators continue apart. */
export function ForksPage() {
  const [query] = useQueryValues();
  const conversation = query.get("conversation") ?? "";
  const pages = usePages((cursor) => admin.forks({ conversation_id: conversation, cursor }), [conversation]);
  return (
    <Page title="Forks" note="Copies of conversations, continued apart. No person sees them.">
      <Filters names={["conversation"]}><TextFilter name="conversation" label="Conversation" placeholder="its id" width="300px" wait={350} /></Filters>
      <Table label="Forks" columns={columns} rows={pages.items} rowKey={(row) => row.id} pages={pages} onOpen={(row) => go(addressOf(`forks/${row.id}`))}
        empty={<Empty icon="fork" title={conversation ? "This conversation has no fork." : "Nothing was forked yet."}>Open a conversation in the entity inspector, go to the event where it should part, and fork it there: another model, the same past.</Empty>} />
    </Page>
  );
}
