import { type ReactNode, useId } from "react";
import { useModal } from "../../components/use_modal";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  className?: string;
}

/** A modal window; Esc and a click beside it close it. */
export function Dialog({ title, onClose, children, className = "" }: Props) {
  const id = useId();
  const dialog = useModal();
  return (
    <dialog ref={dialog} className={`c-dialog ${className}`} aria-labelledby={id} onCancel={(event) => { event.preventDefault(); onClose(); }}
      onMouseDown={(event) => { if (event.target === dialog.current) onClose(); }}>
      <div className="c-dialog-inside">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
