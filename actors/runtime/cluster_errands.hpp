#pragma once

#include "actors/runtime/cluster_codec.hpp"
#include "actors/runtime/cluster_network.hpp"
#include "actors/runtime/ports.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace reverie::actors::runtime::cluster {

/// Something to be done by the owner of a partition, wherever that is, asked again until it is done or its time is over. Doing it twice
/// must do no harm: commands carry their id, the rest only reads.
struct errand {
  events::partition_number partition{};
  frame_kind kind{};
  std::string body;
  std::chrono::milliseconds within{};
  /// Does it on this node; answers whether it is over (false: this node does not serve the partition now).
  std::function<void(std::function<void(bool over)>)> here;
  /// Takes what another node answered; called at most once, and never after `give_up`.
  std::function<void(const reply_to_request&)> take;
  /// The time is over.
  std::function<void()> give_up;
};

/// Errands under way: sends each to the owner, again when that moves or can't be reached. One thread of its own for what is to be tried
/// again. Thread-safe.
class errand_desk : public std::enable_shared_from_this<errand_desk> {
public:
  struct ways {
    std::string self;                                                             ///< this node's address
    std::function<std::optional<std::string>(events::partition_number)> owner_of; ///< nothing, or empty: not known
    std::function<bool(const std::string& node, frame_kind kind, std::uint64_t number, const std::string& body)> send;
    std::function<void()> tick = {}; ///< called often by the desk's thread
    std::shared_ptr<clock_port> clock = machine_clock();
  };
  /// Under way at the same time; what comes over it is given up at once. A partition's owner takes limits::commands_in_flight_per_partition.
  static constexpr std::size_t errands_max = 32'768;
  explicit errand_desk(ways known, std::size_t at_most = errands_max) : known_(std::move(known)), at_most_(at_most) {}
  ~errand_desk() { stop(); }

  void start();
  /// One look at what is due, as its thread does by itself: for tests without a thread.
  void look_once();
  /// Gives up what is under way.
  void stop();
  void run(errand what);
  /// Another node answered.
  void answered(std::uint64_t number, const reply_to_request& reply);
  /// Asks the new owner at once.
  void owner_changed(events::partition_number partition);
  void unreachable(const std::string& node);
  std::size_t under_way() const;

private:
  using time_point = std::chrono::milliseconds; ///< of the clock that never goes back
  struct waiting_errand {
    errand what;
    time_point due, again_at;
    std::chrono::milliseconds wait{10};
    std::string asked; ///< the node that is to answer; empty: nobody was asked
    bool here = false; ///< it is being done here
  };
  static constexpr std::chrono::milliseconds longest_wait{200};

  void send_out(std::uint64_t number);
  void end_here(std::uint64_t number, bool over);
  void again(std::uint64_t number, bool at_once);
  void look(std::stop_token stop);

  ways known_;
  const std::size_t at_most_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::unordered_map<std::uint64_t, waiting_errand> all_;
  std::uint64_t last_number_ = 0;
  bool stopped_ = false;
  std::jthread thread_;
};

} // namespace reverie::actors::runtime::cluster
