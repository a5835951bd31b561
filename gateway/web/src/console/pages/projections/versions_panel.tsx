import { useState } from "react";
import { addressOf } from "../../address/route";
import type { Projection, ProjectionVersion } from "../../api/types";
import { Badge } from "../../components/badge";
import { Icon } from "../../components/icon";
import { Link } from "../../components/link";
import { Facts } from "../../components/panel";
import { Time } from "../../components/times";
import { count, duration, rate } from "../../format/numbers";
import { PartitionRows } from "./partition_rows";
import { stateOf, trendWords } from "./projection_words";

interface Props {
  of: Projection;
  version: ProjectionVersion;
  onSwitch: () => void;
  onDrop: () => void;
}

/** One version of a projection, and its partitions when it is opened. */
export function VersionPanel({ of, version, onSwitch, onDrop }: Props) {
  const [open, setOpen] = useState(version.serving && version.partitions.length <= 8);
  const state = stateOf(version);
  return (
    <section className="c-panel c-version" data-serving={version.serving} aria-label={`Version ${version.version}`}>
      <header className="c-panel-head">
        <h2>v{version.version}</h2>
        {version.serving && <Badge tone="accent">serves</Badge>}
        <Badge tone={state.tone}>{version.state === "followed" ? state.words : version.state}</Badge>
        <div className="c-panel-aside">
          {!version.serving && version.state === "followed" && <button type="button" className="c-button c-button-small" onClick={onSwitch}>{version.version < (of.serving_version ?? 0) ? "Roll back to it…" : "Go forward to it…"}</button>}
          {!version.serving && version.state === "ready" && <button type="button" className="c-button c-button-small" onClick={onSwitch}>Switch to it…</button>}
          {!version.serving && <button type="button" className="c-button c-button-small c-button-danger-quiet" onClick={onDrop}>Drop…</button>}
        </div>
      </header>
      <Facts items={[
        ["Lag", <>{count(version.lag_records)} <span className="c-quiet">records, {duration(version.lag_seconds)}</span></>],
        ["Rate", `${rate(version.rate_per_s)}/s`],
        ["Trend", trendWords[version.trend] ?? version.trend],
        ["Rows", count(version.rows)],
        ["Parked entities", version.parked_entities === 0 ? "0" : <Link key="p" className="c-link" to={addressOf("dead-letters", { projection: of.projection, version: version.serving ? undefined : version.version })}>{count(version.parked_entities)}</Link>],
        ["Schema", <span key="s" className="c-mono">{version.schema}</span>],
        ["Fold version", count(version.fold_version)],
        ["Switched", <Time key="t" at={version.switched_at} />],
      ]} />
      {version.problem && <p className="c-problem">{version.problem}</p>}
      <button type="button" className="c-disclose" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name={open ? "open" : "right"} size={13} />Its {version.partitions.length} partitions</button>
      {open && <PartitionRows rows={version.partitions} projection={of.projection} version={version.serving ? undefined : version.version} />}
    </section>
  );
}
