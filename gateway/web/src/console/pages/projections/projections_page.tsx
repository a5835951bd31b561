import { addressOf } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Listed, Projection } from "../../api/types";
import { Badge } from "../../components/badge";
import { Chart, wholeSteps } from "../../components/chart";
import { Link } from "../../components/link";
import { Page } from "../../components/page";
import { Empty, Loaded } from "../../components/states";
import { useRead } from "../../data/use_read";
import { brief, count, duration, percent, plural, rate } from "../../format/numbers";
import { useLive } from "../../live/use_live";
import { stateOf, trendWords } from "./projection_words";

function Card({ of }: { of: Projection }) {
  const serving = of.versions.find((version) => version.serving) ?? of.versions[0];
  const running = of.rebuild && ["running", "paused", "comparing", "ready"].includes(of.rebuild.state) ? of.rebuild : null;
  const state = stateOf(serving);
  return (
    <li>
      <Link className="c-projection" to={addressOf(`projections/${of.projection}`)} aria-label={`${of.projection}: ${state.words}`}>
        <header>
          <h2>{of.projection}</h2>
          <Badge tone={state.tone}>{state.words}</Badge>
          <span className="spacer" />
          <span className="c-quiet">{of.serving_version === null ? "nothing serves" : `serves v${of.serving_version}`}{of.versions.length > 1 && `, ${plural(of.versions.length - 1, "other version")}`}</span>
        </header>
        {serving && (
          <dl className="c-projection-facts">
            <div><dt>Lag</dt><dd>{count(serving.lag_records)} <span className="c-quiet c-small">{duration(serving.lag_seconds)}</span></dd></div>
            <div><dt>Rate</dt><dd>{rate(serving.rate_per_s)}<span className="c-quiet c-small">/s</span></dd></div>
            <div><dt>Rows</dt><dd>{count(serving.rows)}</dd></div>
            <div><dt>Trend</dt><dd>{trendWords[serving.trend] ?? serving.trend}</dd></div>
          </dl>
        )}
        <Chart label={`Lag of ${of.projection}`} times={of.history.map((point) => new Date(point.at).getTime())} values={of.history.map((point) => point.lag_records)} format={brief} steps={wholeSteps} tone="warm" height={64} atLeast={10} />
        {running && (
          <p className="c-projection-rebuild">
            <span>Rebuild to v{running.version}: {running.state} · {percent(running.done, running.total)}{running.state === "running" && running.seconds_left !== null && ` · ${duration(running.seconds_left)} left`}</span>
            <progress max={Math.max(1, running.total)} value={running.done} aria-label={`Rebuild of ${of.projection}`} />
          </p>
        )}
        {serving?.problem && <p className="c-problem">{serving.problem}</p>}
      </Link>
    </li>
  );
}

export function ProjectionsPage() {
  const first = useRead(() => admin.projections(), []);
  const fresh = useLive<Listed<Projection>>("projections");
  return (
    <Page title="Projections" note="Tables folded from the log. Any of them can be made anew while it serves.">
      <Loaded state={fresh ? { ...first, data: fresh, error: undefined } : first}>
        {({ items }) => items.length === 0
          ? <Empty icon="projections" title="This server has no projections." />
          : <ul className="c-projections">{[...items].sort((a, b) => stateOf(a.versions.find((v) => v.serving)).rank - stateOf(b.versions.find((v) => v.serving)).rank).map((each) => <Card key={each.projection} of={each} />)}</ul>}
      </Loaded>
    </Page>
  );
}
