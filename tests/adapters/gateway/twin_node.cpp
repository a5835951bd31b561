#include "tests/adapters/gateway/twin_node.hpp"

namespace reverie::tests {

namespace session = events::session;
using actors::command_answer;
using actors::command_outcome;
using events::rejection;
using events::rejection_code;

namespace {
std::unexpected<rejection> refuse(rejection_code code, std::string message) {
  return std::unexpected(rejection{code, std::move(message), "", std::nullopt});
}

/// As far as tests send other things under one id: by the text of a message.
bool is_same(const actors::any_command& one, const actors::any_command& other) {
  auto text_of = [](const actors::any_command& command) {
    const auto* session = std::get_if<actors::session::command>(&command);
    const auto* send = session ? std::get_if<actors::session::send_message>(session) : nullptr;
    return send ? send->content : std::string();
  };
  return text_of(one) == text_of(other);
}
} // namespace

events::uuid twin_node::fresh_id() {
  std::array<std::uint8_t, 10> random{};
  for (std::size_t i = 0; i < 8; ++i) random[2 + i] = static_cast<std::uint8_t>(next_id_ >> (8 * (7 - i)));
  ++next_id_;
  return events::make_uuid_v7(happened_at, random);
}

events::log_position twin_node::happen(events::session_id id, std::vector<events::event> events) {
  std::lock_guard lock(mutex);
  auto& of = conversations[id];
  events::log_position position{{0}, {next_offset_++}};
  auto update = std::make_shared<actors::entity_update>();
  update->entity = {{events::entity_kind::session, id.value}, of.user.value};
  update->position = position;
  for (auto& event : events) {
    events::event_context context{update->entity, position, {++of.last_sequence}, happened_at, {}, {}};
    update->happened.push_back({context, std::move(event)});
  }
  of.updates.push_back(update);
  auto [from, to] = listeners_.equal_range(of.user);
  for (auto it = from; it != to; ++it) {
    if (auto listener = it->second.lock()) listener->on_update(update);
  }
  return position;
}

void twin_node::submit(actors::command_envelope envelope, actors::answer_callback done) {
  command_outcome answer;
  {
    std::lock_guard lock(mutex);
    ++commands;
    auto known = answers_.find(envelope.id);
    if (known != answers_.end() && (known->second.entity != envelope.target.entity || !is_same(known->second.command, envelope.command))) {
      answer = refuse(rejection_code::conflict, "This command id was used for something else.");
    } else if (known != answers_.end()) {
      answer = known->second.answer;
      if (answer) answer->repeated = true;
    } else {
      answer = refuse_all ? command_outcome(std::unexpected(*refuse_all)) : decide(envelope);
      if (answer) answers_.emplace(envelope.id, done_command{envelope.target.entity, envelope.command, answer});
    }
  }
  done(answer);
}

command_outcome twin_node::decide(const actors::command_envelope& envelope) {
  if (const auto* user = std::get_if<actors::user::command>(&envelope.command)) {
    people[envelope.caller] = std::get<actors::user::register_user>(*user);
    return command_answer{envelope.target.entity.id, {{0}, {next_offset_++}}};
  }
  if (const auto* character = std::get_if<actors::character::command>(&envelope.command)) {
    characters[{envelope.target.entity.id}] = std::get<actors::character::create_character>(*character);
    return command_answer{envelope.target.entity.id, {{0}, {next_offset_++}}};
  }
  if (const auto* bond = std::get_if<actors::bond::command>(&envelope.command)) {
    if (const auto* open = std::get_if<actors::bond::open_conversation>(bond)) return open_bond(envelope, *open);
    if (const auto* forget = std::get_if<actors::bond::forget_memory>(bond)) {
      forgotten.insert(forget->memory);
      return command_answer{forget->memory.value, {{0}, {next_offset_++}}};
    }
    return refuse(rejection_code::conflict, "not in the twin");
  }
  return decide_session(envelope, std::get<actors::session::command>(envelope.command));
}

command_outcome twin_node::open_bond(const actors::command_envelope& envelope, const actors::bond::open_conversation& command) {
  auto known = open_of_bond_.find(envelope.target.entity.id);
  if (known != open_of_bond_.end() && conversations[known->second].open) {
    return command_answer{known->second.value, last_position(), false};
  }
  events::session_id id{fresh_id()};
  open_of_bond_[envelope.target.entity.id] = id;
  auto& of = conversations[id];
  of.user = command.user;
  of.character = command.character;
  events::log_position position{{0}, {next_offset_++}};
  events::message_id greeting{command.greeting.empty() ? events::uuid{} : fresh_id()};
  if (!command.greeting.empty()) of.leaf = greeting;
  happen(id, {session::opened{id, command.user, command.character, command.card_version, greeting, command.greeting}});
  return command_answer{id.value, position};
}

command_outcome twin_node::decide_session(const actors::command_envelope& envelope, const actors::session::command& command) {
  events::session_id id{envelope.target.entity.id};
  auto found = conversations.find(id);
  if (found == conversations.end() || found->second.user != envelope.caller) {
    return refuse(rejection_code::not_found, "There is no such conversation.");
  }
  auto& of = found->second;
  if (std::holds_alternative<actors::session::close>(command)) {
    of.open = false;
    of.reply.reset();
    return command_answer{id.value, happen(id, {session::closed{id}})};
  }
  if (!of.open) return std::unexpected(rejection{rejection_code::conflict, "This conversation is closed.", "conversation_id", std::nullopt});
  if (const auto* send = std::get_if<actors::session::send_message>(&command)) {
    events::message_id message{fresh_id()};
    auto position = happen(id, {session::message_sent{message, of.leaf, send->content, send->client_message}});
    of.leaf = message;
    if (answers_itself) {
      start_reply(id);
      say(id, "Well, ");
      say(id, "hello.");
      finish_reply(id);
    }
    return command_answer{message.value, position};
  }
  if (const auto* edit = std::get_if<actors::session::edit_message>(&command)) {
    events::message_id message{fresh_id()};
    return command_answer{message.value, happen(id, {session::message_edited{message, edit->message, edit->content}})};
  }
  if (const auto* read = std::get_if<actors::session::mark_read>(&command)) {
    return command_answer{read->message.value, happen(id, {session::read_marked{read->message}})};
  }
  return refuse(rejection_code::conflict, "not in the twin");
}

std::shared_ptr<void> twin_node::listen(events::user_id person, std::weak_ptr<actors::update_listener> listener) {
  std::lock_guard lock(mutex);
  listeners_.emplace(person, std::move(listener));
  return std::make_shared<int>(0);
}

void twin_node::start_reply(events::session_id id) {
  std::lock_guard lock(mutex);
  auto& of = conversations[id];
  actors::live_reply reply{{fresh_id()}, of.leaf.value_or(events::message_id{}), 1, {}, {}};
  reply.started_at = happen(id, {session::reply_started{reply.reply, reply.parent, 1}});
  of.reply = reply;
}

void twin_node::say(events::session_id id, const std::string& text) {
  std::lock_guard lock(mutex);
  auto& of = conversations[id];
  auto piece = std::make_shared<actors::reply_piece>();
  *piece = {id, of.user, of.reply->reply, of.reply->attempt, static_cast<std::uint32_t>(of.reply->pieces.size()), text};
  of.reply->pieces.push_back(text);
  auto [from, to] = listeners_.equal_range(of.user);
  for (auto it = from; it != to; ++it) {
    if (auto listener = it->second.lock()) listener->on_piece(piece);
  }
}

void twin_node::finish_reply(events::session_id id, const std::string& finish_reason) {
  std::lock_guard lock(mutex);
  auto& of = conversations[id];
  auto reply = *of.reply;
  of.reply.reset();
  std::string whole;
  for (const auto& piece : reply.pieces) whole += piece;
  of.leaf = reply.reply;
  happen(id, {session::reply_completed{reply.reply, reply.attempt, whole, finish_reason, "twin", {3, 4}, "{}"}});
}

void twin_node::fail_reply(events::session_id id) {
  std::lock_guard lock(mutex);
  auto& of = conversations[id];
  auto reply = *of.reply;
  of.reply.reset();
  happen(id, {session::reply_failed{reply.reply, reply.attempt, "model_unavailable", "The model is away.", true}});
}

void twin_node::stop_reply(events::session_id id, events::user_id caller, actors::answer_callback done) {
  command_outcome answer = refuse(rejection_code::not_found, "There is no reply under way.");
  {
    std::lock_guard lock(mutex);
    stops.push_back(id);
    auto found = conversations.find(id);
    if (found != conversations.end() && found->second.user == caller && found->second.reply) {
      auto reply = found->second.reply->reply;
      finish_reply(id, "stopped");
      answer = command_answer{reply.value, last_position()};
    }
  }
  done(answer);
}

std::optional<actors::live_reply> twin_node::reply_under_way(events::session_id id) {
  std::lock_guard lock(mutex);
  auto found = conversations.find(id);
  return found == conversations.end() ? std::nullopt : found->second.reply;
}

void twin_node::read_history(events::entity_address entity, std::optional<events::entity_position> after, std::size_t updates_max,
                             std::function<void(events::outcome<std::vector<actors::shared_update>>)> done) {
  std::vector<actors::shared_update> page;
  {
    std::lock_guard lock(mutex);
    auto found = conversations.find({entity.entity.id});
    if (found != conversations.end()) {
      for (const auto& update : found->second.updates) {
        if (page.size() < updates_max && (!after || !is_reached({update->position, update->happened.back().context.sequence}, *after))) page.push_back(update);
      }
    } else if (people.contains({entity.entity.id}) || characters.contains({entity.entity.id})) {
      auto first = std::make_shared<actors::entity_update>();
      first->entity = entity;
      first->happened.push_back({{entity, {}, {}, happened_at, {}, {}}, events::user::registered{}});
      page.push_back(std::move(first));
    }
  }
  done(std::move(page));
}

std::vector<actors::partition_status> twin_node::status() {
  actors::partition_status status;
  status.serving = true;
  std::lock_guard lock(mutex);
  status.applied_next = {next_offset_};
  status.pending_effects = waiting.size();
  std::vector<actors::partition_status> all{status};
  for (const auto number : out_of_reach) {
    all.emplace_back().partition = {number};
    all.back().reason = "its owner can't be asked";
  }
  return all;
}

void twin_node::effects(events::partition_number partition, std::size_t effects_max, std::function<void(events::outcome<std::vector<actors::effect_status>>)> done) {
  std::unique_lock lock(mutex);
  if (out_of_reach.contains(partition.value)) {
    lock.unlock();
    return done(events::fail(events::failure_code::timed_out, "its owner did not answer"));
  }
  std::vector<actors::effect_status> all(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(std::min(effects_max, waiting.size())));
  all.insert(all.end(), refused.begin(), refused.end());
  lock.unlock();
  done(std::move(all));
}

void twin_node::retry_effect(events::partition_number partition, events::effect_id id, std::function<void(events::outcome<void>)> done) {
  std::unique_lock lock(mutex);
  const bool known = !out_of_reach.contains(partition.value);
  const bool taken = known && std::erase_if(refused, [&](const auto& each) { return each.id == id; }) > 0;
  lock.unlock();
  if (!known) return done(events::fail(events::failure_code::timed_out, "its owner did not answer"));
  if (!taken) return done(events::fail(events::failure_code::not_found, "no such effect"));
  done({});
}

} // namespace reverie::tests
