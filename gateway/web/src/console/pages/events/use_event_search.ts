import { useEffect, useState } from "react";
import type { Query } from "../../../api/caller";
import { admin } from "../../api/console_context";
import type { EventPage, EventRecord } from "../../api/types";
import { usePages } from "../../data/use_pages";

/** Without a hit the search goes on by itself for so many calls; then it asks. */
const silentCallsMax = 20;
/** New records beyond this push the oldest shown out, so that a page that follows for a night stays light. */
const followedMax = 2000;

/** A search through the log, from `start` on (a cursor) when it is given: the server looks at a bounded number of records a call, and says how far it has come. */
export function useEventSearch(filters: Query, start?: string) {
  const [scanned, setScanned] = useState(0);
  const [silent, setSilent] = useState(0);
  const pages = usePages<EventPage>(async (cursor) => {
    const page = await admin.events({ ...filters, cursor: cursor ?? start, page_size: 100 });
    setScanned((before) => (cursor ? before : 0) + (page.scanned ?? page.items.length));
    setSilent((before) => (page.items.length > 0 || !cursor ? 0 : before + 1));
    return page;
  }, [JSON.stringify(filters), start]);
  const { items, hasMore, loading, loadingMore, error, more } = pages;
  const goesOn = items.length === 0 && hasMore && !loading && !loadingMore && error === undefined && silent < silentCallsMax;
  useEffect(() => {
    if (goesOn) more();
  }, [goesOn, more]);
  const add = (record: EventRecord) => pages.edit((before) => {
    if (before.some((each) => each.position === record.position)) return before;
    const next = [record, ...before];
    return next.length > followedMax ? next.slice(0, followedMax) : next;
  });
  return { ...pages, scanned, searching: goesOn || (items.length === 0 && loadingMore), add, lookFurther: () => { setSilent(0); more(); } };
}
