import { useEffect, useState } from "react";
import { ApiError, describeError } from "../../api/errors";
import { useSignedIn } from "../../app/use_signed_in";
import { admin, live, MeContext, privacy, tokens } from "../api/console_context";
import type { Me } from "../api/types";
import { useAskAgain } from "../data/use_ask_again";
import { Frame } from "./frame";
import { SignIn } from "./sign_in";
import { ThemeButton } from "../../components/theme_button";

const maskAgain = () => privacy.choose("masked");

/** Decides who sees the console: the signed-in operator, somebody without the right, or nobody yet. */
export function App() {
  const [signedIn, setSignedIn] = useSignedIn(tokens, maskAgain);
  return signedIn ? <SignedIn /> : <SignIn onSignedIn={() => setSignedIn(true)} />;
}

function SignedIn() {
  const [me, setMe] = useState<Me>();
  const [error, setError] = useState<unknown>();
  const [round, setRound] = useState(0);
  const again = () => setRound((n) => n + 1);
  useAskAgain(error, again);
  useEffect(() => {
    let current = true;
    admin.me().then(
      (answer) => current && setMe(answer),
      (problem: unknown) => current && setError(problem),
    );
    return () => {
      current = false;
    };
  }, [round]);
  useEffect(() => {
    const hurry = () => {
      if (!document.hidden) live.hurry();
    };
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
    };
  }, []);
  if (me) return <MeContext value={me}><Frame /></MeContext>;
  if (error instanceof ApiError && error.status === 403) return <NotAllowed />;
  return (
    <main className="c-gate">
      <div className="c-gate-box">
        {error === undefined ? <p className="c-quiet" role="status">One moment…</p> : (
          <>
            <h1>The console can't be opened</h1>
            <p role="alert">{describeError(error)}</p>
            <button type="button" className="c-button c-button-main" onClick={again}>Try again</button>
          </>
        )}
      </div>
    </main>
  );
}

/** A person without the right learns nothing here, and the page asks the server for nothing more. */
function NotAllowed() {
  return (
    <main className="c-gate">
      <div className="c-gate-theme"><ThemeButton /></div>
      <div className="c-gate-box">
        <p className="c-gate-code">403</p>
        <h1>This account is not an operator's</h1>
        <p className="c-quiet">The console is for accounts with the role <code>operator</code> or <code>admin</code>. Somebody who runs this server can give you one.</p>
        <div className="c-gate-actions">
          <a className="c-button" href="/">Go to the chat</a>
          <button type="button" className="c-button c-button-main" onClick={() => void admin.signOut()}>Sign in as somebody else</button>
        </div>
      </div>
    </main>
  );
}
