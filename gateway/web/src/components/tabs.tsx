import type { KeyboardEvent } from "react";

interface Props<T extends string> {
  label: string;
  value: T;
  tabs: [T, string][];
  onChange: (value: T) => void;
}

/** Tabs that arrow keys move between. */
export function Tabs<T extends string>({ label, value, tabs, onChange }: Props<T>) {
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = tabs.findIndex(([name]) => name === value);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next[0]);
    event.currentTarget.querySelectorAll<HTMLButtonElement>("button")[tabs.indexOf(next)]?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
      {tabs.map(([name, text]) => (
        <button key={name} type="button" role="tab" aria-selected={name === value} tabIndex={name === value ? 0 : -1} className="tab" onClick={() => onChange(name)}>
          {text}
        </button>
      ))}
    </div>
  );
}
