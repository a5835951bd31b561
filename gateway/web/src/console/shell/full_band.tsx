import { privacy, usePrivacy } from "../api/console_context";
import { Icon } from "../components/icon";
import { useNow } from "../data/use_now";

/** Loud while personal content is shown in full. */
export function FullBand() {
  const { mode, reason, until } = usePrivacy();
  const now = useNow();
  if (mode !== "full") return null;
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  return (
    <div className="c-full-band" role="alert">
      <Icon name="eye" size={18} />
      <p><strong>Personal content is shown in full.</strong> <span className="c-full-reason">“{reason}”</span></p>
      <span className="c-mono" aria-hidden="true">{Math.floor(left / 60)}:{String(left % 60).padStart(2, "0")}</span>
      <button type="button" className="c-button" onClick={() => privacy.choose("masked")}>Mask again</button>
    </div>
  );
}
