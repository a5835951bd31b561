#include "tests/simulation/people.hpp"

#include <algorithm>

namespace reverie::simulation {

using namespace std::chrono_literals;
namespace session = actors::session;
namespace bond = actors::bond;

namespace {
constexpr std::chrono::milliseconds answer_patience{20'000}; ///< then the caller asks elsewhere
constexpr std::size_t open_requests_max = 12;

actors::character::create_character card_of(std::size_t number) {
  actors::character::create_character card;
  card.published = true;
  card.media_type = "application/json";
  card.card_base64 = "e30=";
  card.card_spec = "V2";
  card.profile.name = "Mira" + std::to_string(number);
  card.profile.first_message = "Hello!";
  return card;
}
} // namespace

people::people(shared_world world, std::shared_ptr<request_book> book, std::size_t persons, std::size_t characters)
    : world_(std::move(world)), book_(std::move(book)) {
  for (std::size_t i = 0; i < persons; ++i) people_.push_back({{fresh_id()}, false, nullptr, {}, {}});
  for (std::size_t i = 0; i < characters; ++i) characters_.push_back({{fresh_id()}, nullptr, false});
}

events::uuid people::fresh_id() {
  std::array<std::uint8_t, 10> bytes{};
  for (auto& each : bytes) each = static_cast<std::uint8_t>(world_.draw->number());
  return events::make_uuid_v7(world_.clock->now(), bytes);
}

actors::command_envelope people::envelope(const person& who, events::entity_address target, actors::any_command command) {
  return {{fresh_id()}, {}, who.id, target, std::move(command), {}};
}

void people::start(const process_choice& choose, actors::command_envelope envelope, std::string what) {
  const auto slice = envelope.target.slice_key;
  auto one = book_->open(std::move(envelope), std::move(what));
  if (auto* to = choose(slice)) submit(one, *to);
  else one->again_at = world_.clock->steady() + 500ms;
}

void people::submit(const std::shared_ptr<request>& one, simulated_process& to) {
  const auto index = book_->begin_attempt(*one, to.name());
  auto heard = [one, index, book = book_, life = to.life()](actors::command_outcome answer) {
    if (*life) book->take_answer(*one, index, answer);
  };
  if (!one->is_stop) return to.whole().submit(one->envelope, std::move(heard));
  to.whole().stop_reply({one->envelope.target.entity.id}, one->envelope.caller, std::move(heard));
}

bool people::ask_setup(const process_choice& choose) {
  for (auto& each : characters_) {
    if (each.creating) continue;
    auto command = actors::character::command{card_of(static_cast<std::size_t>(&each - characters_.data()))};
    each.creating = book_->open({{fresh_id()}, {}, {}, {{events::entity_kind::character, each.id.value}, each.id.value}, std::move(command), {}}, "create a character");
    if (auto* to = choose(each.id.value)) submit(each.creating, *to);
    return true;
  }
  for (auto& each : people_) {
    if (each.registering) continue;
    auto command = actors::user::command{actors::user::register_user{"p@example.org", "Ada", {"user"}}};
    each.registering = book_->open(envelope(each, tests::user_address(each.id), std::move(command)), "register");
    if (auto* to = choose(each.id.value)) submit(each.registering, *to);
    return true;
  }
  return false;
}

void people::ask_something(const process_choice& choose) {
  const auto open = static_cast<std::size_t>(std::ranges::count_if(book_->all(), [](const auto& each) { return !each->over(); }));
  if (patient_ || open >= open_requests_max) return;
  if (ask_setup(choose)) return;
  auto& who = world_.draw->one_of(people_);
  if (!who.registered) return;
  if (world_.draw->happens(0.05)) {
    auto change = actors::user::command{actors::user::change_profile{"Ada " + std::to_string(++words_)}};
    return start(choose, envelope(who, tests::user_address(who.id), std::move(change)), "change the profile");
  }
  const bool another = who.conversations.empty() || world_.draw->happens(0.08);
  if (another) {
    const auto& with = world_.draw->one_of(characters_);
    if (!with.created) return;
    auto command = bond::command{bond::open_conversation{who.id, with.id, 1, "Hello!"}};
    return start(choose, envelope(who, tests::bond_address(who.id, with.id), std::move(command)), "open a conversation");
  }
  ask_in(who, world_.draw->one_of(who.conversations), choose);
}

void people::ask_in(person& who, known_conversation& of, const process_choice& choose) {
  const auto where = tests::session_address(who.id, of.session);
  const auto kind = world_.draw->below(100);
  if (kind < 6) {
    auto one = book_->open(envelope(who, where, session::command{session::close{}}), "stop the reply in " + short_name(of.session.value));
    one->is_stop = true;
    if (auto* to = choose(who.id.value)) submit(one, *to);
    one->given_up = true; // asked once
    return;
  }
  if (kind < 10 && !of.own.empty()) {
    const auto message = world_.draw->one_of(of.own);
    auto forget = bond::command{bond::forget_memory{bond::episode_of(message), message}};
    return start(choose, envelope(who, tests::bond_address(who.id, of.character), std::move(forget)), "forget " + short_name(message.value));
  }
  std::string what;
  auto command = draw_command(of, what);
  start(choose, envelope(who, where, std::move(command)), what + " in " + short_name(of.session.value));
}

events::message_id people::some_message(known_conversation& of) {
  const bool reply = !of.replies.empty() && (of.own.empty() || world_.draw->happens(0.4));
  if (reply) return world_.draw->one_of(of.replies);
  return of.own.empty() ? events::message_id{fresh_id()} : world_.draw->one_of(of.own);
}

session::command people::draw_command(known_conversation& of, std::string& what) {
  const auto kind = world_.draw->below(100);
  const auto message = some_message(of);
  const auto about = [&](const char* verb) { what = std::string(verb) + " " + short_name(message.value); };
  if (kind < 55) {
    what = "send";
    session::send_message send{"message " + std::to_string(++words_) + ", my dog is called Rex" + std::to_string(words_ % 7), {}};
    if (world_.draw->happens(0.3)) send.client_message = fresh_id();
    return send;
  }
  if (kind < 65) {
    about("edit");
    return session::edit_message{message, "edited " + std::to_string(++words_)};
  }
  if (kind < 73) {
    about("delete");
    return session::delete_message{message};
  }
  if (kind < 85) {
    about("regenerate");
    return session::regenerate{message};
  }
  if (kind < 91) {
    about("select");
    return session::select_branch{message};
  }
  if (kind < 96) {
    about("read");
    return session::mark_read{message};
  }
  what = "close";
  return session::close{};
}

/// What an accepted request taught its caller.
void people::take_in(const std::shared_ptr<request>& one) {
  if (!one->accepted || !taken_in_.insert(one.get()).second) return;
  for (auto& each : characters_)
    if (each.creating == one) each.created = true;
  for (auto& each : people_) {
    if (each.registering == one) each.registered = true;
    if (each.id != one->envelope.caller) continue;
    if (const auto* any = std::get_if<bond::command>(&one->envelope.command))
      if (const auto* opened = std::get_if<bond::open_conversation>(any)) {
        const events::session_id made{one->accepted->subject};
        if (conversation(made) == nullptr) each.conversations.push_back({made, opened->character, {one->accepted->position.partition, {0}}, {}, {}});
      }
    if (const auto* any = std::get_if<session::command>(&one->envelope.command))
      if (std::holds_alternative<session::send_message>(*any) || std::holds_alternative<session::edit_message>(*any))
        if (auto* of = conversation({one->envelope.target.entity.id})) of->own.push_back({one->accepted->subject});
  }
}

known_conversation* people::conversation(events::session_id id) {
  for (auto& each : people_)
    for (auto& of : each.conversations)
      if (of.session == id) return &of;
  return nullptr;
}

void people::note_reply(events::session_id id, events::message_id reply) {
  auto* of = conversation(id);
  if (of != nullptr && !std::ranges::contains(of->replies, reply)) of->replies.push_back(reply);
}

void people::try_again(const process_choice& choose) {
  const auto now = world_.clock->steady();
  for (const auto& one : book_->all()) {
    if (one->accepted) take_in(one);
    if (one->over()) continue;
    bool waits = false;
    for (auto& each : one->attempts)
      if (!each.answer && !each.lost && now - each.at < answer_patience) waits = true;
    if (waits) continue;
    if (one->again_at == 0ms) {
      if (!patient_ && !one->attempts.empty() && world_.draw->happens(0.06)) {
        one->given_up = true;
        world_.said->say("client", "gives up command " + short_name(one->envelope.id.value));
        continue;
      }
      one->again_at = now + std::chrono::milliseconds{world_.draw->between(50, 2'000)};
    }
    if (now < one->again_at) continue;
    if (auto* to = choose(one->envelope.target.slice_key)) {
      one->again_at = 0ms;
      submit(one, *to);
    }
  }
}

void people::repeat_something(const process_choice& choose) {
  if (book_->all().empty()) return;
  const auto& one = book_->all()[world_.draw->below(book_->all().size())];
  if (!one->accepted || one->is_stop || one->under_way()) return;
  if (auto* to = choose(one->envelope.target.slice_key)) submit(one, *to);
}

bool people::satisfied() const {
  return std::ranges::all_of(book_->all(), [](const auto& each) { return each->over() && (!each->under_way() || each->given_up); });
}

} // namespace reverie::simulation
