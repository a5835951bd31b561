import { expect, test } from "vitest";
import { factForReader } from "./fact_text";

test.each([
  ["User's dog is named Bruno", "Your dog is named Bruno"],
  ["User lives in Lisbon", "You live in Lisbon"],
  ["User no longer lives in Lisbon", "You no longer live in Lisbon"],
  ["User is 34 years old", "You are 34 years old"],
  ["User has a cat", "You have a cat"],
  ["User does not eat or drink milk", "You do not eat or drink milk"],
  ["User teaches chemistry", "You teach chemistry"],
  ["User studies law", "You study law"],
  ["User dislikes rain", "You dislike rain"],
  ["User grew up in Porto", "You grew up in Porto"],
  ["User will paint the kitchen", "You will paint the kitchen"],
  ["User is no longer together with their boyfriend", "You are no longer together with your boyfriend"],
])("a fact about the user speaks to the user: %s", (kept, shown) => {
  expect(factForReader(kept)).toBe(shown);
});

test("a text about nobody stays as it is", () => {
  expect(factForReader("Users of trains talk")).toBe("Users of trains talk");
  expect(factForReader("Rain again")).toBe("Rain again");
});
