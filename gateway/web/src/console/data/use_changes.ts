import { useEffect, useRef } from "react";

/** Runs on each change of the value, not at first. */
export function useOnChange(value: unknown, run: () => void): void {
  const before = useRef(value);
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (Object.is(before.current, value)) return;
    before.current = value;
    latest.current();
  }, [value]);
}
