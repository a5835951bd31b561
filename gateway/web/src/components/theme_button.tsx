import { useTheme } from "../app/theme";
import { Icon } from "./icons";

export function ThemeButton() {
  const { dark, toggle } = useTheme();
  const label = dark ? "Switch to light colours" : "Switch to dark colours";
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={toggle}>
      <Icon name={dark ? "sun" : "moon"} />
    </button>
  );
}
