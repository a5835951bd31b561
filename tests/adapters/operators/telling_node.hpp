#pragma once

#include "actors/runtime/interfaces.hpp"
#include "events/log/memory_log.hpp"
#include "events/replay/record_events.hpp"
#include "events/replay/record_search.hpp"
#include "events/vault/field_sealing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace reverie::tests {

/// An actor system that has no actors, but tells every history as the log has it.
class telling_node : public actors::actor_node {
public:
  telling_node(events::memory_log& log, events::key_ring& keys) : log_(log), keys_(keys) {}

  void submit(actors::command_envelope, actors::answer_callback) override {}
  std::shared_ptr<void> listen(events::user_id, std::weak_ptr<actors::update_listener>) override { return nullptr; }
  void stop_reply(events::session_id, events::user_id, actors::answer_callback) override {}
  std::optional<actors::live_reply> reply_under_way(events::session_id) override { return std::nullopt; }
  void inspect(events::entity_address, std::function<void(events::outcome<actors::owned_state>)> done) override { done(own_state); }
  std::vector<actors::partition_status> status() override { return {}; }
  void read_history(events::entity_address entity, std::optional<events::entity_position> after, std::size_t updates_max,
                    std::function<void(events::outcome<std::vector<actors::shared_update>>)> done) override {
    std::vector<actors::shared_update> page;
    const auto& whole = all()[entity.entity];
    const auto first = std::ranges::partition_point(whole, [&](const auto& each) { return !is_after(*each, after); });
    for (auto each = first; each != whole.end() && page.size() < updates_max; ++each) page.push_back(*each);
    ++asked;
    done(std::move(page));
  }

  actors::owned_state own_state{{1}, "{}"}; ///< of any entity
  std::size_t asked = 0;                    ///< pages of histories

protected:
  events::key_ring& keys() { return keys_; }

private:
  static bool is_after(const actors::entity_update& record, const std::optional<events::entity_position>& place) {
    if (!place) return true;
    return place->sequence.value > 0 ? record.happened.back().context.sequence > place->sequence : record.position > place->record;
  }
  /// Read once: nothing is written while it is asked.
  std::map<events::entity_ref, std::vector<actors::shared_update>>& all() {
    if (!known_.empty()) return known_;
    events::record_decoder decoder(events::open_with(keys_));
    for (std::uint32_t i = 0; i < log_.partitions(); ++i) {
      const auto found = events::search_records(log_, {.filter = {}, .only = events::partition_number{i}, .forward = true, .from = {}, .found_max = 100'000, .looked_at_max = 100'000});
      EXPECT_TRUE(found);
      for (const auto& each : found->found) {
        EXPECT_TRUE(decoder.decode(each));
        auto update = std::make_shared<actors::entity_update>(actors::entity_update{each.content.address(), each.position, {}});
        for (std::size_t event = 0; event < decoder.events().size(); ++event) update->happened.push_back({events::context_of(each, event), decoder.events()[event]});
        known_[update->entity.entity].push_back(std::move(update));
      }
    }
    return known_;
  }

  events::memory_log& log_;
  events::key_ring& keys_;
  std::map<events::entity_ref, std::vector<actors::shared_update>> known_;
};

} // namespace reverie::tests
