#pragma once

#include "gateway/bridge/live_feed.hpp"
#include "gateway/bridge/live_hub.hpp"
#include "tests/simulation/people.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reverie::simulation {

/// Who streamed which pieces of an attempt at a reply: an attempt is made by one process, each piece once.
class attempt_book {
public:
  void note(events::message_id reply, std::uint32_t attempt, const std::string& process);
  const std::vector<std::string>& wrong() const { return wrong_; }

private:
  std::map<std::pair<events::message_id, std::uint32_t>, std::string> maker_;
  std::vector<std::string> wrong_;
};

/// A device of a person: connected to one process at a time through the gateway's hub and feed, it follows all of the person's
/// conversations and comes back elsewhere with the last position it has seen. Check 7 of docs/decisions/0012-simulation.md.
class device : public gateway::live_member, public std::enable_shared_from_this<device> {
public:
  device(std::string name, events::user_id user, shared_world world, std::shared_ptr<attempt_book> attempts)
      : name_(std::move(name)), user_(user), world_(std::move(world)), attempts_(std::move(attempts)) {}

  events::user_id user() const { return user_; }
  bool connected() const { return process_ != nullptr; }
  simulated_process* process() const { return process_; }
  void connect(simulated_process& to);
  void disconnect(const std::string& why);
  /// Subscribes to conversations it does not follow yet.
  void follow(const std::vector<known_conversation>& conversations);
  /// Whether the connection can't go on: a subscription failed.
  bool broken() const { return broken_; }
  bool caught_up() const { return process_ != nullptr && feed_.catching_up() == 0; }

  /// Replies seen since asked last.
  std::vector<std::pair<events::session_id, events::message_id>> take_replies() { return std::exchange(replies_, {}); }
  /// What it has seen of each conversation against what the log says.
  std::vector<std::string> check(const log_truth& truth) const;

  void on_live(const gateway::shared_batch& batch) override;
  void on_signed_out(const events::uuid&) override {}

private:
  struct seen_frame {
    events::entity_position position{};
    std::string text;
  };
  struct followed {
    events::log_position after{};
    std::vector<seen_frame> frames; ///< durable ones, in the order they came
    std::map<std::pair<events::message_id, std::uint32_t>, std::uint32_t> next_piece; ///< of this connection
  };
  void subscribe(events::session_id conversation);
  void read_on(events::session_id conversation, events::entity_position after);
  void take_page(events::session_id conversation, const events::outcome<std::vector<actors::shared_update>>& page);
  void collect(events::session_id conversation, const gateway::live_feed::frames& frames);
  void collect_piece(followed& of, const gateway::live_item& item);
  events::entity_position last_of(const followed& of) const;

  std::string name_;
  events::user_id user_;
  shared_world world_;
  std::shared_ptr<attempt_book> attempts_;
  simulated_process* process_ = nullptr;
  std::uint64_t connection_ = 0; ///< grows with each: what an earlier one asked for is not heard
  std::unique_ptr<gateway::membership> membership_;
  gateway::live_feed feed_;
  std::map<events::session_id, followed> conversations_;
  std::vector<std::pair<events::session_id, events::message_id>> replies_;
  std::vector<std::string> wrong_;
  bool broken_ = false;
};

} // namespace reverie::simulation
