#include "gateway/bridge/command_gate.hpp"

#include "gateway/bridge/fresh_ids.hpp"

#include <chrono>
#include <span>

namespace reverie::gateway {

using actors::command_answer;

namespace {

std::string_view command_name(const actors::any_command& command) {
  return std::visit(
      [](const auto& kind) {
        return std::visit([](const auto& one) { return std::decay_t<decltype(one)>::name; }, kind);
      },
      command);
}

} // namespace

command_gate::command_gate(gateway_ports& ports, blocking_pool& database, own_writes& written, command_observer observe)
    : ports_(ports), database_(database), written_(written), observe_(std::move(observe)) {}

actors::command_envelope command_gate::envelope(events::user_id caller, events::entity_address target,
                                                actors::any_command command, events::command_id id) const {
  auto fresh = fresh_uuid(ports_.now());
  if (id.is_nil()) id.value = fresh;
  return {id, {fresh}, caller, target, std::move(command), std::nullopt};
}

bool command_gate::is_ready_for(events::user_id person) const { return ports_.keys.find(person) != nullptr; }

task<result<void>> command_gate::ready_for(events::user_id person) {
  if (is_ready_for(person)) co_return result<void>{};
  auto loaded = co_await database_.run([this, person] { return ports_.keys.load(person); });
  if (loaded) co_return result<void>{};
  if (loaded.error().code == events::failure_code::key_destroyed) {
    co_return std::unexpected(authentication_error("invalid_token", "This account does not exist any more."));
  }
  co_return std::unexpected(error_of(loaded.error()));
}

void command_gate::submit_now(actors::command_envelope envelope, std::function<void(result<command_answer>)> done) {
  auto began = std::chrono::steady_clock::now();
  auto name = command_name(envelope.command);
  auto caller = envelope.caller;
  ports_.node.submit(std::move(envelope), [this, began, name, caller, done = std::move(done)](actors::command_outcome outcome) {
    auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
    if (outcome) {
      written_.remember(caller, outcome->position);
      if (observe_) observe_(name, "ok", took);
      done(*outcome);
      return;
    }
    auto error = error_of(outcome.error());
    if (observe_) observe_(name, error.code, took);
    done(std::unexpected(std::move(error)));
  });
}

task<result<command_answer>> command_gate::submit(actors::command_envelope envelope) {
  if (auto ready = co_await ready_for(envelope.caller); !ready) co_return std::unexpected(ready.error());
  co_return co_await await_callback<result<command_answer>>(
      [this, envelope = std::move(envelope)](std::function<void(result<command_answer>)> done) mutable {
        submit_now(std::move(envelope), std::move(done));
      });
}

task<events::timestamp> command_gate::began_at(events::entity_address entity, events::timestamp otherwise) {
  using history_page = events::outcome<std::vector<actors::shared_update>>;
  auto page = co_await await_callback<history_page>([this, entity](std::function<void(history_page)> done) {
    ports_.node.read_history(entity, std::nullopt, 1, std::move(done));
  });
  if (!page || page->empty() || page->front()->happened.empty()) co_return otherwise;
  co_return page->front()->happened.front().context.at;
}

void command_gate::stop_reply(events::session_id session, events::user_id caller,
                              std::function<void(result<command_answer>)> done) {
  ports_.node.stop_reply(session, caller, [done = std::move(done)](actors::command_outcome outcome) {
    if (outcome) done(*outcome);
    else done(std::unexpected(error_of(outcome.error())));
  });
}

events::command_id command_id_of(events::user_id user, const std::optional<events::uuid>& client_message) {
  if (!client_message) return {};
  auto derived = events::derive_uuid("client_message", user.value, *client_message);
  const auto made = events::time_of(*client_message);
  if (!made) return {derived};
  return {events::make_uuid_v7(*made, std::span(derived.bytes).last<10>())};
}

} // namespace reverie::gateway
