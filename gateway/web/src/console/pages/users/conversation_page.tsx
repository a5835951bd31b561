import { useEffect, useRef } from "react";
import { Markdown } from "../../../components/markdown";
import { addressOf, useQueryValues } from "../../address/route";
import { admin } from "../../api/console_context";
import type { TalkMessage } from "../../api/types";
import { Badge } from "../../components/badge";
import { CopyButton } from "../../components/ids";
import { Icon } from "../../components/icon";
import { Link } from "../../components/link";
import { Page } from "../../components/page";
import { Empty, Failed, Skeleton } from "../../components/states";
import { Time } from "../../components/times";
import { usePages } from "../../data/use_pages";
import { useRead } from "../../data/use_read";
import { recordPosition } from "../../format/ids";
import { plural } from "../../format/numbers";
import { RecallDrawer } from "./recall_drawer";

function Bubble({ message, open, onOpen }: { message: TalkMessage; open: boolean; onOpen: () => void }) {
  return (
    <article className="c-bubble" data-role={message.role} data-open={open} id={`message-${message.id}`} aria-label={message.role === "user" ? "The user" : "The character"}>
      <div className="c-bubble-text">{message.content === null ? <span className="c-quiet">not shown</span> : message.role === "character" ? <Markdown text={message.content} /> : message.content}</div>
      <p className="c-bubble-foot">
        <Time at={message.created_at} />
        {message.state !== "complete" && <Badge tone={message.state === "failed" ? "bad" : "warn"}>{message.state}</Badge>}
        {message.recall && (
          <button type="button" className="c-link c-why" aria-pressed={open} onClick={onOpen}>Why? {plural(message.recall.memories.length, "memory", "memories")}</button>
        )}
        <Link className="c-link" to={addressOf("events", { partition: message.position.split(":")[0], record: recordPosition(message.position) })} title={`Record ${recordPosition(message.position)}`}>record</Link>
        <CopyButton text={message.id} what="Copy the id" />
      </p>
    </article>
  );
}

/** A conversation as its user saw it. */
export function ConversationPage({ id }: { id: string }) {
  const [query, change] = useQueryValues();
  const of = useRead(() => admin.conversation(id), [id]);
  const pages = usePages((cursor) => admin.messages(id, { cursor, page_size: 100 }), [id]);
  const wanted = query.get("message");
  const open = query.get("why");
  const shown = pages.items.find((each) => each.id === open);
  const found = pages.items.some((each) => each.id === wanted);
  const end = useRef<HTMLDivElement>(null);
  const { hasMore, loadingMore, more } = pages;
  useEffect(() => {
    if (wanted && !found && hasMore && !loadingMore) more();
    if (found) document.getElementById(`message-${wanted}`)?.scrollIntoView({ block: "center" });
  }, [wanted, found, hasMore, loadingMore, more]);
  useEffect(() => {
    if (!end.current || !hasMore) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && more(), { rootMargin: "400px" });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [hasMore, more]);
  return (
    <Page title={of.data?.character_name ? `With ${of.data.character_name}` : "Conversation"} note={<><span className="c-mono c-cut">{id}</span><CopyButton text={id} /></>} trail={<><Link className="c-link" to={addressOf("users", { list: "conversations" })}>Conversations</Link> <span className="c-quiet">/ as the user saw it</span></>}
      actions={
        <>
          {of.data?.user_id && <Link className="c-button" to={addressOf(`users/${of.data.user_id}`)}>The user</Link>}
          <Link className="c-button" to={addressOf(`entities/session/${id}`)}>Inspect</Link>
          <Link className="c-button" to={addressOf("forks", { conversation: id })}>Its forks</Link>
          <Link className="c-button" to={addressOf("events", { entity: `session/${id}` })}>Its records</Link>
        </>
      }
      drawer={shown && <RecallDrawer key={shown.id} message={shown} conversation={id} onClose={() => change({ why: "" })} />}>
      {pages.loading && <Skeleton rows={8} height={48} />}
      {pages.error !== undefined && pages.items.length === 0 && <Failed error={pages.error} again={pages.again} />}
      {!pages.loading && pages.error === undefined && pages.items.length === 0 && <Empty icon="people" title="No messages in this conversation." />}
      <div className="c-talk">
        {pages.items.map((message) => <Bubble key={message.id} message={message} open={open === message.id} onOpen={() => change({ why: open === message.id ? "" : message.id })} />)}
        <div ref={end} />
        {loadingMore && <p className="c-quiet" role="status"><Icon name="again" /> Loading…</p>}
      </div>
    </Page>
  );
}
