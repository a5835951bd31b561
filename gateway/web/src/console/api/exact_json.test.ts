import { expect, test } from "vitest";
import { exactJson } from "./exact_json";

test("JSON is read as it stands", () => {
  expect(exactJson('{"a":[1,2.5,-3,"x",null,true],"b":{"c":9007199254740991}}')).toEqual({ a: [1, 2.5, -3, "x", null, true], b: { c: 9007199254740991 } });
  expect(() => exactJson("{")).toThrow();
});

test("numbers that would lose digits keep them where the engine tells them, and are numbers elsewhere", () => {
  const { hash } = exactJson('{"hash":12753175144508296321}') as { hash: unknown };
  expect(["12753175144508296321", Number("12753175144508296321")]).toContain(hash);
});
