import { useTheme } from "../../app/theme";
import { Icon } from "../components/icon";
import { LivePill } from "./live_pill";
import { PrivacySwitch } from "./privacy_switch";
import { TimeSwitch } from "./time_switch";

interface Props {
  onMenu: () => void;
  onPalette: () => void;
  onHelp: () => void;
  onViews: () => void;
}

export function Header({ onMenu, onPalette, onHelp, onViews }: Props) {
  const { dark, toggle } = useTheme();
  const label = dark ? "Switch to light colours" : "Switch to dark colours";
  return (
    <header className="c-header">
      <button type="button" className="c-icon-button c-menu-button" aria-label="Menu" onClick={onMenu}><Icon name="menu" size={20} /></button>
      <button type="button" className="c-jump" onClick={onPalette} aria-label="Jump to a page, an entity or a place in the log">
        <Icon name="search" />
        <span className="c-jump-words">Jump to<span className="c-jump-more"> a page, an id, a position</span>…</span>
        <kbd>Ctrl K</kbd>
      </button>
      <span className="spacer" />
      <LivePill />
      <div className="c-header-times"><TimeSwitch /></div>
      <div className="c-header-privacy"><PrivacySwitch /></div>
      <button type="button" className="c-icon-button c-help-button" aria-label="Keep or share this view" title="Keep or share this view (v)" onClick={onViews}><Icon name="star" size={18} /></button>
      <button type="button" className="c-icon-button" aria-label={label} title={label} onClick={toggle}><Icon name={dark ? "sun" : "moon"} size={18} /></button>
      <button type="button" className="c-icon-button c-help-button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={onHelp}>?</button>
    </header>
  );
}
