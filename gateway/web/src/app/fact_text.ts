const irregular: Record<string, string> = { is: "are", was: "were", has: "have", does: "do" };

/** The form of an English verb that goes with "you", from the one that goes with "she". */
function withYou(verb: string): string {
  const known = irregular[verb];
  if (known !== undefined) return known;
  if (/[^aeiou]ies$/.test(verb)) return verb.replace(/ies$/, "y");
  if (/(?:ch|sh|ss|x|o)es$/.test(verb)) return verb.slice(0, -2);
  return /[^s]s$/.test(verb) ? verb.slice(0, -1) : verb;
}

/** A fact is kept about "User"; the one who reads it is the user. */
export function factForReader(text: string): string {
  if (text.startsWith("User's ")) return text.replace("User's ", "Your ");
  const found = /^User (no longer )?(\w+)(.*)$/s.exec(text);
  if (!found) return text;
  const [, noLonger = "", verb = "", rest = ""] = found;
  return `You ${noLonger}${withYou(verb)}${rest.replace(/\btheir\b/, "your")}`;
}
