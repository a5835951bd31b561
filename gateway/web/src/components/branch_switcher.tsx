import { useSession } from "../app/session";
import type { ViewMessage } from "../chat/conversation";

interface Props {
  message: ViewMessage;
  conversationId: string;
}

/** ‹ 2/3 › between the versions of a message: choosing one shows the newest branch below it. */
export function BranchSwitcher({ message, conversationId }: Props) {
  const { chat } = useSession();
  const { siblings } = message;
  const at = siblings.indexOf(message.id);
  if (siblings.length < 2 || at < 0) return null;
  const step = (by: number, sign: string, label: string) => {
    const to = siblings[at + by];
    return (
      <button type="button" className="action" aria-label={label} title={label} disabled={to === undefined}
        onClick={() => to !== undefined && chat.command("branch.select", conversationId, to)}>{sign}</button>
    );
  };
  return (
    <span className="branches" role="group" aria-label="Versions of this message">
      {step(-1, "‹", "Previous version")}
      <span className="branches-place">{at + 1}/{siblings.length}</span>
      {step(1, "›", "Next version")}
    </span>
  );
}
