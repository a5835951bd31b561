import { type FormEvent, useState } from "react";
import { describeError } from "../../api/errors";
import { ThemeButton } from "../../components/theme_button";
import { admin } from "../api/console_context";

export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setProblem("");
    try {
      await admin.signIn(String(fields.get("email") ?? "").trim(), String(fields.get("password") ?? ""));
      onSignedIn();
    } catch (error) {
      setProblem(describeError(error));
      setBusy(false);
    }
  }
  return (
    <main className="c-gate">
      <div className="c-gate-theme"><ThemeButton /></div>
      <form className="c-gate-box" onSubmit={(event) => void submit(event)}>
        <p className="c-brand"><img src="/moon.svg" alt="" width={28} height={28} />Reverie <span>console</span></p>
        <h1>Sign in</h1>
        <p className="c-quiet">For operators of this server. What you look at and do is written into the audit log.</p>
        <label className="c-field"><span>E-mail</span><input name="email" type="email" autoComplete="email" required autoFocus /></label>
        <label className="c-field"><span>Password</span><input name="password" type="password" autoComplete="current-password" required /></label>
        {problem && <p role="alert" className="c-problem">{problem}</p>}
        <button type="submit" className="c-button c-button-main" disabled={busy}>{busy ? "One moment…" : "Sign in"}</button>
      </form>
    </main>
  );
}
