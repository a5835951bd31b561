import { Dialog } from "../components/dialog";
import { pages } from "./pages";

const everywhere: [string[], string][] = [
  [["Ctrl", "K"], "Jump to a page, an id or a position"],
  [["/"], "To the first filter"],
  [["l"], "Let what is live stand still, or go on"],
  [["v"], "Keep or share this view"],
  [["?"], "These keys"],
  [["Esc"], "Close details or a window"],
];
const lists: [string[], string][] = [
  [["↓", "↑"], "Next, previous row (also j, k)"],
  [["Enter"], "Open the row"],
];
const scrubber: [string[], string][] = [
  [["→", "←"], "One event on, back"],
  [["Shift", "→"], "Ten events on"],
  [["Home", "End"], "The first, the last event"],
  [["c"], "Compare with this point"],
  [["Space"], "Play through the events"],
];

function Keys({ title, rows }: { title: string; rows: [string[], string][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="c-keys">
        {rows.map(([keys, what]) => (
          <div key={what}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose} className="c-help">
      <div className="c-help-columns">
        <div>
          <Keys title="Everywhere" rows={everywhere} />
          <Keys title="In lists" rows={lists} />
          <Keys title="In an entity's history" rows={scrubber} />
        </div>
        <Keys title="Go to" rows={pages.map((page) => [["g", page.key], page.title])} />
      </div>
      <div className="c-dialog-actions"><button type="button" className="c-button" onClick={onClose}>Close</button></div>
    </Dialog>
  );
}
