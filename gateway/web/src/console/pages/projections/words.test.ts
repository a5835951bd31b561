import { describe, expect, it } from "vitest";
import type { Outlook, RowCheck } from "../../api/types";
import { causesOf, oldAgainstNew, tableAgainstLog, whatWords } from "./difference_words";
import { comparisonWords, parkedWords, poisonWords, rowCheckWords } from "./projection_words";

describe("the words of a difference", () => {
  it("say which side lacks the row", () => {
    expect(["missing_in_new", "only_in_new", "different"].map((what) => whatWords(what, oldAgainstNew(3)))).toEqual(["missing in v3, the new one", "only in v3, the new one", "differs"]);
    expect(["missing", "unexpected"].map((what) => whatWords(what, tableAgainstLog))).toEqual(["missing in the table", "only in the table"]);
    expect(whatWords("else", tableAgainstLog)).toBe("else");
  });

  it("name the record that either side comes from, and one that both come from once", () => {
    expect(causesOf({ before: "1:20", after: "2:7" }, oldAgainstNew(2))).toEqual([{ side: "old row caused by", position: "1:20" }, { side: "new row caused by", position: "2:7" }]);
    expect(causesOf({ before: "1:20", after: "1:20" }, oldAgainstNew(2))).toEqual([{ side: "caused by", position: "1:20" }]);
    expect(causesOf({ before: null, after: "1:20" }, tableAgainstLog)).toEqual([{ side: "row of the log caused by", position: "1:20" }]);
    expect([causesOf(null, tableAgainstLog), causesOf("1:2", tableAgainstLog), causesOf({ before: "x" }, tableAgainstLog)]).toEqual([[], [], []]);
  });
});

describe("the sum of a comparison", () => {
  it("counts what differs apart from what one version lacks", () => {
    expect(comparisonWords({ compared: 100, differences: 6, missing_in_new: 2, only_in_new: 1, differs: 3, sample: [] }, 3)).toBe("Of 100 rows 3 differ; 2 are missing in v3, the new one; 1 is only there.");
    expect(comparisonWords({ compared: 9, differences: 1, missing_in_new: 1, only_in_new: 0, differs: 0, sample: [] }, 3)).toBe("Of 9 rows 1 is missing in v3, the new one.");
  });

  it("tells of what is parked, and calls more of it in the new version bad", () => {
    const of = { compared: 9, differences: 0, missing_in_new: 0, only_in_new: 0, differs: 0, sample: [] };
    expect(parkedWords(of, 3)).toBeUndefined();
    expect(parkedWords({ ...of, parked_in_serving: 1, parked_in_new: 3 }, 3)).toEqual({ words: "Dead letters: 3 in v3, 1 in the one before.", bad: true });
    expect(parkedWords({ ...of, parked_in_serving: 1, parked_in_new: 1 }, 3)?.bad).toBe(false);
  });
});

describe("a check of rows", () => {
  const check: RowCheck = { state: "done", rows: 4, differences: 0, sample: [] };
  it("is good only when it came to its end without a difference", () => {
    expect(rowCheckWords(check)).toEqual({ words: "4 rows looked at, all as the log says.", tone: "good" });
    expect(rowCheckWords({ ...check, differences: 2 }).tone).toBe("bad");
    expect(rowCheckWords({ ...check, state: "running", rows: 0 }).words).not.toContain("all as the log says");
  });

  it("that failed says why, and nothing about the rows", () => {
    const { words, tone } = rowCheckWords({ ...check, state: "failed", rows: 0, problem: "the database went away" });
    expect(tone).toBe("bad");
    expect(words).toContain("the database went away");
    expect(words).not.toContain("all as the log says");
  });
});

describe("a look ahead", () => {
  const found = { poison: [], poison_total: 0, parked_in_sample: 0 } as unknown as Outlook;
  it("finds nothing wrong only when neither a record nor an entity of the sample is", () => {
    expect(poisonWords(found)).toEqual([]);
    expect(poisonWords({ ...found, parked_in_sample: 1 })).toHaveLength(1);
    expect(poisonWords({ ...found, poison_total: 2_000 })[0]).toContain("2,000 records");
    expect(poisonWords({ ...found, poison_total: 2_000, parked_in_sample: 3 })).toHaveLength(2);
  });
});
