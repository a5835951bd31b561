#include "actors/runtime/ledger.hpp"

#include "events/model/limits.hpp"

namespace reverie::actors::runtime {

events::stored_answer answer_of(const events::stored_record& record, const events::uuid& subject) {
  const auto& headers = record.content.headers;
  return {headers.entity, headers.command_digest, subject, record.position, headers.at, headers.first_sequence};
}

bool is_expired(events::command_id given, const std::optional<events::stored_answer>& known, events::timestamp now) {
  const auto oldest = now - events::limits::command_answer_kept;
  if (known) return known->at < oldest;
  auto made = events::time_of(given.value);
  return made && *made < oldest;
}

void note_record(events::state_batch& batch, const events::stored_record& record, const events::uuid& subject) {
  const auto& headers = record.content.headers;
  batch.history.emplace_back(record.content.address(),
                             events::history_entry{headers.first_sequence, static_cast<std::uint16_t>(headers.types.size()),
                                                   record.position.offset});
  batch.tips.emplace_back(headers.entity, std::pair{record.content.last_sequence().next(), headers.hash});
  if (!headers.command.is_nil())
    batch.answers.emplace_back(ledger_id(record.content.slice_key, headers.command), answer_of(record, subject));
}

void effect_changes::begin(events::pending_effect effect) {
  auto id = effect.id;
  last_[id] = std::move(effect);
}

void effect_changes::add(effect_changes later) {
  for (auto& [id, begun] : later.last_) last_[id] = std::move(begun);
}

void effect_changes::move_into(events::state_batch& batch) {
  for (auto& [id, begun] : last_) {
    if (begun) batch.effects_begun.push_back(std::move(*begun));
    else batch.effects_settled.push_back(id);
  }
  last_.clear();
}

} // namespace reverie::actors::runtime
