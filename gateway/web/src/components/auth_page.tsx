import { type FormEvent, useRef, useState } from "react";
import { ApiError, describeError } from "../api/errors";
import { api } from "../app/session";
import { ThemeButton } from "./theme_button";

type Mode = "in" | "up";

export function AuthPage({ onSignedIn }: { onSignedIn: () => void }) {
  const [mode, setMode] = useState<Mode>("in");
  return (
    <main className="auth">
      <section className="auth-scene" aria-hidden="true">
        <img className="auth-picture" src="/night.svg" alt="" />
        <p className="auth-line">Someone to talk to,<br />who remembers.</p>
      </section>
      <section className="auth-side">
        <div className="auth-theme"><ThemeButton /></div>
        <div className="auth-card">
          <p className="brand"><img src="/moon.svg" alt="" width={32} height={32} />Reverie</p>
          <h1>{mode === "in" ? "Welcome back" : "Make an account"}</h1>
          <p className="quiet">
            {mode === "in" ? "They have been wondering how your day was." : "Meet characters who remember what you tell them."}
          </p>
          <AuthForm key={mode} mode={mode} onSignedIn={onSignedIn} />
          <p className="auth-switch">
            {mode === "in" ? "New here?" : "Been here before?"}{" "}
            <button type="button" className="link" onClick={() => setMode(mode === "in" ? "up" : "in")}>
              {mode === "in" ? "Sign up" : "Sign in"}
            </button>
          </p>
          <p className="fine">Characters are played by a language model. What they say is made up.</p>
        </div>
      </section>
    </main>
  );
}

function AuthForm({ mode, onSignedIn }: { mode: Mode; onSignedIn: () => void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ text: string; param: string }>();
  const form = useRef<HTMLFormElement>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const value = (name: string) => String(fields.get(name) ?? "");
    setBusy(true);
    setProblem(undefined);
    try {
      if (mode === "in") await api.signIn(value("email").trim(), value("password"));
      else await api.register(value("email").trim(), value("password"), value("name").trim());
      onSignedIn();
    } catch (error) {
      const param = error instanceof ApiError ? error.param : "";
      setProblem({ text: describeError(error), param });
      setBusy(false);
      form.current?.querySelector<HTMLInputElement>(`input[name="${["email", "password", "name"].includes(param) ? param : "password"}"]`)?.focus();
    }
  }

  const wrong = (name: string) => (problem?.param === name ? true : undefined);
  return (
    <form ref={form} className="auth-form" onSubmit={(event) => void submit(event)}>
      {mode === "up" && (
        <label className="field">
          <span>Your name</span>
          <input name="name" autoComplete="given-name" required maxLength={100} aria-invalid={wrong("name")} autoFocus />
        </label>
      )}
      <label className="field">
        <span>E-mail</span>
        <input name="email" type="email" autoComplete="email" required aria-invalid={wrong("email")} autoFocus={mode === "in"} />
      </label>
      <label className="field">
        <span>Password</span>
        <input name="password" type="password" required aria-invalid={wrong("password")} minLength={mode === "up" ? 8 : undefined}
          autoComplete={mode === "in" ? "current-password" : "new-password"} aria-describedby={mode === "up" ? "password-hint" : undefined} />
        {mode === "up" && <small id="password-hint">At least 8 characters.</small>}
      </label>
      {problem && <p role="alert" className="problem">{problem.text}</p>}
      <button type="submit" className="button button-main" disabled={busy}>
        {busy ? "One moment…" : mode === "in" ? "Sign in" : "Sign up"}
      </button>
    </form>
  );
}
