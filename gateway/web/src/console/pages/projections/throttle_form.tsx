import { type FormEvent, useState } from "react";
import { admin } from "../../api/console_context";
import type { Rebuild } from "../../api/types";
import { count } from "../../format/numbers";

interface Props {
  rebuild: Rebuild;
  onSteer: (run: () => Promise<unknown>, done: string) => void;
}

const whole = (text: string) => {
  const value = Number(text === "" ? 0 : text);
  return Number.isInteger(value) && value >= 0 ? value : undefined;
};

/** How fast a rebuild may be: by its own rate, and by how slow live commands may become. */
export function ThrottleForm({ rebuild, onSteer }: Props) {
  const [rate, setRate] = useState(!rebuild.rate_limit ? "" : String(rebuild.rate_limit));
  const [live, setLive] = useState(!rebuild.live_p99_limit_ms ? "" : String(rebuild.live_p99_limit_ms));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [limit, milliseconds] = [whole(rate), whole(live)];
    if (limit === undefined || milliseconds === undefined) return;
    const words = [limit === 0 ? "as fast as it can" : `at most ${count(limit)} events a second`, ...(milliseconds === 0 ? [] : [`live commands within ${milliseconds} ms`])];
    onSteer(() => admin.throttleRebuild(rebuild.projection, { rate: limit, live_p99_ms: milliseconds }), `The rebuild folds ${words.join(", ")}.`);
  };
  return (
    <form className="c-rate" onSubmit={submit}>
      <label className="c-filter" style={{ "--width": "140px" } as React.CSSProperties}><span>Events a second, at most</span>
        <input type="number" min={1} value={rate} placeholder="no limit" onChange={(event) => setRate(event.target.value)} /></label>
      <label className="c-filter" style={{ "--width": "140px" } as React.CSSProperties}><span>Live p99 stays within, ms</span>
        <input type="number" min={1} value={live} placeholder="not looked at" onChange={(event) => setLive(event.target.value)} /></label>
      <button type="submit" className="c-button c-button-small">Set limits</button>
    </form>
  );
}
