import { useEffect } from "react";
import { addressOf, go } from "../address/route";
import { live } from "../api/console_context";
import type { Overlay } from "./frame";
import { pages } from "./pages";

/** The second key of "g o" must follow the first within this time. */
const chordMs = 1200;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && (target as HTMLInputElement).type !== "range");
}

/** Keys that work on every page: Ctrl K, ?, /, l, v, and "g" with a page's letter. */
export function useShortcuts(open: (overlay: Overlay) => void): void {
  useEffect(() => {
    let chordUntil = 0;
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      if (chordUntil > event.timeStamp) {
        chordUntil = 0;
        const page = pages.find((each) => each.key === event.key);
        if (!page) return;
        event.preventDefault();
        go(addressOf(page.path));
      } else if (event.key === "g") {
        chordUntil = event.timeStamp + chordMs;
      } else if (event.key === "v") {
        event.preventDefault();
        open("views");
      } else if (event.key === "l") {
        live.hold(live.standsSince === 0);
      } else if (event.key === "?") {
        event.preventDefault();
        open("help");
      } else if (event.key === "/") {
        const first = document.querySelector<HTMLInputElement>(".c-filters input");
        if (!first) return;
        event.preventDefault();
        first.focus();
      }
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [open]);
}
