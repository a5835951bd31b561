import { useEffect, useRef } from "react";

/** Runs again and again while the component is shown and somebody looks at the page. */
export function useEvery(ms: number, run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden) latest.current();
    }, ms);
    return () => window.clearInterval(timer);
  }, [ms]);
}
