import { type ReactNode, useEffect, useRef, useState } from "react";
import { describeError } from "../../api/errors";
import { plural } from "../format/numbers";
import { Dialog } from "./dialog";

export interface BulkOutcome {
  /** Undefined: it went well. */
  problem?: string;
}

interface Props<T> {
  title: string;
  items: T[];
  nameOf: (item: T) => string;
  /** What is counted: "dead letter". */
  one: string;
  many?: string;
  verb: string;
  /** A try without effect, where there is one. */
  tryVerb?: string;
  /** What became of one of them; may throw. */
  run: (item: T, dry: boolean) => Promise<BulkOutcome>;
  children: ReactNode;
  onClose: () => void;
  onDone: () => void;
}

interface Progress {
  dry: boolean;
  done: number;
  over: boolean;
  failed: { name: string; problem: string }[];
}

/** The same action for many, one after another; it can be stopped between two of them, and says of each that failed why. */
export function BulkDialog<T>({ title, items, nameOf, one, many, verb, tryVerb, run, children, onClose, onDone }: Props<T>) {
  const [list] = useState(items);
  const [progress, setProgress] = useState<Progress>();
  const stopped = useRef(false);
  // Leaving the page stops it as closing the dialog does: nothing is done that nobody sees.
  useEffect(() => () => {
    stopped.current = true;
  }, []);
  const running = progress !== undefined && !progress.over;
  const start = async (dry: boolean) => {
    stopped.current = false;
    const now: Progress = { dry, done: 0, over: false, failed: [] };
    setProgress({ ...now });
    for (const item of list) {
      if (stopped.current) break;
      try {
        const { problem } = await run(item, dry);
        if (problem) now.failed.push({ name: nameOf(item), problem });
      } catch (error) {
        now.failed.push({ name: nameOf(item), problem: describeError(error) });
      }
      now.done += 1;
      setProgress({ ...now });
    }
    setProgress({ ...now, over: true });
    if (!dry) onDone();
  };
  const close = () => {
    stopped.current = true;
    onClose();
  };
  const well = progress ? progress.done - progress.failed.length : 0;
  return (
    <Dialog title={title} onClose={close}>
      <div className="c-action">
        {children}
        {progress && (
          <section aria-label="How it went" className="c-bulk">
            <progress max={Math.max(1, list.length)} value={progress.done} aria-label="Progress" />
            <p role="status"><b>{progress.done} of {list.length}</b> {progress.dry ? "tried" : "done"}: {well} {progress.dry ? "would go well" : "went well"}{progress.failed.length > 0 && `, ${progress.failed.length} ${progress.dry ? "would not" : "did not"}`}.</p>
            {progress.failed.length > 0 && <ul className="c-problem c-bulk-failed">{progress.failed.map((each) => <li key={each.name}><span className="c-mono">{each.name}</span> {each.problem}</li>)}</ul>}
          </section>
        )}
        <div className="c-dialog-actions">
          {running ? <button type="button" className="c-button" onClick={() => { stopped.current = true; }}>Stop</button> : <button type="button" className="c-button" onClick={close}>{progress && !progress.dry ? "Close" : "Cancel"}</button>}
          {tryVerb && <button type="button" className="c-button" disabled={running} onClick={() => void start(true)}>{tryVerb}</button>}
          <button type="button" className="c-button c-button-main" disabled={running || (progress !== undefined && !progress.dry)} onClick={() => void start(false)}>{running && !progress.dry ? "One moment…" : `${verb} ${plural(list.length, one, many)}`}</button>
        </div>
      </div>
    </Dialog>
  );
}
