#include "tests/simulation/danger.hpp"

#include "tests/simulation/log_truth.hpp"
#include "tests/simulation/simulated_process.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace reverie::simulation {

using namespace std::chrono_literals;

namespace {

/// What happens, whoever it happens to.
struct danger_step {
  enum class kind : std::uint8_t { send, freeze_and_take_over, send_to_frozen, thaw, deliver } what;
  int line = 0;
};

std::vector<danger_step> draw_schedule(std::uint64_t seed) {
  using enum danger_step::kind;
  chance draw(seed);
  std::vector<danger_step> steps;
  int line = 0;
  bool frozen = false;
  for (int i = 0; i < 40; ++i) {
    const auto drawn = draw.below(10);
    if (drawn < 5) steps.push_back({send, ++line});
    else if (drawn < 7) steps.push_back({deliver});
    else if (!frozen) steps.push_back({freeze_and_take_over}), frozen = true;
    else if (drawn == 7) steps.push_back({send_to_frozen, ++line});
    else steps.push_back({thaw}), frozen = false;
  }
  return steps;
}

log_weather bad_weather() { return {0.1, 0.15, 0, 0.1, 0.05, 0}; }

shared_world fresh_world(std::uint64_t seed) {
  shared_world world;
  world.draw = std::make_shared<chance>(seed + 7);
  world.clock = std::make_shared<tests::fake_clock>();
  world.said = std::make_shared<trace>(world.clock);
  world.vault = std::make_shared<events::memory_wrapped_key_store>();
  world.door = std::make_shared<vault_door>(world.vault);
  world.log = std::make_shared<events::memory_log>(1);
  return world;
}

/// Keeps lines: the log is read once, when it takes over; then what it appended itself is added as the report comes. What has no known
/// outcome is sent again, as a loop would that wants to lose nothing.
class plain_loop {
public:
  plain_loop(const shared_world& world, std::string name)
      : log_(std::make_shared<faulty_producer>(world.log, world.draw, world.said, std::move(name), planted_bug::none)), lines_(read(world)) {
    log_->weather = bad_weather();
  }

  static std::vector<int> read(const shared_world& world) {
    std::vector<events::stored_record> records;
    auto reader = world.log->reader({0}, {0});
    while (*(*reader)->read(records, 1000, 0ms) > 0) {}
    std::vector<int> lines;
    for (const auto& each : records) lines.push_back(std::stoi(each.content.value));
    return lines;
  }

  void send(int line, int tries = 0) {
    constexpr int tries_max = 5;
    if (frozen) return waiting_.push_back(line);
    events::record content;
    content.value = std::to_string(line);
    log_->append({0}, content, [this, line, tries](events::outcome<events::log_offset> end) {
      if (end) {
        lines_.push_back(line);
        acknowledged.insert(line);
      } else if (tries < tries_max) send(line, tries + 1);
    });
  }
  void thaw() {
    frozen = false;
    for (int line : std::exchange(waiting_, {})) send(line);
  }
  faulty_producer& log() { return *log_; }
  const std::vector<int>& lines() const { return lines_; }

  std::set<int> acknowledged;
  bool frozen = false;

private:
  std::shared_ptr<faulty_producer> log_;
  std::vector<int> lines_;
  std::vector<int> waiting_;
};

std::size_t doubles(std::vector<int> lines) {
  std::ranges::sort(lines);
  std::set<int> twice;
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (lines[i] == lines[i - 1]) twice.insert(lines[i]);
  return twice.size();
}

/// The server under the same schedule: one conversation, each line a message.
class endangered_server {
public:
  explicit endangered_server(std::uint64_t seed) : world_(fresh_world(seed)), truth_(world_.log, world_.vault) {
    start();
    ask(tests::user_address(user_), actors::user::command{actors::user::register_user{"ada@example.org", "Ada", {"user"}}});
    session_ = {*ask(tests::bond_address(user_, character_), actors::bond::command{actors::bond::open_conversation{user_, character_, 1, ""}})};
    for (const auto& each : processes_) each->log->weather = bad_weather();
  }

  void step(const danger_step& next) {
    using enum danger_step::kind;
    switch (next.what) {
    case send: say(*processes_.back(), next.line); break;
    case send_to_frozen: say(frozen(), next.line); break;
    case deliver:
      for (const auto& each : processes_) each->log->deliver_one();
      break;
    case freeze_and_take_over:
      processes_.back()->pause();
      start();
      processes_.back()->log->weather = bad_weather();
      break;
    case thaw:
      for (const auto& each : processes_)
        if (each->paused()) each->resume();
      break;
    }
    let_run(4);
  }

