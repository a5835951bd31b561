import { type ReactNode, useEffect, useId, useState } from "react";
import { useQueryValues } from "../address/route";
import { useTimeMode } from "../data/time_mode";
import { fromInput, resolvedTime, toInput } from "../format/times";
import { Icon } from "./icon";

interface TextProps {
  name: string;
  label: string;
  placeholder?: string;
  width?: string;
  wait?: number;
  /** Offered while somebody types. */
  known?: string[];
}

/** A filter kept in the address; it takes effect on Enter, on leaving the field, or after a pause. */
export function TextFilter({ name, label, placeholder, width = "150px", wait = 0, known }: TextProps) {
  const list = useId();
  const [query, change] = useQueryValues();
  const kept = query.get(name) ?? "";
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const apply = (value: string) => {
    if (value.trim() !== kept) change({ [name]: value.trim() });
  };
  useEffect(() => {
    if (wait === 0 || text.trim() === kept) return;
    const timer = window.setTimeout(() => change({ [name]: text.trim() }, true), wait);
    return () => window.clearTimeout(timer);
  }, [text, kept, wait, name, change]);
  return (
    <label className="c-filter" style={{ "--width": width } as React.CSSProperties} data-set={kept !== ""}>
      <span>{label}</span>
      <input type="search" value={text} placeholder={placeholder} spellCheck={false} autoComplete="off" list={known && list} onChange={(event) => {
        setText(event.target.value);
        if (event.target.value === "") apply("");
      }} onBlur={() => apply(text)} onKeyDown={(event) => event.key === "Enter" && apply(text)} />
      {known && <datalist id={list}>{known.map((each) => <option key={each} value={each} />)}</datalist>}
    </label>
  );
}

interface SelectProps {
  name: string;
  label: string;
  options: [string, string][];
  fallback?: string;
}

export function SelectFilter({ name, label, options, fallback = "" }: SelectProps) {
  const [query, change] = useQueryValues();
  const value = query.get(name) ?? fallback;
  return (
    <label className="c-filter c-filter-select" data-set={value !== fallback}>
      <span>{label}</span>
      <select value={value} onChange={(event) => change({ [name]: event.target.value === fallback ? "" : event.target.value })}>
        {options.map(([option, text]) => <option key={option} value={option}>{text}</option>)}
      </select>
    </label>
  );
}

/** A time in the zone that the reader chose; UTC is named, as it is not what a clock on the wall says. */
export function TimeFilter({ name, label }: { name: string; label: string }) {
  const [query, change] = useQueryValues();
  const mode = useTimeMode();
  const kept = query.get(name) ?? "";
  return (
    <label className="c-filter c-filter-time" data-set={kept !== ""}>
      <span>{label}{mode === "utc" && ", UTC"}</span>
      <input type="datetime-local" step={1} value={toInput(resolvedTime(kept), mode)} onChange={(event) => change({ [name]: fromInput(event.target.value, mode) }, true)} />
    </label>
  );
}

const spans: [string, string][] = [["-5m", "the last 5 min"], ["-15m", "the last 15 min"], ["-1h", "the last hour"], ["-24h", "the last 24 h"], ["-7d", "the last 7 days"]];

/** Since when: a span that moves along with the clock, or a time. */
export function SinceFilter({ name = "since" }: { name?: string }) {
  const [query, change] = useQueryValues();
  const kept = query.get(name) ?? "";
  const isSpan = spans.some(([span]) => span === kept);
  const isTime = kept !== "" && !isSpan;
  return (
    <>
      <label className="c-filter c-filter-select" data-set={kept !== ""}>
        <span>Written</span>
        <select value={isSpan ? kept : isTime ? "time" : ""} onChange={(event) => change({ [name]: event.target.value === "time" ? new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000).toISOString() : event.target.value })}>
          <option value="">at any time</option>
          {spans.map(([span, words]) => <option key={span} value={span}>{words}</option>)}
          <option value="time">since a time…</option>
        </select>
      </label>
      {isTime && <TimeFilter name={name} label="Since" />}
    </>
  );
}

/** The filters of a page, with one button that takes all of them away. */
export function Filters({ names, children, aside }: { names: string[]; children: ReactNode; aside?: ReactNode }) {
  const [query, change] = useQueryValues();
  const [open, setOpen] = useState(false);
  const set = names.filter((name) => query.get(name));
  return (
    <div className="c-filters" role="search" aria-label="Filters" data-open={open}>
      <button type="button" className="c-button c-filters-toggle" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name="filter" size={14} />Filters{set.length > 0 && ` (${set.length})`}</button>
      {children}
      {set.length > 0 && <button type="button" className="c-button c-button-quiet" onClick={() => change(Object.fromEntries(names.map((name) => [name, ""])))}>Clear</button>}
      {aside && <div className="c-filters-aside">{aside}</div>}
    </div>
  );
}
