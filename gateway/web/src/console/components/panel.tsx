import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Panel({ title, aside, children, className = "" }: Props) {
  const id = useId();
  return (
    <section className={`c-panel ${className}`} aria-labelledby={id}>
      <header className="c-panel-head">
        <h2 id={id}>{title}</h2>
        {aside && <div className="c-panel-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** Names and values, as many beside each other as there is room. */
export function Facts({ items }: { items: [string, ReactNode][] }) {
  return (
    <dl className="c-facts">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
