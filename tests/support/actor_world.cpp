#include "tests/support/actor_world.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::command_envelope;

namespace {

/// Local state of a process that may crash.
class crashable_state : public events::state_store {
public:
  crashable_state(std::shared_ptr<events::state_store> inner, std::shared_ptr<bool> crashed, std::shared_ptr<std::size_t> tips_read)
      : inner_(std::move(inner)), crashed_(std::move(crashed)), tips_read_(std::move(tips_read)) {}
  events::outcome<void> write(const events::state_batch& batch) override {
    if (*crashed_) return gone();
    return inner_->write(batch);
  }
  events::outcome<std::optional<events::entity_blob>> load(const events::entity_address& address) override { return inner_->load(address); }
  events::outcome<std::optional<events::stored_answer>> answer_of(events::command_id id) override { return inner_->answer_of(id); }
  events::outcome<std::optional<std::pair<events::sequence_number, events::chain_hash>>> tip_of(const events::entity_ref& entity) override {
    ++*tips_read_;
    return inner_->tip_of(entity);
  }
  events::outcome<std::vector<events::history_entry>> history(const events::entity_address& address, events::sequence_number from,
                                                              std::size_t entries_max) override {
    return inner_->history(address, from, entries_max);
  }
  events::outcome<events::applied_position> applied() override { return inner_->applied(); }
  events::outcome<std::vector<events::pending_effect>> pending_effects() override { return inner_->pending_effects(); }
  events::outcome<void> for_each_blob(const std::function<bool(const events::entity_blob&)>& visit) override {
    return inner_->for_each_blob(visit);
  }
  events::outcome<void>
  for_each_tip(const std::function<bool(const events::entity_ref&, events::sequence_number, const events::chain_hash&)>& visit) override {
    return inner_->for_each_tip(visit);
  }
  events::outcome<events::checkpoint_manifest> checkpoint(events::timestamp now) override {
    if (*crashed_) return std::unexpected(gone().error());
    return inner_->checkpoint(now);
  }
  events::outcome<std::vector<events::checkpoint_manifest>> checkpoints() override { return inner_->checkpoints(); }

private:
  static std::unexpected<events::failure> gone() { return events::fail(events::failure_code::unavailable, "crashed"); }
  std::shared_ptr<events::state_store> inner_;
  std::shared_ptr<bool> crashed_;
  std::shared_ptr<std::size_t> tips_read_;
};

caf::scheduler::test_coordinator& coordinator(actors::runtime::node& node) {
  return dynamic_cast<caf::scheduler::test_coordinator&>(node.system().scheduler());
}

} // namespace

void seeded_random::fill(std::span<std::uint8_t> bytes) {
  if (throws_ > 0) {
    --throws_;
    throw std::runtime_error("a decision fails, as the test wants");
  }
  for (auto& each : bytes) each = static_cast<std::uint8_t>(generator_());
}

void fake_model::call::cancel() {
  if (ended) return;
  cancelled = ended = true;
  listener.failed({events::failure_code::cancelled, "cancelled", std::nullopt});
}

void fake_model::call::finish(const std::string& content) {
  ended = true;
  listener.done({content, "stop", "fake", {10, 5}});
}

void fake_model::call::fail(events::failure_code code) {
  ended = true;
  listener.failed({code, "the fake model fails", std::nullopt});
}

std::shared_ptr<actors::chat_call> fake_model::start(actors::chat_request request, actors::chat_listener listener) {
  if (throws > 0) {
    --throws;
    throw std::runtime_error("the client of the model fails, as the test wants");
  }
  auto made = std::make_shared<call>();
  made->request = std::move(request);
  made->listener = std::move(listener);
  calls.push_back(made);
  std::string whole;
  for (const auto& piece : answer_at_once) {
    made->say(piece);
    whole += piece;
  }
  if (!answer_at_once.empty()) made->finish(whole);
  return made;
}

void recording_listener::on_update(const actors::shared_update& update) {
  updates.push_back(update);
  for (const auto& each : update->happened) trace.emplace_back(events::name_of(each.payload));
}

void recording_listener::on_piece(const std::shared_ptr<const actors::reply_piece>& piece) {
  trace.push_back("piece:" + piece->text);
}