  outcome_of_danger end() {
    for (const auto& each : processes_) {
      each->log->weather = {};
      each->log->deliver_all();
      if (each->paused()) each->resume();
    }
    let_run(200);
    (void)truth_.read_on();
    std::vector<int> lines;
    for (const auto& record : truth_.counted({0}))
      for (const auto& each : record.happened)
        if (const auto* sent = std::get_if<events::session::message_sent>(&each.payload)) lines.push_back(std::stoi(sent->content));
    outcome_of_danger found{acknowledged_.size(), 0, doubles(lines)};
    for (int line : acknowledged_)
      if (!std::ranges::contains(lines, line)) ++found.lost;
    return found;
  }

private:
  simulated_process& frozen() {
    const auto found = std::ranges::find_if(processes_, [](const auto& each) { return each->paused(); });
    return found == processes_.end() ? *processes_.back() : **found;
  }
  void start() {
    machines_.push_back(std::make_unique<machine>());
    machines_.back()->name = "node" + std::to_string(machines_.size());
    processes_.push_back(std::make_unique<simulated_process>(world_, *machines_.back(), log_weather{}, std::vector<events::partition_number>{{0}}));
    let_run(4);
  }
  void let_run(int ticks) {
    for (int i = 0; i < ticks; ++i) {
      world_.clock->advance(100ms);
      for (const auto& each : processes_) {
        each->keep_time();
        if (each->paused()) continue;
        each->look();
        while (each->step()) {}
      }
    }
  }
  void say(simulated_process& to, int line) {
    actors::session::send_message send{std::to_string(line), {}};
    to.node->submit({{fresh_id()}, {}, user_, tests::session_address(user_, session_), actors::session::command{std::move(send)}, {}},
                    [this, line](const actors::command_outcome& answer) {
                      if (answer) acknowledged_.insert(line);
                    });
  }
  std::optional<events::uuid> ask(events::entity_address target, actors::any_command command) {
    auto subject = std::make_shared<std::optional<events::uuid>>();
    processes_.back()->node->submit({{fresh_id()}, {}, user_, target, std::move(command), {}}, [subject](const actors::command_outcome& answer) {
      if (answer) *subject = answer->subject;
    });
    let_run(5);
    return *subject;
  }
  events::uuid fresh_id() { return events::derive_uuid("danger", user_.value, {}, ++ids_); }

  shared_world world_;
  log_truth truth_;
  std::vector<std::unique_ptr<machine>> machines_;
  std::set<int> acknowledged_;
  events::user_id user_{events::derive_uuid("danger user", {})};
  events::character_id character_{events::derive_uuid("danger character", {})};
  events::session_id session_{};
  std::uint64_t ids_ = 0;
  std::vector<std::unique_ptr<simulated_process>> processes_;
};

} // namespace

outcome_of_danger endanger_plain_loop(std::uint64_t seed) {
  using enum danger_step::kind;
  const auto world = fresh_world(seed);
  std::vector<std::unique_ptr<plain_loop>> loops;
  loops.push_back(std::make_unique<plain_loop>(world, "loop1"));
  for (const auto& next : draw_schedule(seed)) {
    const auto frozen = std::ranges::find_if(loops, [](const auto& each) { return each->frozen; });
    auto& zombie = frozen == loops.end() ? *loops.back() : **frozen;
    if (next.what == send) loops.back()->send(next.line);
    else if (next.what == send_to_frozen) zombie.send(next.line);
    else if (next.what == thaw && zombie.frozen) zombie.thaw();
    else if (next.what == deliver) {
      for (const auto& each : loops) each->log().deliver_one();
    } else if (next.what == freeze_and_take_over) {
      loops.back()->frozen = true;
      loops.push_back(std::make_unique<plain_loop>(world, "loop" + std::to_string(loops.size() + 1)));
    }
  }
  outcome_of_danger found{0, 0, 0};
  for (const auto& each : loops) {
    each->log().weather = {};
    if (each->frozen) each->thaw();
    each->log().deliver_all();
  }
  for (const auto& each : loops)
    for (int line : each->acknowledged) {
      ++found.acknowledged;
      if (!std::ranges::contains(loops.back()->lines(), line)) ++found.lost;
    }
  found.doubled = doubles(plain_loop::read(world));
  return found;
}

outcome_of_danger endanger_server(std::uint64_t seed) {
  endangered_server server(seed);
  for (const auto& next : draw_schedule(seed)) server.step(next);
  return server.end();
}

} // namespace reverie::simulation
