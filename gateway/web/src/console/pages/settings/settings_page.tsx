import { useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Json, Setting } from "../../api/types";
import { Badge } from "../../components/badge";
import { Filters, SelectFilter, TextFilter } from "../../components/filters";
import { Page } from "../../components/page";
import { Empty, Loaded } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { useRead } from "../../data/use_read";

function Value({ value, unit }: { value: Json; unit: string | null }) {
  if (value === null || value === "") return <span className="c-quiet">not set</span>;
  return <span className="c-mono c-wrap">{typeof value === "object" ? JSON.stringify(value) : String(value)}{unit && <span className="c-quiet"> {unit}</span>}</span>;
}

/** What stands between backticks is a name or a value. */
function Meaning({ text }: { text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}

const columns: Column<Setting>[] = [
  { id: "name", title: "Setting", width: "minmax(180px, 1.2fr)", phone: "title", by: (row) => row.name, cell: (row) => <b className="c-mono c-wrap">{row.name}</b> },
  { id: "value", title: "Value", width: "minmax(140px, 1.2fr)", cell: (row) => row.secret ? <span className="c-quiet">{row.source === "default" ? "secret, not set" : "secret, hidden"}</span> : <Value value={row.value} unit={row.unit} /> },
  { id: "default", title: "Default", from: 900, width: "minmax(110px, 0.8fr)", cell: (row) => row.secret ? <span className="c-quiet">–</span> : <span className="c-quiet"><Value value={row.default} unit={row.unit} /></span> },
  { id: "source", title: "From", width: "104px", by: (row) => row.source, cell: (row) => <Badge tone={row.source === "default" ? "plain" : "accent"}>{row.source}</Badge> },
  { id: "meaning", title: "Meaning", width: "minmax(220px, 2.4fr)", cell: (row) => <span className="c-wrap"><Meaning text={row.meaning} /></span> },
];

export function SettingsPage() {
  const [query] = useQueryValues();
  const read = useRead(() => admin.settings(), []);
  const words = (query.get("q") ?? "").toLowerCase();
  const source = query.get("source") ?? "";
  return (
    <Page title="Settings" note="What this server was started with. It can be changed by flag, variable or file, and a restart.">
      <Filters names={["q", "source"]}>
        <TextFilter name="q" label="Search" placeholder="name or meaning" width="220px" wait={150} />
        <SelectFilter name="source" label="From" options={[["", "anywhere"], ["default", "default"], ["file", "file"], ["environment", "environment"], ["flag", "flag"]]} />
      </Filters>
      <Loaded state={read} rows={12}>
        {({ items }) => (
          <Table label="Settings" columns={columns} rows={items.filter((each) => (source === "" || each.source === source) && `${each.name} ${each.meaning}`.toLowerCase().includes(words))} rowKey={(row) => row.name}
            empty={<Empty icon="settings" title="No setting fits." />} />
        )}
      </Loaded>
    </Page>
  );
}
