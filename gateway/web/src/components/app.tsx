import { useEffect, useMemo, useState } from "react";
import { describeError } from "../api/errors";
import type { User } from "../api/types";
import { api, newChatStore, type Session, SessionContext, tokens } from "../app/session";
import { useSignedIn } from "../app/use_signed_in";
import { AuthPage } from "./auth_page";
import { Shell } from "./shell";

/** Decides between the sign-in page and the signed-in page. */
export function App() {
  const [signedIn, setSignedIn] = useSignedIn(tokens);
  return signedIn ? <SignedIn /> : <AuthPage onSignedIn={() => setSignedIn(true)} />;
}

function SignedIn() {
  const [user, setUser] = useState<User>();
  const [problem, setProblem] = useState("");
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    setProblem("");
    api.me().then(
      (me) => current && setUser(me),
      (error: unknown) => current && setProblem(describeError(error)),
    );
    return () => {
      current = false;
    };
  }, [round]);
  if (user) return <WithChat user={user} />;
  return (
    <main className="splash">
      <img src="/moon.svg" alt="" width={56} height={56} />
      {problem ? (
        <div role="alert" className="splash-problem">
          <p>{problem}</p>
          <button type="button" className="button" onClick={() => setRound(round + 1)}>Try again</button>
        </div>
      ) : (
        <p className="quiet">One moment…</p>
      )}
    </main>
  );
}

function WithChat({ user }: { user: User }) {
  const chat = useMemo(() => newChatStore(user), [user]);
  useEffect(() => {
    const hurry = () => {
      if (!document.hidden) chat.socket.hurry();
    };
    chat.socket.start();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      chat.socket.stop();
    };
  }, [chat]);
  const session: Session = useMemo(() => ({ user, chat, signOut: () => void api.signOut() }), [user, chat]);
  return (
    <SessionContext value={session}>
      <Shell />
    </SessionContext>
  );
}
