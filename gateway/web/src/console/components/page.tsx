import { type ReactNode, useEffect } from "react";

interface Props {
  title: string;
  /** Beside the title. */
  note?: ReactNode;
  actions?: ReactNode;
  /** Above the title: where this page lies. */
  trail?: ReactNode;
  drawer?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: its title, what can be done, and what scrolls. */
export function Page({ title, note, actions, trail, drawer, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Reverie console`;
  }, [title]);
  return (
    <>
      <main className="c-scroll" id="main" tabIndex={-1}>
        <div className="c-page">
          {trail && <nav className="c-trail" aria-label="Trail">{trail}</nav>}
          <header className="c-page-head">
            <h1>{title}</h1>
            {note && <div className="c-page-note">{note}</div>}
            {actions && <div className="c-page-actions">{actions}</div>}
          </header>
          {children}
        </div>
      </main>
      {drawer}
    </>
  );
}
