import { addressOf } from "../address/route";
import { isNamed, isUuid, splitEntity, targetOf } from "./ids";

/** Fields that hold the id of an entity, by the entity's kind. */
const kindOf: Record<string, string> = {
  user_id: "user", owner_id: "user", character_id: "character", session_id: "session", conversation_id: "session",
};

/** Where a field of a payload or a state leads, as its name says what its id is of; undefined when nowhere. */
export function placeNamed(name: string, value: string): string | undefined {
  if (name === "correlation_id" && isUuid(value) && isNamed(value)) return addressOf("events", { correlation_id: value, direction: "forward" });
  const kind = kindOf[name];
  if (kind !== undefined && isUuid(value) && isNamed(value)) return addressOf(`entities/${kind}/${value}`);
  return name === "entity" ? subjectPlace(value) : name === "position" || name.endsWith("_position") ? positionPlace(value) : undefined;
}

function positionPlace(value: string): string | undefined {
  return /^\d+:\d+$/.test(value) ? addressOf("events", { partition: value.split(":")[0], record: value }) : undefined;
}

/** Where the subject of an audit entry leads: an entity, a record, a conversation; of some actions a page. */
export function subjectPlace(subject: string, action = ""): string | undefined {
  const target = targetOf(subject);
  if (target?.what === "entity") return addressOf(`entities/${target.entity}`);
  if (target?.what === "position") return positionPlace(target.position);
  const { kind, id } = splitEntity(subject);
  if (kind === "conversation" && isUuid(id)) return addressOf(`conversations/${id}`);
  const area = action.split(".")[0];
  if (area === "projection") return /^[a-z_]+$/.test(subject) ? addressOf(`projections/${subject}`) : addressOf("projections");
  if (area === "dead_letter") return addressOf("dead-letters", { state: "any", letter: subject });
  if (area === "event_rule") return addressOf("dead-letters", { list: "rules" });
  return area === "vectors" || area === "verification" || area === "users" ? addressOf(area) : undefined;
}
