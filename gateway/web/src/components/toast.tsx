import { useEffect, useSyncExternalStore } from "react";
import { useSession } from "../app/session";
import { Icon } from "./icons";

/** The last thing that went wrong, in the server's words; goes by itself after a while. */
export function Toast() {
  const { chat } = useSession();
  const notice = useSyncExternalStore(chat.subscribe, () => chat.notice);
  useEffect(() => {
    if (!notice) return;
    const timer = window.setTimeout(() => chat.say(""), 8000);
    return () => window.clearTimeout(timer);
  }, [notice, chat]);
  return (
    <div className="toast-place" role="status">
      {notice && (
        <div className="toast">
          <span>{notice}</span>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => chat.say("")}><Icon name="close" size={16} /></button>
        </div>
      )}
    </div>
  );
}
