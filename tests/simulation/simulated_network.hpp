#pragma once

#include "actors/runtime/cluster_network.hpp"
#include "tests/simulation/chance.hpp"
#include "tests/simulation/trace.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>

namespace reverie::simulation {

/// The ways between the processes of a run, one for each pair and direction. Frames of a way arrive one at a time, in order, when it is
/// drawn; at times a way breaks: what is on it is lost, and who sent it hears that it may not have arrived. A frozen process takes
/// nothing. What a process sent before it died may still arrive.
class simulated_network {
public:
  simulated_network(std::shared_ptr<chance> draw, std::shared_ptr<trace> said) : draw_(std::move(draw)), said_(std::move(said)) {}

  /// The place of a process on it. The network outlives it.
  std::shared_ptr<actors::runtime::peer_network> end_of(const std::string& name);
  void freeze(const std::string& name, bool frozen);
  /// One frame arrives, or its way breaks. False when nothing can.
  bool deliver_one();
  bool anything_waits() const;

  double break_way = 0; ///< instead of a delivery; in [0, 1]

private:
  class end;
  struct place {
    actors::runtime::peer_network::listener told;
    bool frozen = false;
  };
  using way = std::pair<std::string, std::string>; ///< from, to
  bool send(const way& along, std::string frame);
  void lose(const way& along);
  bool may_arrive(const way& along) const;

  static constexpr std::size_t waiting_max = 500; ///< on one way
  std::shared_ptr<chance> draw_;
  std::shared_ptr<trace> said_;
  std::map<std::string, place> places_;
  std::map<way, std::deque<std::string>> ways_; ///< none of them empty
};

} // namespace reverie::simulation
