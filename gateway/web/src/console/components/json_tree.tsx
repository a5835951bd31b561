import { useState } from "react";
import type { Json } from "../api/types";
import { Link } from "./link";
import { placeNamed } from "../format/named_places";
import { inline, sealedKey } from "../format/json_lines";
import { plural } from "../format/numbers";
import { CopyButton } from "./ids";
import { Icon } from "./icon";

/** Of a long list or object this many are shown at first. */
const shownFirst = 100;

/** A text longer than this is cut until somebody asks for it. */
const textShown = 400;

function Scalar({ name, value }: { name?: string; value: Json }) {
  const [whole, setWhole] = useState(false);
  const to = typeof value === "string" && name !== undefined ? placeNamed(name, value) : undefined;
  if (to !== undefined) return <Link to={to} className="c-link">"{String(value)}"</Link>;
  const kind = value === null ? "null" : typeof value;
  if (typeof value === "string" && value.length > textShown && !whole) {
    return <span className="c-json-string">"{value.slice(0, textShown)}… <button type="button" className="c-link" onClick={() => setWhole(true)}>all {value.length} characters</button></span>;
  }
  return <span className={`c-json-${kind}`}>{typeof value === "string" ? `"${value}"` : String(value)}</span>;
}

function Node({ name, value, depth, open }: { name?: string; value: Json; depth: number; open: number }) {
  const [isOpen, setOpen] = useState(depth < open);
  const [limit, setLimit] = useState(shownFirst);
  const label = name !== undefined && <span className="c-json-name">{name}: </span>;
  const sealed = sealedKey(value);
  if (sealed !== undefined) return <div className="c-json-line">{label}<span className="c-json-sealed" title={sealed}>sealed</span></div>;
  if (value === null || typeof value !== "object") return <div className="c-json-line">{label}<Scalar name={name} value={value} /></div>;
  const isList = Array.isArray(value);
  const children: [string, Json][] = isList ? value.map((each, index) => [String(index), each]) : Object.entries(value);
  if (children.length === 0) return <div className="c-json-line">{label}<span className="c-quiet">{isList ? "[ ]" : "{ }"}</span></div>;
  return (
    <div>
      <button type="button" className="c-json-line c-json-open" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name={isOpen ? "open" : "right"} size={12} />
        {label}
        <span className="c-quiet">{isOpen ? (isList ? plural(children.length, "item") : plural(children.length, "field")) : inline(value, 80)}</span>
      </button>
      {isOpen && (
        <div className="c-json-children">
          {children.slice(0, limit).map(([key, child]) => <Node key={key} name={key} value={child} depth={depth + 1} open={open} />)}
          {children.length > limit && <button type="button" className="c-link c-small" onClick={() => setLimit(limit * 10)}>Show more of {children.length}</button>}
        </div>
      )}
    </div>
  );
}

/** A value as a tree that opens and closes. */
export function JsonTree({ value, open = 2, label }: { value: Json; open?: number; label: string }) {
  return (
    <div className="c-json" role="group" aria-label={label}>
      <span className="c-json-copy"><CopyButton text={JSON.stringify(value, null, 2) ?? ""} what="Copy as JSON" /></span>
      <Node value={value} depth={0} open={open} />
    </div>
  );
}
