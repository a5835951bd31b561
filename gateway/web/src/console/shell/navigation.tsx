import { addressOf } from "../address/route";
import { admin, useMe } from "../api/console_context";
import type { Overview } from "../api/types";
import { Dot } from "../components/badge";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { useKeptViews } from "../data/kept_views";
import { count } from "../format/numbers";
import { useLive } from "../live/use_live";
import { entryOf, groups, pages } from "./pages";
import { PrivacySwitch } from "./privacy_switch";
import { TimeSwitch } from "./time_switch";

/** Queues as deep or old as this are an alert, as the server's rule says. */
const effectsDepthAlert = 1000;
const effectsAgeAlertS = 300;

function markOf(path: string, now: Overview | undefined) {
  if (!now) return undefined;
  if (path === "" && now.health.state !== "ok") return <Dot tone={now.health.state === "down" ? "bad" : "warn"} />;
  if (path === "dead-letters" && now.dead_letters > 0) return <span className="c-count" data-tone="warn" title="dead letters">{count(now.dead_letters)}</span>;
  if (path === "effects" && (now.effects.depth > effectsDepthAlert || (now.effects.oldest_s ?? 0) > effectsAgeAlertS)) return <span className="c-count" data-tone="warn">{count(now.effects.depth)}</span>;
  return undefined;
}

export function Navigation({ parts, onClose }: { parts: string[]; onClose: () => void }) {
  const me = useMe();
  const now = useLive<Overview>("overview");
  const here = entryOf(parts);
  const views = useKeptViews();
  return (
    <nav className="c-nav" aria-label="Console">
      <div className="c-nav-head">
        <Link to={addressOf("")} className="c-brand"><img src="/moon.svg" alt="" width={24} height={24} />Reverie <span>console</span></Link>
        <button type="button" className="c-icon-button c-nav-close" aria-label="Close the menu" onClick={onClose}><Icon name="close" /></button>
      </div>
      <div className="c-nav-pages">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h2>{group}</h2>
            <ul>
              {pages.filter((page) => page.group === group).map((page) => (
                <li key={page.path}>
                  <Link to={addressOf(page.path)} className="c-nav-link" aria-current={page === here ? "page" : undefined} onClick={onClose}>
                    <Icon name={page.icon} />
                    <span>{page.title}</span>
                    {markOf(page.path, now)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {views.length > 0 && (
          <section aria-label="Kept views">
            <h2>Kept views</h2>
            <ul>{views.map((view) => <li key={view.name}><Link to={view.to} className="c-nav-link c-nav-kept" title={view.name} onClick={onClose}><Icon name="star" /><span>{view.name}</span></Link></li>)}</ul>
          </section>
        )}
      </div>
      <div className="c-nav-privacy"><PrivacySwitch /><TimeSwitch /></div>
      <div className="c-nav-foot">
        <div className="c-nav-me">
          <span title={me.email}>{me.email}</span>
          <span className="c-quiet c-small">{me.roles.filter((role) => role !== "user").join(", ")}</span>
        </div>
        <button type="button" className="c-icon-button" aria-label="Sign out" title="Sign out" onClick={() => void admin.signOut()}><Icon name="leave" /></button>
      </div>
    </nav>
  );
}
