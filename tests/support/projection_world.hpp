#pragma once

#include "events/log/memory_log.hpp"
#include "events/vault/field_sealing.hpp"
#include "events/vault/memory_key_ring.hpp"
#include "projections/runner/projection_runner.hpp"
#include "tests/support/record_samples.hpp"

#include <functional>
#include <future>
#include <map>

namespace reverie::tests {

using namespace std::chrono_literals;

/// A log with people talking, written as the owners of its partitions would.
class talking_world {
public:
  explicit talking_world(std::uint32_t partitions = 2) : log(partitions) {
    for (std::uint32_t i = 0; i < partitions; ++i) log.write_raw({i}, announcement({i}, 1, writer_, 1));
  }

  events::memory_log log;
  events::memory_key_ring keys;

  events::uuid fresh_id() { return numbered_uuid(++ids_ + 0x5000); }

  /// One record of an entity; personal fields sealed for `person`, who decides the partition too (else the entity does).
  events::log_position write(events::entity_ref entity, std::optional<events::user_id> person, const std::vector<events::event>& happened,
                             const std::function<void(std::string&)>& doctor = {}) {
    auto [chain, fresh] = chains_.try_emplace(entity, record_chain(entity, 1, writer_));
    auto made = chain->second.next(happened, person ? events::seal_with(*person, *keys.create(*person)) : events::field_sealer{});
    if (doctor) doctor(made.value); // as a writer with a mistake in it would have written it
    made.slice_key = person ? person->value : entity.id;
    made.headers.at = events::from_milliseconds(1'700'000'000'000 + 1000 * static_cast<std::int64_t>(++clock_));
    const events::partition_number partition{events::slice_of(made.slice_key) % log.partitions()};
    return {partition, log.write_raw(partition, std::move(made))};
  }

  events::user_id add_user(const std::string& name) {
    const events::user_id id{fresh_id()};
    last = write({events::entity_kind::user, id.value}, id, {events::user::registered{id, name + "@example.org", name, {"user"}}});
    return id;
  }
  events::character_id add_character(const std::string& name, std::optional<events::user_id> owner = {}, bool published = true) {
    events::character::created made;
    made.character = {fresh_id()};
    made.owner = owner;
    made.published = published;
    made.media_type = "application/json";
    made.card_base64 = "e30=";
    made.card_spec = "V2";
    made.profile.name = name;
    made.profile.tags = {"a \"quoted\" tag", "back\\slash"};
    last = write({events::entity_kind::character, made.character.value}, owner, {made});
    return made.character;
  }

  events::log_position last{};

private:
  events::uuid writer_ = numbered_uuid(77);
  std::map<events::entity_ref, record_chain> chains_;
  std::uint64_t ids_ = 0, clock_ = 0;
};

/// One conversation in that world.
class conversation {
public:
  conversation(talking_world& world, events::user_id user, events::character_id character)
      : world_(world), user_(user), character_(character), session{world.fresh_id()}, bond{events::bond_of(user, character)} {
    write_bond({events::bond::conversation_opened{session, user, character}});
    write({events::session::opened{session, user, character, 1, {}, ""}});
  }

  events::log_position write(const std::vector<events::event>& happened) {
    return world_.last = world_.write({events::entity_kind::session, session.value}, user_, happened);
  }
  events::log_position write_bond(const std::vector<events::event>& happened) {
    return world_.last = world_.write({events::entity_kind::bond, events::bond_of(user_, character_).value}, user_, happened);
  }
  /// A user's message at the end of the branch.
  events::message_id say(const std::string& text) {
    const events::message_id id{world_.fresh_id()};
    write({events::session::message_sent{id, leaf, text, {}}});
    leaf = id;
    return id;
  }
  /// A whole reply to the last message.
  events::message_id reply(const std::string& text) {
    const events::message_id id{world_.fresh_id()};
    write({events::session::reply_started{id, *leaf, 1}});
    write({events::session::reply_completed{id, 1, text, "stop", "model", {}, "{}"}});
    leaf = id;
    return id;
  }
  events::message_id edit(events::message_id old, const std::string& text) {
    const events::message_id id{world_.fresh_id()};
    write({events::session::message_edited{id, old, text}});
    leaf = id;
    return id;
  }
  events::user_id user() const { return user_; }
  events::memory_id learn(const std::string& text, events::message_id source) {
    const events::memory_id id{world_.fresh_id()};
    write_bond({events::bond::fact_learned{id, "pet", "dog", "Rex", text, session, source, std::nullopt, "rules/1"}});
    return id;
  }

private:
  talking_world& world_;
  events::user_id user_;
  events::character_id character_;

public:
  events::session_id session;
  events::bond_id bond;
  std::optional<events::message_id> leaf;
};

/// Whether all serving projections reach a position; waits for the runner's own notification.
inline bool folded(projections::projection_runner& runner, events::log_position position, std::chrono::milliseconds wait = 20s) {
  std::promise<bool> reached;
  runner.progress().when_folded(position, wait, [&](bool there) { reached.set_value(there); });
  return reached.get_future().get();
}

/// Whether they reach the end of every partition.
inline bool all_folded(projections::projection_runner& runner, events::event_log& log) {
  for (std::uint32_t i = 0; i < log.partitions(); ++i) {
    const auto end = log.range({i})->end;
    if (end.value > 0 && !folded(runner, {{i}, {end.value - 1}})) return false;
  }
  return true;
}

} // namespace reverie::tests
