#pragma once

#include "events/log/record.hpp"
#include "tests/support/actor_world.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::simulation {

/// What happened in a run, one line an event: virtual time, messages handled so far, who, what. Holds nothing that differs between two runs
/// of a seed (no address, no sealed byte).
class trace {
public:
  explicit trace(std::shared_ptr<tests::fake_clock> clock) : clock_(std::move(clock)), begun_(clock_->now()) {}

  void say(std::string_view who, std::string_view what);
  /// An actor handled a message.
  void count_message() { ++messages_; }
  std::uint64_t messages() const { return messages_; }
  const std::vector<std::string>& lines() const { return lines_; }

private:
  std::shared_ptr<tests::fake_clock> clock_;
  events::timestamp begun_;
  std::uint64_t messages_ = 0;
  std::vector<std::string> lines_;
};

/// The end of an id: enough to tell those of one run apart.
std::string short_name(const events::uuid& id);
std::string short_name(const events::entity_ref& entity);
/// What a record is, on one line: `session/…9f31c2 #5 message_sent reply_started, epoch 2 of …77a0`.
std::string in_short(const events::record& content);

} // namespace reverie::simulation
