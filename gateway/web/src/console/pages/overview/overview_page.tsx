import { useEffect, useMemo, useState } from "react";
import { addressOf } from "../../address/route";
import { admin } from "../../api/console_context";
import type { HistoryPoint, Overview, Problem } from "../../api/types";
import { Badge } from "../../components/badge";
import { Chart, wholeSteps } from "../../components/chart";
import { Icon } from "../../components/icon";
import { Link } from "../../components/link";
import { Page } from "../../components/page";
import { Facts } from "../../components/panel";
import { Loaded } from "../../components/states";
import { useRead } from "../../data/use_read";
import { brief, bytes, count, duration, milliseconds, plural, rate } from "../../format/numbers";
import { useLive, useLiveState } from "../../live/use_live";
import { pages } from "../../shell/pages";
import { extended } from "./history";

/** Lines of a scale of bytes: 16 MiB, 32 MiB, … 64 GiB. */
const byteSteps = Array.from({ length: 13 }, (_, power) => 2 ** (24 + power));

/** The server writes plain numbers: "4757 events are parked". */
const grouped = (text: string) => text.replaceAll(/(?<![\w:./-])\d{4,}(?= [a-z])/g, (digits) => count(Number(digits)));

const rank = { down: 0, warning: 1 } as const;

function ProblemRow({ problem }: { problem: Problem }) {
  const page = pages.find((each) => each.path === problem.page);
  return (
    <li className="c-problem-row" data-severity={problem.severity}>
      <Icon name={problem.severity === "down" ? "down" : "warning"} size={18} />
      <div>
        <p><strong>{problem.title}</strong> <Badge tone={problem.severity === "down" ? "bad" : "warn"}>{problem.severity}</Badge></p>
        <p className="c-quiet">{grouped(problem.detail)}</p>
      </div>
      {page && page.path !== "" && <Link to={addressOf(page.path)} className="c-button">{page.title}<Icon name="right" size={13} /></Link>}
    </li>
  );
}

function Health({ now }: { now: Overview }) {
  const problems = [...now.health.problems].sort((a, b) => rank[a.severity] - rank[b.severity]);
  if (problems.length === 0) {
    return (
      <section className="c-health" data-state="ok" aria-label="Health">
        <Icon name="check" size={18} />
        <p><strong>Everything is well.</strong> <span className="c-quiet">{plural(now.log.partitions, "partition")} serving, projections {now.lag.records === 0 ? "up to date" : `${duration(now.lag.seconds)} behind`}.</span></p>
      </section>
    );
  }
  return (
    <section className="c-health" data-state={now.health.state} aria-label="Health">
      <ul>{problems.map((problem) => <ProblemRow key={`${problem.page} ${problem.title} ${problem.detail}`} problem={problem} />)}</ul>
    </section>
  );
}

interface GraphProps {
  title: string;
  value: string;
  note: string;
  times: number[];
  values: (number | null)[];
  format: (value: number) => string;
  tone?: "accent" | "warm";
  atLeast?: number;
  to?: string;
  steps?: number[];
}

function Graph({ title, value, note, to, ...chart }: GraphProps) {
  return (
    <section className="c-graph" aria-label={title}>
      <header>
        <h2>{to ? <Link to={to}>{title}</Link> : title}</h2>
        <p className="c-graph-value">{value}</p>
        <p className="c-quiet c-small">{note}</p>
      </header>
      <Chart label={title} {...chart} />
    </section>
  );
}

function Graphs({ now, history }: { now: Overview; history: HistoryPoint[] }) {
  const series = useMemo(() => ({
    times: history.map((point) => new Date(point.at).getTime()),
    commands: history.map((point) => point.commands_per_s),
    records: history.map((point) => point.records_per_s),
    latency: history.map((point) => point.command_p99_ms),
    lag: history.map((point) => point.lag_records),
    connections: history.map((point) => point.connections),
    memory: history.map((point) => point.resident_bytes),
  }), [history]);
  const { times } = series;
  const { rates, latency, connections, memory, lag } = now;
  return (
    <div className="c-graphs">
      <Graph title="Commands" value={`${rate(rates.commands_per_s)}/s`} note={`${rate(rates.requests_per_s)} requests/s · ${rate(rates.frames_per_s)} frames/s`} times={times} values={series.commands} format={brief} />
      <Graph title="Records" value={`${rate(rates.records_per_s)}/s`} note={`${count(now.log.records)} in the log`} times={times} values={series.records} format={brief} to={addressOf("events")} />
      <Graph title="Command latency, p99" value={milliseconds(latency.command_p99_ms)} note={`p50 ${milliseconds(latency.command_p50_ms)} · requests p99 ${milliseconds(latency.request_p99_ms)}`}
        times={times} values={series.latency} format={milliseconds} tone="warm" atLeast={5} />
      <Graph title="Projection lag" value={plural(lag.records, "record")} note={`${duration(lag.seconds)} behind`} times={times} values={series.lag} format={brief} steps={wholeSteps} tone="warm" atLeast={10} to={addressOf("projections")} />
      <Graph title="Connections" value={count(connections.open)} note={`${plural(connections.websockets, "WebSocket")}`} times={times} values={series.connections} format={brief} steps={wholeSteps} atLeast={4} />
      <Graph title="Memory" value={bytes(memory.resident_bytes)} note={`${plural(memory.live_entities, "live entity", "live entities")}`} times={times} values={series.memory} format={bytes} atLeast={64 * 1024 * 1024} steps={byteSteps} />
    </div>
  );
}

export function OverviewPage() {
  const first = useRead(() => admin.overview(), []);
  const fresh = useLive<Overview>("overview");
  const state = useLiveState();
  const [history, setHistory] = useState<HistoryPoint[]>([]);
  useEffect(() => {
    if (first.data) setHistory(first.data.history ?? []);
  }, [first.data]);
  useEffect(() => {
    if (fresh) setHistory((before) => extended(before, fresh));
  }, [fresh]);
  // After a break the points in between are the server's to tell.
  const { again } = first;
  useEffect(() => {
    if (state === "live") again();
  }, [state, again]);
  return (
    <Page title="Overview">
      <Loaded state={first} rows={8}>
        {(read) => {
          const now = fresh && fresh.at >= read.at ? fresh : read;
          return (
            <>
              <Health now={now} />
              <Graphs now={now} history={history} />
              <section className="c-panel" aria-label="This server">
                <Facts items={[
                  ["Version", <span key="v" className="c-mono">{now.version}</span>],
                  ["Up for", duration(now.uptime_s)],
                  ["Node", <span key="n" className="c-mono">{now.node}</span>],
                  ["Log", `${now.log.kind}, ${plural(now.log.partitions, "partition")}`],
                  ["Dead letters", <Link key="d" className="c-link" to={addressOf("dead-letters")}>{count(now.dead_letters)}</Link>],
                  ["Effects waiting", <Link key="e" className="c-link" to={addressOf("effects")}>{count(now.effects.depth)}{now.effects.oldest_s !== null && now.effects.depth > 0 && `, oldest ${duration(now.effects.oldest_s)}`}</Link>],
                ]} />
              </section>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
