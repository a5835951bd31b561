import { useEffect, useState } from "react";
import type { TokenStore } from "../api/token_store";

/** Whether somebody is signed in, here or in another tab; `onLeave` runs when they no longer are. */
export function useSignedIn(tokens: TokenStore, onLeave?: () => void): [boolean, (signedIn: boolean) => void] {
  const [signedIn, setSignedIn] = useState(tokens.signedIn);
  useEffect(() => {
    const leave = tokens.onSignedOut(() => {
      onLeave?.();
      setSignedIn(false);
    });
    // Another tab signed in or out.
    const listen = (event: StorageEvent) => {
      if (event.key === "reverie.refresh_token") setSignedIn(event.newValue !== null);
    };
    window.addEventListener("storage", listen);
    return () => {
      leave();
      window.removeEventListener("storage", listen);
    };
  }, [tokens, onLeave]);
  return [signedIn, setSignedIn];
}
