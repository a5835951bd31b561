import { useState } from "react";
import { useSession } from "../app/session";
import type { ViewMessage } from "../chat/conversation";
import { ConfirmDialog } from "./confirm_dialog";
import { Icon, type IconName } from "./icons";

interface Props {
  message: ViewMessage;
  conversationId: string;
  readOnly: boolean;
  onEdit: () => void;
}

export function MessageActions({ message, conversationId, readOnly, onEdit }: Props) {
  const { chat } = useSession();
  const [copied, setCopied] = useState(false);
  const [asking, setAsking] = useState(false);
  const own = message.role === "user";
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(message.content);
      setCopied(true);
      window.setTimeout(() => setCopied(false), 1500);
    } catch {
      chat.say("The browser does not let this page copy.");
    }
  };
  return (
    <span className="actions">
      {message.content !== "" && <Action icon={copied ? "check" : "copy"} label={copied ? "Copied" : "Copy"} onClick={() => void copy()} />}
      {!readOnly && own && <Action icon="edit" label="Edit" onClick={onEdit} />}
      {!readOnly && own && <Action icon="trash" label="Delete" onClick={() => setAsking(true)} />}
      {!readOnly && !own && message.parentId !== null && message.state !== "failed" && (
        <Action icon="again" label="Another reply" onClick={() => chat.command("message.regenerate", conversationId, message.id)} />
      )}
      {asking && (
        <ConfirmDialog title="Delete this message?" action="Delete" onCancel={() => setAsking(false)}
          onConfirm={() => { setAsking(false); chat.command("message.delete", conversationId, message.id); }}>
          <p>It goes with everything that followed it here, and with what was remembered from it.</p>
        </ConfirmDialog>
      )}
    </span>
  );
}

function Action({ icon, label, onClick }: { icon: IconName; label: string; onClick: () => void }) {
  return <button type="button" className="action" aria-label={label} title={label} onClick={onClick}><Icon name={icon} size={16} /></button>;
}
