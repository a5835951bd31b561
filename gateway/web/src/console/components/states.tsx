import type { ReactNode } from "react";
import { ApiError, describeError } from "../../api/errors";
import { useAskAgain } from "../data/use_ask_again";
import { Icon, type IconName } from "./icon";

export function Skeleton({ rows = 6, height = 30 }: { rows?: number; height?: number }) {
  return (
    <div className="c-skeletons" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => <div key={index} className="skeleton" style={{ height, width: `${100 - ((index * 7) % 23)}%` }} />)}
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="c-empty">
      <span className="c-empty-icon"><Icon name={icon} size={22} /></span>
      <p className="c-empty-title">{title}</p>
      {children && <div className="c-empty-text">{children}</div>}
    </div>
  );
}

interface Failure {
  error: unknown;
  again?: () => void;
  inline?: boolean;
  /** `again` does something, and only a person begins that. */
  byHand?: boolean;
}

/** What went wrong, in the server's words, with the id to look for in its log; what passes is asked for again without a press. */
export function Failed({ error, again, inline = false, byHand = false }: Failure) {
  useAskAgain(error, byHand ? undefined : again);
  const api = error instanceof ApiError ? error : undefined;
  return (
    <div className={inline ? "c-failed c-failed-inline" : "c-failed"} role="alert">
      <Icon name="warning" size={18} />
      <div>
        <p>{describeError(error)}</p>
        {api && api.status !== 0 && (
          <p className="c-quiet c-small">{api.status} <span className="c-mono">{api.code}</span>{api.requestId && <> · request <span className="c-mono">{api.requestId}</span></>}</p>
        )}
      </div>
      {again && <button type="button" className="c-button" onClick={again}>Try again</button>}
    </div>
  );
}

interface Shown<T> {
  state: { data: T | undefined; error: unknown; again: () => void };
  rows?: number;
  children: (data: T) => ReactNode;
}

/** Loading, failed or the thing itself; a failure after the first answer stands above what was read before. */
export function Loaded<T>({ state, rows, children }: Shown<T>) {
  if (state.data === undefined) return state.error === undefined ? <Skeleton rows={rows} /> : <Failed error={state.error} again={state.again} />;
  return (
    <>
      {state.error !== undefined && <Failed error={state.error} again={state.again} inline />}
      {children(state.data)}
    </>
  );
}
