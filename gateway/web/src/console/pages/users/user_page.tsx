import { Tabs } from "../../../components/tabs";
import { addressOf, go, useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Remembered } from "../../api/types";
import { Badge } from "../../components/badge";
import { CopyButton, Id } from "../../components/ids";
import { Link } from "../../components/link";
import { Page } from "../../components/page";
import { Facts } from "../../components/panel";
import { Empty, Loaded } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Time } from "../../components/times";
import { usePages } from "../../data/use_pages";
import { useRead } from "../../data/use_read";
import { count } from "../../format/numbers";
import { talkColumns } from "./users_page";

const memoryColumns: Column<Remembered>[] = [
  { id: "text", title: "Memory", width: "minmax(220px, 3fr)", phone: "title", cell: (row) => <span className="c-cut" title={row.text ?? undefined}>{row.text ?? <span className="c-quiet">not shown</span>}</span> },
  { id: "kind", title: "Kind", width: "86px", cell: (row) => <Badge tone={row.kind === "fact" ? "accent" : "plain"}>{row.kind}</Badge> },
  { id: "character", title: "Character", width: "124px", cell: (row) => <Id id={row.character_id} to={addressOf(`entities/character/${row.character_id}`)} /> },
  { id: "valid", title: "Valid", width: "170px", cell: (row) => row.valid_to ? <span className="c-quiet">until <Time at={row.valid_to} /></span> : <Badge tone="good">now</Badge> },
  { id: "recorded", title: "Recorded", width: "150px", cell: (row) => <Time at={row.recorded_at} /> },
  { id: "source", title: "From", width: "124px", cell: (row) => row.sources[0] ? <Id id={row.sources[0].message_id} to={addressOf(`conversations/${row.sources[0].conversation_id}`, { message: row.sources[0].message_id })} /> : <span className="c-quiet">–</span> },
];

function Conversations({ id }: { id: string }) {
  const pages = usePages((cursor) => admin.conversationsOf(id, { cursor }), [id]);
  return <Table label="Conversations" columns={talkColumns.filter((column) => column.id !== "user")} rows={pages.items} rowKey={(row) => row.id} pages={pages} onOpen={(row) => go(addressOf(`conversations/${row.id}`))}
    empty={<Empty icon="people" title="No conversations yet." />} />;
}

function Memories({ id }: { id: string }) {
  const pages = usePages((cursor) => admin.memoriesOf(id, { cursor }), [id]);
  return <Table label="Memories" columns={memoryColumns} rows={pages.items} rowKey={(row) => row.id} pages={pages} empty={<Empty icon="people" title="Nothing is remembered of this person." />} />;
}

export function UserPage({ id }: { id: string }) {
  const [query, change] = useQueryValues();
  const user = useRead(() => admin.user(id), [id]);
  const list = query.get("list") === "memories" ? "memories" : "conversations";
  return (
    <Page title={user.data?.name ?? "A user"} note={<CopyButton text={id} />} trail={<><Link className="c-link" to={addressOf("users")}>Users</Link> <span className="c-quiet">/ <span className="c-mono">{id}</span></span></>}
      actions={
        <>
          <Link className="c-button" to={addressOf(`entities/user/${id}`)}>Inspect</Link>
          <Link className="c-button" to={addressOf(`entities/user/${id}`, { view: "world" })}>Whole world</Link>
        </>
      }>
      <Loaded state={user} rows={2}>
        {(of) => (
          <>
            <Facts items={[
              ["E-mail", of.email ?? <span key="e" className="c-quiet">not shown</span>],
              ["Roles", of.roles.join(", ")],
              ["Since", <Time key="s" at={of.created_at} />],
              ...(of.conversations === undefined ? [] : [["Conversations", count(of.conversations)] as [string, string]]),
            ]} />
            <div className="c-tabs-row"><Tabs label="What to show" value={list} tabs={[["conversations", "Conversations"], ["memories", "Memories"]]} onChange={(next) => change({ list: next === "memories" ? next : "" })} /></div>
            {list === "conversations" ? <Conversations id={id} /> : <Memories id={id} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
