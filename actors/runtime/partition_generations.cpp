#include "actors/runtime/partition_actor.hpp"
#include "actors/runtime/state_choice.hpp"

#include <algorithm>

/// Kept generations of a partition's state: made, given to the other nodes, looked at again. Workers do it, while the partition goes on.
namespace reverie::actors::runtime {

using std::chrono::milliseconds;

namespace {

/// Copying to the other nodes takes at most one part in so many of a partition's time.
constexpr int share_of_time = 20;

std::shared_ptr<const generation_shared> share_timed(const node_services& services, events::partition_number partition,
                                                     const events::checkpoint_manifest& own) {
  const auto begun = services.ports.clock->steady();
  auto given = share_generation(services.ports, partition, own);
  auto told = std::make_shared<generation_shared>();
  told->took = services.ports.clock->steady() - begun;
  if (!given) told->failed = given.error();
  else told->given = *given;
  return told;
}

} // namespace

/// A generation of the local state, by records or by time.
void partition_actor::maybe_checkpoint() {
  const auto now = services_->ports.clock->steady();
  const auto& options = services_->options;
  const bool due = records_since_checkpoint_ >= options.checkpoint_records ||
                   (records_since_checkpoint_ > 0 && now >= checkpoint_at_);
  if (!due || checkpoint_running_) return;
  checkpoint_running_ = true;
  records_since_checkpoint_ = 0;
  checkpoint_at_ = now + options.checkpoint_every;
  const bool share = services_->ports.generations && now >= share_at_;
  auto tell = [self = caf::actor_cast<partition_handle>(this)](events::outcome<events::checkpoint_manifest> made,
                                                               std::shared_ptr<const generation_shared> shared = nullptr) {
    caf::anon_send(self, checkpoint_made{std::make_shared<const events::outcome<events::checkpoint_manifest>>(std::move(made)), std::move(shared)});
  };
  services_->work_long(
      [store = shared_->store, services = services_, partition = partition_, share, tell] {
        auto made = store->checkpoint(services->ports.clock->now());
        auto shared = made && share ? share_timed(*services, partition, *made) : nullptr;
        tell(std::move(made), std::move(shared));
      },
      [tell](const events::failure& why) { tell(std::unexpected(why)); });
}

void partition_actor::take_checkpoint(const checkpoint_made& message) {
  checkpoint_running_ = false;
  if (!*message.result) log(severity::warning, "no checkpoint: " + message.result->error().message);
  else last_checkpoint_ = shown(**message.result);
  if (!message.shared) return;
  share_at_ = services_->ports.clock->steady() + std::max(services_->options.share_every, message.shared->took * share_of_time);
  auto trouble = message.shared->failed ? message.shared->failed->message : std::string{};
  if (trouble == share_trouble_) return;
  share_trouble_ = std::move(trouble);
  if (share_trouble_.empty()) log(severity::info, "its generations can be shared again");
  else log(severity::warning, "its generation is not shared: " + share_trouble_);
}

/// One generation at a time, slowly: what lies unread for long is known to be good before it is needed.
void partition_actor::check_generations() {
  const auto now = services_->ports.clock->steady();
  if (!services_->ports.generations || now < check_generations_at_) return;
  const bool first = check_generations_at_ == milliseconds{};
  check_generations_at_ = now + services_->options.check_generations_every;
  if (first) return;
  auto say = [services = services_, partition = partition_](const std::string& line) {
    services->log(severity::error, "partition " + std::to_string(partition.value) + ": " + line);
  };
  services_->work_long(
      [services = services_, partition = partition_, say] {
        auto seen = services->ports.generations->check_next(partition);
        if (!seen) say("its generations can't be checked: " + seen.error().message);
        else if (seen->damage)
          say(std::string(seen->looked_at->where == events::kept_generation::place::shared ? "a shared generation" : "a generation of its own") +
              " was damaged and is dropped: " + seen->damage->message);
      },
      [say](const events::failure& why) { say("its generations can't be checked: " + why.message); });
}

/// What was not served has no new state to keep. `share`: the next owner is told first, and the one after it finds this one.
void partition_actor::checkpoint_and_tell(std::shared_ptr<node_services> services, events::partition_number partition,
                                          std::shared_ptr<events::state_store> store, bool share, std::function<void()> told) {
  if (!store) {
    if (told) told();
    return;
  }
  services->work(
      [store, services, partition, share, told] {
        auto made = store->checkpoint(services->ports.clock->now());
        if (!made) services->log(severity::warning, "no checkpoint at the end: " + made.error().message);
        if (told) told();
        if (made && share && services->ports.generations)
          services->work_long([services, partition, given = *made] { share_timed(*services, partition, given); }, [](const events::failure&) {});
      },
      [told](const events::failure&) {
        if (told) told();
      });
}

} // namespace reverie::actors::runtime