std::shared_ptr<actors::chat_call> fake_extractor::extract(actors::extraction_request request, actors::extraction_callback done) {
  if (throws > 0) {
    --throws;
    throw std::runtime_error("the client of the extractor fails, as the test wants");
  }
  auto made = std::make_shared<call>();
  made->request = std::move(request);
  made->done = std::move(done);
  calls.push_back(made);
  return made;
}

void crashable_log::append(events::partition_number partition, events::record content, append_done done) {
  if (crashed_) return;
  if (watch) watch(content);
  inner_->append(partition, std::move(content), std::move(done));
}

events::outcome<events::log_range> crashable_log::range(events::partition_number partition) {
  ++ends_asked_;
  if (end_unknown) return events::fail(events::failure_code::unavailable, "the log does not say where it ends, as the test wants");
  return inner_->range(partition);
}

events::outcome<void> crashable_log::reset_writer(events::partition_number partition) {
  return crashed_ ? events::outcome<void>{} : inner_->reset_writer(partition);
}

events::outcome<std::shared_ptr<events::state_store>> crashable_states::open(events::partition_number partition) {
  auto inner = inner_->open(partition);
  if (!inner) return inner;
  return std::make_shared<crashable_state>(*inner, crashed_, tips_read_);
}

actor_process::actor_process(std::shared_ptr<events::memory_log> shared_log,
                             std::shared_ptr<events::memory_state_store_factory> shared_states,
                             std::shared_ptr<events::memory_key_ring> keys, std::shared_ptr<fake_clock> clock, world_options options)
    : log(std::make_shared<crashable_log>(std::move(shared_log))), states(std::make_shared<crashable_states>(shared_states)),
      random(std::make_shared<seeded_random>(options.seed)), clock_(std::move(clock)) {
  if (options.facts_by_model) facts = std::make_shared<fake_extractor>();
  auto node_options = options.node;
  node_options.detached = false;
  node_options.drive = [this] {
    run();
    clock_->advance(200ms);
    advance(200ms);
  };
  node = actors::runtime::start_node(
      node_options, {log, states, std::move(keys), clock_, random, model, memories,
                     [this](actors::runtime::severity how, std::string_view line) {
                       lines.emplace_back(line);
                       if (how != actors::runtime::severity::info) warnings.emplace_back(line);
                     }, facts, {},
                     options.shared ? std::make_shared<events::memory_state_generations>(shared_states, options.shared) : nullptr});
}

actor_process::~actor_process() {
  stop();
  node.reset();
}

void actor_process::run() {
  if (ended_) return;
  auto& steps = coordinator(*node);
  for (int i = 0; i < 3; ++i) {
    steps.run();
    node->look_at_log();
  }
  steps.run();
}

bool actor_process::run_steps(std::size_t steps) {
  if (ended_) return false;
  coordinator(*node).run(steps);
  return coordinator(*node).has_job();
}

void actor_process::kill_next() {
  auto* next = dynamic_cast<caf::scheduled_actor*>(coordinator(*node).jobs.front());
  if (next == nullptr) throw std::runtime_error("no actor is to be run");
  caf::anon_send_exit(next->address(), caf::exit_reason::kill);
}

static std::size_t count_with(const std::vector<std::string>& lines, const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(lines, [&](const std::string& each) { return each.find(text) != std::string::npos; }));
}

std::size_t actor_process::lines_with(const std::string& text) const { return count_with(lines, text); }
std::size_t actor_process::warnings_with(const std::string& text) const { return count_with(warnings, text); }

void actor_process::crash() {
  log->crash();
  states->crash();
}

void actor_process::stop(std::chrono::milliseconds within) {
  if (ended_) return;
  node->stop(within);
  ended_ = true;
}

void actor_process::advance(std::chrono::milliseconds by) {
  if (!ended_) coordinator(*node).advance_time(by);
}

actor_world::actor_world(world_options options)
    : log(std::make_shared<events::memory_log>(options.partitions)), states(std::make_shared<events::memory_state_store_factory>()),
      keys(std::make_shared<events::memory_key_ring>()), clock(std::make_shared<fake_clock>()), options_(std::move(options)),
      ids_(options_.seed * 7919 + 17) {}

actor_world::~actor_world() { end_all(); }

void actor_world::end_all() {
  for (auto& each : processes_) each->crash();
  processes_.clear();
}

