import type { ReactNode } from "react";
import { useModal } from "./use_modal";

interface Props {
  title: string;
  children: ReactNode;
  action: string;
  onConfirm: () => void;
  onCancel: () => void;
}

/** A modal question; Esc and "Cancel" change nothing. */
export function ConfirmDialog({ title, children, action, onConfirm, onCancel }: Props) {
  const dialog = useModal();
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="dialog-title" onCancel={onCancel}>
      <h2 id="dialog-title">{title}</h2>
      <div className="dialog-text">{children}</div>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onCancel}>Cancel</button>
        <button type="button" className="button button-danger" onClick={onConfirm}>{action}</button>
      </div>
    </dialog>
  );
}
