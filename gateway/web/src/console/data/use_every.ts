import { useEffect, useRef } from "react";
import { live } from "../api/console_context";

/** Runs again and again while the component is shown, somebody looks at the page, and what is shown is not held. */
export function useEvery(ms: number, run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden && live.standsSince === 0) latest.current();
    }, ms);
    return () => window.clearInterval(timer);
  }, [ms]);
}
