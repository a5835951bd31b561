import { useEffect, useSyncExternalStore } from "react";
import { Icon } from "./icon";

interface Notice {
  text: string;
  bad: boolean;
}

let current: Notice | undefined;
const listeners = new Set<() => void>();

function become(notice: Notice | undefined): void {
  current = notice;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says how an action ended. */
export function notify(text: string, bad = false): void {
  become({ text, bad });
}

export function Notices() {
  const notice = useSyncExternalStore(subscribe, () => current);
  useEffect(() => {
    if (!notice) return;
    const timer = window.setTimeout(() => become(undefined), notice.bad ? 12_000 : 5000);
    return () => window.clearTimeout(timer);
  }, [notice]);
  return (
    <div className="c-notices" role="status">
      {notice && (
        <div className="c-notice" data-bad={notice.bad}>
          <Icon name={notice.bad ? "warning" : "check"} />
          <span>{notice.text}</span>
          <button type="button" className="c-icon-button" aria-label="Dismiss" onClick={() => become(undefined)}><Icon name="close" size={14} /></button>
        </div>
      )}
    </div>
  );
}
