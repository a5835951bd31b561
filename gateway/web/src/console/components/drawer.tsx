import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./icon";

interface Props {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
}

/** Details beside the list they belong to; Esc closes it and gives the focus back. */
export function Drawer({ title, onClose, children, foot }: Props) {
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      close.current();
    };
    document.addEventListener("keydown", listen);
    return () => {
      document.removeEventListener("keydown", listen);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside className="c-drawer" ref={panel} tabIndex={-1} aria-labelledby={id}>
      <header className="c-drawer-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="c-icon-button" aria-label="Close details" title="Close (Esc)" onClick={onClose}><Icon name="close" /></button>
      </header>
      <div className="c-drawer-body">{children}</div>
      {foot && <footer className="c-drawer-foot">{foot}</footer>}
    </aside>
  );
}
