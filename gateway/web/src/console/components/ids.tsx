import { type MouseEvent, useState } from "react";
import { addressOf } from "../address/route";
import { recordPosition, shortId, splitEntity } from "../format/ids";
import { Icon } from "./icon";
import { Link } from "./link";

export function CopyButton({ text, what = "Copy" }: { text: string; what?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (event: MouseEvent) => {
    event.stopPropagation();
    navigator.clipboard?.writeText(text).then(
      () => {
        setCopied(true);
        window.setTimeout(() => setCopied(false), 1200);
      },
      () => window.prompt("Copy this:", text),
    );
  };
  return (
    <button type="button" className="c-copy" aria-label={copied ? "Copied" : `${what} ${text}`} title={copied ? "Copied" : `Copy ${text}`} onClick={copy}>
      <Icon name={copied ? "check" : "copy"} size={13} />
    </button>
  );
}

/** An id, shortened, whole on hover, to be copied. */
export function Id({ id, to }: { id: string; to?: string }) {
  return (
    <span className="c-id">
      {to ? <Link to={to} className="c-mono c-link" title={id}>{shortId(id)}</Link> : <span className="c-mono" title={id}>{shortId(id)}</span>}
      <CopyButton text={id} />
    </span>
  );
}

export function EntityId({ entity, sequence }: { entity: string; sequence?: number }) {
  const { kind, id } = splitEntity(entity);
  return (
    <span className="c-id">
      <Link to={addressOf(`entities/${entity}`, { at: sequence })} className="c-link c-entity" title={entity}>
        <span className="c-kind">{kind}</span>
        <span className="c-mono">{shortId(id)}</span>
        {sequence !== undefined && <span className="c-mono c-quiet">@{sequence}</span>}
      </Link>
      <CopyButton text={entity} />
    </span>
  );
}

/** A place in the log; it leads to the record there. */
export function Position({ position }: { position: string }) {
  const record = recordPosition(position);
  return (
    <span className="c-id">
      <Link to={addressOf("events", { partition: record.split(":")[0], record })} className="c-mono c-link" title={`Record ${record}`}>{record}</Link>
      <CopyButton text={record} />
    </span>
  );
}
