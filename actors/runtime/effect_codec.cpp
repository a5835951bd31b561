#include "actors/runtime/effect_codec.hpp"

#include "events/codec/fields_json.hpp"

namespace reverie::actors::runtime {

namespace {
constexpr char generation_mark = 'g';
constexpr char delivery_mark = 'd';
} // namespace

events::pending_effect to_pending(const begun_effect& effect) {
  events::pending_effect pending{effect.id, effect.owner, effect.cause, {}};
  if (const auto* reply = std::get_if<generate_reply>(&effect.what))
    pending.bytes = generation_mark + events::to_canonical_json(*reply);
  else
    pending.bytes = std::string(1, delivery_mark);
  return pending;
}

std::optional<begun_effect> from_pending(const events::pending_effect& pending) {
  if (pending.bytes.empty() || pending.bytes.front() != generation_mark) return std::nullopt;
  auto reply = events::from_canonical_json<generate_reply>(std::string_view{pending.bytes}.substr(1));
  if (!reply) return std::nullopt;
  return begun_effect{pending.id, pending.owner, pending.cause, {}, *reply};
}

} // namespace reverie::actors::runtime
