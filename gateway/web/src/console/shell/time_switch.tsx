import { chooseTimeMode, useTimeMode } from "../data/time_mode";
import { type TimeMode, zoneName } from "../format/times";

/** How times are shown on every page, with the zone by its name. */
export function TimeSwitch() {
  const mode = useTimeMode();
  return (
    <select className="c-time-switch" aria-label="How times are shown" title="How times are shown, here and in filters" value={mode} onChange={(event) => chooseTimeMode(event.target.value as TimeMode)}>
      <option value="local">Local: {zoneName()}</option>
      <option value="utc">UTC</option>
      <option value="ago">How long ago</option>
    </select>
  );
}
