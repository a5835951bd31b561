import { Tabs } from "../../../components/tabs";
import { addressOf, go, useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Person, Talk } from "../../api/types";
import { Badge } from "../../components/badge";
import { Filters, SelectFilter, TextFilter } from "../../components/filters";
import { Id } from "../../components/ids";
import { Page } from "../../components/page";
import { Empty } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Ago, Time } from "../../components/times";
import { usePages } from "../../data/use_pages";
import { isUuid } from "../../format/ids";
import { count } from "../../format/numbers";

const hidden = <span className="c-quiet">not shown</span>;

const userColumns: Column<Person>[] = [
  { id: "name", title: "Name", width: "minmax(120px, 1fr)", phone: "title", cell: (row) => <b className="c-cut">{row.name ?? hidden}</b> },
  { id: "email", title: "E-mail", width: "minmax(180px, 1.5fr)", cell: (row) => <span className="c-cut">{row.email ?? hidden}</span> },
  { id: "id", title: "Id", width: "130px", cell: (row) => <Id id={row.id} to={addressOf(`users/${row.id}`)} /> },
  { id: "roles", title: "Roles", width: "150px", cell: (row) => row.roles.map((role) => <Badge key={role} tone={role === "user" ? "plain" : "accent"}>{role}</Badge>) },
  { id: "conversations", title: "Conversations", width: "112px", align: "end", cell: (row) => count(row.conversations) },
  { id: "active", title: "Last active", width: "104px", align: "end", cell: (row) => <Ago at={row.last_active_at} /> },
  { id: "created", title: "Since", from: 950, width: "150px", phone: "hide", cell: (row) => <Time at={row.created_at} /> },
];

export const talkColumns: Column<Talk>[] = [
  { id: "title", title: "Conversation", width: "minmax(160px, 2fr)", phone: "title", cell: (row) => <b className="c-cut">{row.title || row.character_name || "untitled"}</b> },
  { id: "character", title: "With", width: "minmax(110px, 1fr)", cell: (row) => row.character_name ? <span className="c-cut">{row.character_name}</span> : <Id id={row.character_id} /> },
  { id: "user", title: "User", width: "130px", cell: (row) => row.user_id ? <Id id={row.user_id} to={addressOf(`users/${row.user_id}`)} /> : <span className="c-quiet">–</span> },
  { id: "id", title: "Id", from: 900, width: "130px", phone: "hide", cell: (row) => <Id id={row.id} to={addressOf(`conversations/${row.id}`)} /> },
  { id: "messages", title: "Messages", width: "88px", align: "end", cell: (row) => count(row.messages) },
  { id: "state", title: "State", width: "80px", cell: (row) => <Badge tone={row.state === "open" ? "good" : "plain"}>{row.state}</Badge> },
  { id: "updated", title: "Updated", width: "104px", align: "end", cell: (row) => <Ago at={row.updated_at} /> },
];

function UserList() {
  const [query] = useQueryValues();
  const [q, sort, role] = [query.get("q") ?? "", query.get("sort") ?? "", query.get("role") ?? ""];
  const pages = usePages((cursor) => admin.users({ q, sort, filter: role && `roles:eq:${role}`, cursor }), [q, sort, role]);
  return (
    <>
      <Filters names={["q", "role", "sort"]}>
        <TextFilter name="q" label="Search" placeholder="e-mail, name or id" width="240px" wait={350} />
        <SelectFilter name="role" label="Role" options={[["", "any"], ["operator", "operator"], ["admin", "admin"]]} />
        <SelectFilter name="sort" label="Order" options={[["", "newest first"], ["created_at", "oldest first"]]} />
      </Filters>
      <Table label="Users" columns={userColumns} rows={pages.items} rowKey={(row) => row.id} pages={pages} onOpen={(row) => go(addressOf(`users/${row.id}`))}
        empty={<Empty icon="people" title={q ? "Nobody fits this search." : "Nobody has signed up yet."} />} />
    </>
  );
}

function TalkList() {
  const [query] = useQueryValues();
  const [state, user, character] = [query.get("state") ?? "", query.get("user") ?? "", query.get("character") ?? ""];
  const filter = [state && `state:eq:${state}`, isUuid(user) && `user_id:eq:${user.toLowerCase()}`, isUuid(character) && `character_id:eq:${character.toLowerCase()}`].filter(Boolean).join(",");
  const pages = usePages((cursor) => admin.conversations({ filter, cursor }), [filter]);
  return (
    <>
      <Filters names={["user", "character", "state"]}>
        <TextFilter name="user" label="User" placeholder="id" width="160px" />
        <TextFilter name="character" label="Character" placeholder="id" width="160px" />
        <SelectFilter name="state" label="State" options={[["", "all"], ["open", "open"], ["closed", "closed"]]} />
      </Filters>
      {[user, character].some((each) => each !== "" && !isUuid(each)) && <p className="c-problem">An id is a UUID.</p>}
      <Table label="Conversations" columns={talkColumns} rows={pages.items} rowKey={(row) => row.id} pages={pages} onOpen={(row) => go(addressOf(`conversations/${row.id}`))}
        empty={<Empty icon="people" title="No conversation fits." />} />
    </>
  );
}

export function UsersPage() {
  const [query, change] = useQueryValues();
  const list = query.get("list") === "conversations" ? "conversations" : "users";
  return (
    <Page title="Users & conversations" note="Reading here is written into the audit log.">
      <div className="c-tabs-row"><Tabs label="List" value={list} tabs={[["users", "Users"], ["conversations", "Conversations"]]} onChange={(next) => change({ list: next === "users" ? "" : next, q: "", sort: "", role: "", state: "", user: "", character: "" })} /></div>
      {list === "users" ? <UserList /> : <TalkList />}
    </Page>
  );
}
