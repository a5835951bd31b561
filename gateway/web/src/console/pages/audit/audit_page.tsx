import { useState } from "react";
import { describeError } from "../../../api/errors";
import { addressOf, useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { AuditEntry } from "../../api/types";
import { Badge, type Tone } from "../../components/badge";
import { Drawer } from "../../components/drawer";
import { Filters, SinceFilter, TextFilter, TimeFilter } from "../../components/filters";
import { Id } from "../../components/ids";
import { Icon } from "../../components/icon";
import { JsonTree } from "../../components/json_tree";
import { Link } from "../../components/link";
import { notify } from "../../components/notices";
import { Page } from "../../components/page";
import { Facts } from "../../components/panel";
import { Empty } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Time } from "../../components/times";
import { useFilterValues } from "../../data/use_filter_values";
import { usePages } from "../../data/use_pages";
import { isUuid, shortId, splitEntity } from "../../format/ids";
import { auditActions } from "../../format/known_names";
import { subjectPlace } from "../../format/named_places";
import { count, plural } from "../../format/numbers";

const filterNames = ["actor", "action", "since", "until", "q"];
const outcomeTone: Record<string, Tone> = { done: "good", refused: "warn", failed: "bad" };

const columns: Column<AuditEntry>[] = [
  { id: "at", title: "Time", width: "132px", cell: (row) => <Time at={row.at} /> },
  { id: "actor", title: "Who", width: "minmax(130px, 1fr)", cell: (row) => <span className="c-cut" title={row.actor.id}>{row.actor.email ?? row.actor.id}</span> },
  { id: "action", title: "Action", width: "minmax(150px, 1fr)", phone: "title", cell: (row) => <b className="c-mono c-cut">{row.action}</b> },
  { id: "subject", title: "Of", from: 700, width: "minmax(150px, 1.4fr)", cell: (row) => <span className="c-cut" title={row.subject ?? undefined}><SubjectWords of={row.subject} /></span> },
  { id: "privacy", title: "Content", width: "82px", cell: (row) => row.privacy ? <Badge tone={row.privacy === "full" ? "warn" : "plain"}>{row.privacy}</Badge> : <span className="c-quiet">–</span> },
  { id: "reason", title: "Why", from: 850, width: "minmax(120px, 1.6fr)", cell: (row) => <span className="c-cut" title={row.reason ?? undefined}>{row.reason ?? <span className="c-quiet">–</span>}</span> },
  { id: "outcome", title: "Outcome", width: "88px", cell: (row) => <Badge tone={outcomeTone[row.outcome] ?? "plain"}>{row.outcome}</Badge> },
];

/** What it was done to, as a link where it has a page. */
function Subject({ of, action }: { of: string | null; action: string }) {
  const to = of === null ? undefined : subjectPlace(of, action);
  return to === undefined ? <span className="c-mono">{of ?? "–"}</span> : <Link to={to} className="c-link c-mono">{of}</Link>;
}

/** Short, as one line of many. */
function SubjectWords({ of }: { of: string | null }) {
  const { kind, id } = splitEntity(of ?? "–");
  return isUuid(id) ? <>{kind} <span className="c-mono c-quiet">{shortId(id)}</span></> : <span className="c-mono">{of ?? "–"}</span>;
}

function EntryDrawer({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  return (
    <Drawer title={<span className="c-mono">{entry.action}</span>} onClose={onClose}>
      <Facts items={[
        ["When", <Time key="t" at={entry.at} />],
        ["Who", entry.actor.email ? <Link key="w" className="c-link" to={addressOf("audit", { actor: entry.actor.email })} title="All that this account did">{entry.actor.email}</Link> : "–"],
        ["Account", <Id key="a" id={entry.actor.id} />],
        ["Of", <Subject key="o" of={entry.subject} action={entry.action} />],
        ["Personal content", entry.privacy ?? "none concerned"],
        ["Outcome", <Badge key="x" tone={outcomeTone[entry.outcome] ?? "plain"}>{entry.outcome}</Badge>],
        ["From", <span key="f" className="c-mono">{entry.address ?? "–"}</span>],
        ["Request", entry.request_id ? <Id key="r" id={entry.request_id} /> : "–"],
      ]} />
      <h3>Why</h3>
      <p>{entry.reason ?? <span className="c-quiet">No reason was asked for.</span>}</p>
      <h3>Details</h3>
      <JsonTree value={entry.detail} label="Details" />
    </Drawer>
  );
}

export function AuditPage() {
  const [query, change] = useQueryValues();
  const filters = useFilterValues(filterNames);
  const [busy, setBusy] = useState(false);
  const pages = usePages((cursor) => admin.audit({ ...filters, cursor }), [JSON.stringify(filters)]);
  const open = query.get("entry");
  const shown = pages.items.find((each) => each.id === open);
  const download = async () => {
    setBusy(true);
    try {
      const link = document.createElement("a");
      const { file, total, cut } = await admin.auditCsv(filters);
      link.href = URL.createObjectURL(file);
      link.download = "audit.csv";
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      notify(cut ? `The file does not have all ${count(total)} entries, only the newest; its last line says so. Narrow the filters by time to get the others.` : `The file has all ${plural(total, "entry", "entries")}.`, cut);
    } catch (error) {
      notify(describeError(error), true);
    }
    setBusy(false);
  };
  return (
    <Page title="Audit" note="Who looked at or did what, when, and why. Nothing here can be changed."
      drawer={shown && <EntryDrawer key={shown.id} entry={shown} onClose={() => change({ entry: "" })} />}
      actions={
        <>
          <button type="button" className="c-button" onClick={pages.again}><Icon name="again" size={14} />Read again</button>
          <button type="button" className="c-button" disabled={busy} onClick={() => void download()}><Icon name="download" size={14} />{busy ? "Preparing…" : "Download CSV"}</button>
        </>
      }>
      <Filters names={filterNames}>
        <TextFilter name="actor" label="Who" placeholder="e-mail or id" width="170px" />
        <TextFilter name="action" label="Action" placeholder="any" width="150px" known={auditActions} />
        <TextFilter name="q" label="Contains" placeholder="reason, subject" width="170px" wait={350} />
        <SinceFilter />
        <TimeFilter name="until" label="Until" />
      </Filters>
      <Table label="Audit entries" columns={columns} rows={pages.items} rowKey={(row) => row.id} selected={open ?? undefined} pages={pages}
        onOpen={(row) => change({ entry: open === row.id ? "" : row.id })} empty={<Empty icon="audit" title="No entry fits these filters." />} />
    </Page>
  );
}