actor_process& actor_world::make() {
  auto options = options_;
  options.seed += processes_.size();
  processes_.push_back(std::make_unique<actor_process>(log, states, keys, clock, options));
  return *processes_.back();
}

actor_process& actor_world::start() {
  auto& made = make();
  made.run();
  return made;
}

actor_process& actor_world::start_without_state() {
  states = std::make_shared<events::memory_state_store_factory>();
  return start();
}

void actor_world::run() {
  for (auto& each : processes_) each->run();
}

void actor_world::advance(std::chrono::milliseconds by) {
  for (auto left = by; left > 0ms; left -= 100ms) {
    clock->advance(100ms);
    for (auto& each : processes_) each->advance(100ms);
    run();
  }
}

const command_outcome& actor_world::asked::only() const {
  if (answers.size() != 1) throw std::runtime_error("answered " + std::to_string(answers.size()) + " times, not once");
  return answers.front();
}

std::shared_ptr<actor_world::asked> actor_world::submit(actor_process& to, command_envelope envelope) {
  auto place = std::make_shared<asked>();
  to.node->submit(std::move(envelope), [place](command_outcome result) { place->answers.push_back(std::move(result)); });
  return place;
}

command_outcome actor_world::ask(command_envelope envelope) { return ask(last(), std::move(envelope)); }

command_outcome actor_world::ask(actor_process& to, command_envelope envelope) {
  auto place = submit(to, std::move(envelope));
  to.run();
  return place->only();
}

events::uuid actor_world::fresh_id() {
  std::array<std::uint8_t, 10> bytes{};
  for (auto& each : bytes) each = static_cast<std::uint8_t>(ids_());
  return events::make_uuid_v7(clock->now(), bytes);
}

command_envelope actor_world::to_user(events::user_id user, actors::user::command command) {
  return {{fresh_id()}, {}, user, user_address(user), std::move(command), {}};
}
command_envelope actor_world::to_session(events::user_id user, events::session_id session, actors::session::command command) {
  return {{fresh_id()}, {}, user, session_address(user, session), std::move(command), {}};
}
command_envelope actor_world::to_bond(events::user_id user, events::character_id character, actors::bond::command command) {
  return {{fresh_id()}, {}, user, bond_address(user, character), std::move(command), {}};
}
command_envelope actor_world::to_character(events::user_id user, events::character_id character, actors::character::command command) {
  return {{fresh_id()}, {}, user, {{events::entity_kind::character, character.value}, character.value}, std::move(command), {}};
}

events::user_id actor_world::register_person(const std::string& name) {
  const events::user_id user{fresh_id()};
  auto made = ask(to_user(user, actors::user::register_user{name + "@example.org", name, {"user"}}));
  if (!made) throw std::runtime_error("not registered: " + made.error().message);
  return user;
}

events::character_id actor_world::create_character(const std::string& name) {
  const events::character_id character{fresh_id()};
  actors::character::create_character card;
  card.published = true;
  card.media_type = "application/json";
  card.card_base64 = "e30=";
  card.card_spec = "V2";
  card.profile.name = name;
  card.profile.first_message = "Hello!";
  auto made = ask(to_character({}, character, card));
  if (!made) throw std::runtime_error("no character: " + made.error().message);
  return character;
}

events::session_id actor_world::open_conversation(events::user_id user, events::character_id character) {
  auto made = ask(to_bond(user, character, actors::bond::open_conversation{user, character, 1, "Hello!"}));
  if (!made) throw std::runtime_error("no conversation: " + made.error().message);
  return {made->subject};
}

std::string actor_world::last_lines() const {
  std::string all;
  for (const auto& each : processes_.back()->lines) all += each + "\n";
  return all;
}

std::string actor_world::state_of(const events::entity_address& entity) { return state_of(last(), entity); }

std::string actor_world::state_of(actor_process& process, const events::entity_address& entity) {
  auto text = std::make_shared<std::string>("not looked at"); // may be answered as the process ends
  process.node->inspect(entity, [text](events::outcome<actors::owned_state> told) { *text = told ? told->json : told.error().message; });
  process.run();
  return *text;
}

std::vector<events::stored_record> actor_world::records(std::uint32_t partition) {
  std::vector<events::stored_record> all;
  auto reader = log->reader({partition}, {0});
  while (reader && *(*reader)->read(all, 1000, 0ms) > 0) {}
  return all;
}

} // namespace reverie::tests
