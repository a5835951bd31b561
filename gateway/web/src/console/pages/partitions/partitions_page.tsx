import { useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Listed, Partition } from "../../api/types";
import { Badge } from "../../components/badge";
import { Page } from "../../components/page";
import { Empty, Loaded } from "../../components/states";
import { type Column, Table } from "../../components/table";
import { Ago } from "../../components/times";
import { useRead } from "../../data/use_read";
import { count, plural } from "../../format/numbers";
import { useLive } from "../../live/use_live";
import { PartitionDrawer } from "./partition_drawer";

const columns: Column<Partition>[] = [
  { id: "partition", title: "Partition", width: "84px", phone: "title", by: (row) => row.partition, cell: (row) => <b>{row.partition}</b> },
  { id: "state", title: "State", width: "minmax(110px, 1fr)", by: (row) => (row.serving ? 1 : 0), cell: (row) => row.serving ? <Badge tone="good">serving</Badge> : <Badge tone="bad" title={row.reason ?? undefined}>{row.reason ?? "not serving"}</Badge> },
  { id: "node", title: "Owner", from: 940, width: "minmax(130px, 1fr)", by: (row) => row.node ?? "", cell: (row) => <span className="c-mono c-cut" title={row.node ?? undefined}>{row.node ?? "nobody"}</span> },
  { id: "epoch", title: "Epoch", from: 620, width: "64px", align: "end", by: (row) => row.epoch, cell: (row) => count(row.epoch) },
  { id: "applied", title: "Applied", from: 1450, width: "96px", align: "end", phone: "hide", by: (row) => row.applied_next, cell: (row) => count(row.applied_next) },
  { id: "end", title: "Log end", from: 560, width: "96px", align: "end", by: (row) => row.log_end, cell: (row) => count(row.log_end) },
  { id: "behind", title: "Behind", width: "72px", align: "end", by: (row) => row.log_end - row.applied_next, cell: (row) => <Amount value={Math.max(0, row.log_end - row.applied_next)} tone="warn" /> },
  { id: "fenced", title: "Fenced", from: 700, width: "72px", align: "end", by: (row) => row.fenced, cell: (row) => <Amount value={row.fenced} tone="plain" /> },
  { id: "repeated", title: "Repeated", from: 800, width: "80px", align: "end", phone: "hide", by: (row) => row.repeated, cell: (row) => <Amount value={row.repeated} tone="plain" /> },
  { id: "gaps", title: "Gaps", width: "60px", align: "end", by: (row) => row.gaps, cell: (row) => <Amount value={row.gaps} tone="bad" /> },
  { id: "live", title: "Live", from: 1245, width: "72px", align: "end", phone: "hide", by: (row) => row.live_entities, cell: (row) => count(row.live_entities) },
  { id: "parked", title: "Parked", from: 1150, width: "68px", align: "end", phone: "hide", by: (row) => row.parked_entities, cell: (row) => <Amount value={row.parked_entities} tone="warn" /> },
  { id: "effects", title: "Effects", from: 1340, width: "68px", align: "end", phone: "hide", by: (row) => row.pending_effects, cell: (row) => <Amount value={row.pending_effects} tone="plain" /> },
  { id: "checkpoint", title: "Checkpoint", from: 1065, width: "104px", align: "end", by: (row) => row.checkpoint?.at ?? "", cell: (row) => row.checkpoint ? <Ago at={row.checkpoint.at} /> : <span className="c-quiet">none yet</span> },
];

/** Zero is quiet; anything else has the tone of what it means. */
function Amount({ value, tone }: { value: number; tone: "bad" | "warn" | "plain" }) {
  return <span className={value === 0 ? "c-quiet" : undefined} data-tone={value === 0 ? undefined : tone}>{count(value)}</span>;
}

/** Only what leads to another web page: the address comes from a setting. */
function consoleOf(partitions: Partition[]): string | undefined {
  const address = partitions.find((each) => each.console)?.console ?? "";
  return /^https?:\/\//.test(address) ? address : undefined;
}

function Nodes({ partitions }: { partitions: Partition[] }) {
  const nodes = new Map<string, Partition[]>();
  for (const partition of partitions) nodes.set(partition.node ?? "", [...(nodes.get(partition.node ?? "") ?? []), partition]);
  const sum = (of: Partition[], value: (partition: Partition) => number) => of.reduce((all, each) => all + value(each), 0);
  return (
    <ul className="c-nodes" aria-label="Nodes">
      {[...nodes].map(([node, of]) => {
        const serving = of.filter((each) => each.serving).length;
        const there = consoleOf(of);
        return (
          <li key={node} className="c-node">
            <p>{there ? <a className="c-link c-mono c-cut" href={`${there}/partitions`} target="_blank" rel="noreferrer" title="Its own console, in a new tab">{node}</a> : <span className="c-mono c-cut">{node || "nobody"}</span>} {of.some((each) => each.here) && <span className="c-quiet c-small">this node</span>} <Badge tone={serving === of.length ? "good" : "bad"}>{serving} of {of.length} serving</Badge></p>
            <p className="c-quiet c-small">{plural(sum(of, (each) => each.live_entities), "live entity", "live entities")} · {plural(sum(of, (each) => each.commands_in_flight), "command")} under way · {plural(sum(of, (each) => each.pending_effects), "pending effect")}</p>
          </li>
        );
      })}
    </ul>
  );
}

export function PartitionsPage() {
  const [query, change] = useQueryValues();
  const first = useRead(() => admin.partitions(), []);
  const fresh = useLive<Listed<Partition>>("partitions");
  const open = query.get("partition");
  const shown = (fresh ?? first.data)?.items.find((each) => String(each.partition) === open);
  return (
    <Page title="Nodes & partitions" drawer={shown && <PartitionDrawer key={shown.partition} partition={shown} onClose={() => change({ partition: "" })} />}
      note="A gap is an alarm. Fenced and repeated records are ignored by every reader.">
      <Loaded state={fresh ? { ...first, data: fresh, error: undefined } : first}>
        {({ items }) => (
          <>
            <Nodes partitions={items} />
            <Table label="Partitions" columns={columns} rows={items} rowKey={(row) => String(row.partition)} selected={open ?? undefined}
              onOpen={(row) => change({ partition: open === String(row.partition) ? "" : row.partition })} empty={<Empty icon="partitions" title="This node owns no partition yet." />} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
