import { type FormEvent, useState } from "react";
import { admin } from "../../api/console_context";
import type { DeadLetter, RuleOperation, RulePreview } from "../../api/types";
import { ConfirmFields } from "../../components/confirm_fields";
import { Dialog } from "../../components/dialog";
import { DiffView } from "../../components/diff_view";
import { useDryRun } from "../../components/dry_run";
import { Icon } from "../../components/icon";
import { JsonTree } from "../../components/json_tree";
import { notify } from "../../components/notices";
import { plural } from "../../format/numbers";
import { emptyLine, type OperationLine, operationsOf, payloadChanges } from "./rule_operations";

function Lines({ lines, onChange }: { lines: OperationLine[]; onChange: (lines: OperationLine[]) => void }) {
  const change = (at: number, to: Partial<OperationLine>) => onChange(lines.map((each, index) => (index === at ? { ...each, ...to } : each)));
  return (
    <fieldset className="c-rule-lines">
      <legend>Read the event so</legend>
      {lines.map((line, at) => (
        <div key={at} className="c-rule-line" data-op={line.op}>
          <select aria-label="What to do" value={line.op} onChange={(event) => change(at, { op: event.target.value as RuleOperation["op"] })}>
            <option value="set">set</option><option value="rename">rename</option><option value="remove">remove</option>
          </select>
          <input aria-label="Field" className="c-mono" value={line.path} placeholder="/field" spellCheck={false} autoComplete="off" onChange={(event) => change(at, { path: event.target.value.trim() })} />
          {line.op === "rename" && <input aria-label="New name" className="c-mono" value={line.to} placeholder="/new_name" spellCheck={false} autoComplete="off" onChange={(event) => change(at, { to: event.target.value.trim() })} />}
          {line.op === "set" && <input aria-label="Value" className="c-mono" value={line.value} placeholder="JSON, or plain text" spellCheck={false} autoComplete="off" onChange={(event) => change(at, { value: event.target.value })} />}
          <button type="button" className="c-icon-button" aria-label="Take this line away" disabled={lines.length === 1} onClick={() => onChange(lines.filter((_, index) => index !== at))}><Icon name="close" size={14} /></button>
        </div>
      ))}
      <button type="button" className="c-link" onClick={() => onChange([...lines, emptyLine])}>One more</button>
    </fieldset>
  );
}

function Outlook({ of }: { of: RulePreview }) {
  return (
    <section aria-label="Dry run" className="c-rule-outlook">
      <h3>{of.event.type} <span className="c-quiet">v{of.event.version}, event {of.event.sequence}</span></h3>
      <DiffView changes={payloadChanges(of.before, of.after)} />
      <p className={of.accepted && !of.problem ? "c-good-note" : "c-problem"} role="status">
        {of.accepted ? `The fold takes it. ${plural(of.folded, "event")} would be folded, ${of.still_parked === 0 ? "none stays parked" : `${plural(of.still_parked, "stays", "stay")} parked`}.` : "The fold still refuses it."}{of.problem && ` ${of.problem}`}
      </p>
      {of.needs_rebuild && <p className="c-impact-warning"><Icon name="warning" />Events of this type were folded without the rule before: rebuild {of.projections.join(", ")} so that all rows rest on it.</p>}
    </section>
  );
}

/** Edits how an event is read, shows what it would become and whether it can be folded then, and keeps the rule. The log stays as it is. */
export function RuleDialog({ letter, onClose, onDone }: { letter: DeadLetter; onClose: () => void; onDone: () => void }) {
  const [lines, setLines] = useState<OperationLine[]>([emptyLine]);
  const [scope, setScope] = useState("event");
  const { preview, setPreview, typed, setTyped, reason, setReason, busy, problem, confirmed, confirmation, change: edit, run } = useDryRun<RulePreview>();
  const operations = operationsOf(lines);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!operations) return;
    if (!preview) return void run(async () => setPreview(await admin.rulePreview(letter.id, operations, scope)));
    void run(async () => {
      const answer = await admin.confirmed(`/dead-letters/${letter.id}/rule`, confirmation, { operations, scope });
      const { folded, still_parked } = (await answer.json()) as { folded: number; still_parked: number };
      notify(`The rule is kept. Folded ${plural(folded, "event")}, ${still_parked === 0 ? "none stays parked" : `${plural(still_parked, "stays", "stay")} parked`}.`, still_parked > 0);
      onDone();
      onClose();
    });
  };
  const ready = preview ? confirmed : operations !== undefined;
  return (
    <Dialog title="Edit and retry" onClose={onClose} className="c-dialog-wide">
      <form className="c-action" onSubmit={submit}>
        <p>The event in the log is never changed. A rule says how {letter.projection} reads it, here and in every later rebuild, until it is retired.</p>
        <Lines lines={lines} onChange={(to) => edit(() => setLines(to))} />
        <label className="c-field"><span>It holds for</span>
          <select name="scope" value={scope} onChange={(event) => edit(() => setScope(event.target.value))}>
            <option value="event">this event alone</option><option value="entity">this entity's events of that type from here on</option><option value="type">every event of that type and version</option>
          </select></label>
        {preview && (
          <>
            <Outlook of={preview} />
            <details className="c-rule-whole"><summary>The whole event, as it would be read</summary><JsonTree value={preview.after} open={1} label="The event as it would be read" /></details>
            <ConfirmFields wanted={preview.confirm} typed={typed} reason={reason} onTyped={setTyped} onReason={setReason} />
          </>
        )}
        {problem && <p role="alert" className="c-problem">{problem}</p>}
        <div className="c-dialog-actions">
          <button type="button" className="c-button" onClick={onClose}>Cancel</button>
          <button type="submit" className="c-button c-button-main" disabled={busy || !ready}>{busy ? "One moment…" : preview ? "Keep the rule and retry" : "Dry run"}</button>
        </div>
      </form>
    </Dialog>
  );
}
