#include "tests/simulation/simulated_network.hpp"

#include <vector>

namespace reverie::simulation {

class simulated_network::end : public actors::runtime::peer_network {
public:
  end(simulated_network& home, std::string self) : home_(home), self_(std::move(self)) {}
  events::outcome<void> start(listener told) override {
    home_.places_[self_].told = std::move(told);
    return {};
  }
  bool send(const std::string& node, std::string frame) override { return home_.send({self_, node}, std::move(frame)); }
  void stop() override { home_.places_.erase(self_); }

private:
  simulated_network& home_;
  std::string self_;
};

std::shared_ptr<actors::runtime::peer_network> simulated_network::end_of(const std::string& name) { return std::make_shared<end>(*this, name); }

void simulated_network::freeze(const std::string& name, bool frozen) {
  if (auto found = places_.find(name); found != places_.end()) found->second.frozen = frozen;
}

bool simulated_network::send(const way& along, std::string frame) {
  if (!places_.contains(along.first)) return false; // it has ended
  auto& waiting = ways_[along];
  if (waiting.size() >= waiting_max) return false;
  waiting.push_back(std::move(frame));
  return true;
}

/// To nobody, it can only be found out.
bool simulated_network::may_arrive(const way& along) const {
  const auto to = places_.find(along.second);
  return to == places_.end() || !to->second.frozen;
}

bool simulated_network::anything_waits() const { return !ways_.empty(); }

void simulated_network::lose(const way& along) {
  ways_.erase(along);
  if (auto from = places_.find(along.first); from != places_.end() && from->second.told.unreachable) {
    auto told = from->second.told;
    told.unreachable(along.second);
  }
}

bool simulated_network::deliver_one() {
  std::vector<way> open;
  for (const auto& [along, waiting] : ways_)
    if (may_arrive(along)) open.push_back(along);
  if (open.empty()) return false;
  const auto along = draw_->one_of(open);
  const auto to = places_.find(along.second);
  if (to == places_.end() || draw_->happens(break_way)) {
    said_->say("network", "the way from " + along.first + " to " + along.second + " breaks");
    lose(along);
    return true;
  }
  auto& waiting = ways_[along];
  auto frame = std::move(waiting.front());
  waiting.pop_front();
  if (waiting.empty()) ways_.erase(along);
  auto told = to->second.told;
  if (told.received) told.received(std::move(frame));
  return true;
}

} // namespace reverie::simulation
