import { type FormEvent, useState } from "react";
import { Dialog } from "../components/dialog";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { notify } from "../components/notices";
import { dropView, keepable, keepView, useKeptViews, viewNameMax } from "../data/kept_views";

const here = () => window.location.pathname + window.location.search;

/** Not the title of a person's page: it may be their name. */
const titleHere = () => (window.location.pathname.startsWith("/console/users/") ? "A user" : document.title.replace(/ · .*$/, ""));

function suggestedName(): string {
  const filters = [...new URLSearchParams(keepable(here()).split("?")[1] ?? "")].filter(([name]) => !["record", "letter", "entry", "at", "against", "why"].includes(name)).map(([, value]) => value);
  return [titleHere(), ...filters].join(", ").slice(0, viewNameMax);
}

/** Keeps a page with its filters under a name, in this browser, or gives its address to somebody else. */
export function ViewsDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState(suggestedName);
  const kept = useKeptViews();
  const address = keepable(here());
  const keep = (event: FormEvent) => {
    event.preventDefault();
    keepView(name, address);
    notify(`“${name.trim()}” is kept in this browser.`);
    onClose();
  };
  const share = () => {
    const link = window.location.href;
    if (!navigator.clipboard) return window.prompt("Copy this:", link);
    navigator.clipboard.writeText(link).then(() => notify("The link is copied."), () => window.prompt("Copy this:", link));
  };
  return (
    <Dialog title="Views" onClose={onClose}>
      <form className="c-action" onSubmit={keep}>
        <p>Every filter and selection is in the address. Keep this one under a name, in this browser, or send it to another operator.</p>
        <label className="c-field"><span>Name of this view</span><input name="name" value={name} maxLength={viewNameMax} autoComplete="off" required onChange={(event) => setName(event.target.value)} /></label>
        {address !== here() && <p className="c-quiet c-small">The words that you searched for are left out of what is kept: they may be a person's.</p>}
        <div className="c-dialog-actions">
          <button type="button" className="c-button" onClick={share}><Icon name="copy" size={14} />Copy the link</button>
          <button type="submit" className="c-button c-button-main" disabled={name.trim() === ""}>Keep this view</button>
        </div>
        {kept.length > 0 && (
          <section aria-label="Kept views">
            <h3>Kept</h3>
            <ul className="c-kept">
              {kept.map((view) => (
                <li key={view.name}>
                  <Link to={view.to} className="c-link c-cut" title={view.to} onClick={onClose}>{view.name}</Link>
                  <button type="button" className="c-icon-button" aria-label={`Drop the view ${view.name}`} title="Drop it" onClick={() => dropView(view.name)}><Icon name="close" size={14} /></button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </form>
    </Dialog>
  );
}
