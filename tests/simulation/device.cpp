#include "tests/simulation/device.hpp"

#include "gateway/wire/session_frames.hpp"

#include <algorithm>

namespace reverie::simulation {

namespace {
constexpr std::size_t page_updates = 8; ///< small, so that a resume takes several pages
constexpr std::size_t devices_max = 32;

std::string text_of(const gateway::live_item& item) { return item.bytes->substr(item.payload_at); }
} // namespace

void attempt_book::note(events::message_id reply, std::uint32_t attempt, const std::string& process) {
  auto [known, fresh] = maker_.try_emplace({reply, attempt}, process);
  if (fresh || known->second == process) return;
  wrong_.push_back("attempt " + std::to_string(attempt) + " at reply " + short_name(reply.value) + " was made by " + known->second + " and by " + process);
  known->second = process;
}

void device::connect(simulated_process& to) {
  process_ = &to;
  ++connection_;
  broken_ = false;
  feed_ = {};
  membership_ = to.hub->join(user_, 0, this, devices_max);
  for (auto& [id, of] : conversations_) of.next_piece.clear();
  world_.said->say(name_, "connects to " + to.name());
  for (const auto& [id, of] : conversations_) subscribe(id);
}

void device::disconnect(const std::string& why) {
  if (process_ == nullptr) return;
  world_.said->say(name_, "leaves " + process_->name() + ": " + why);
  membership_.reset();
  process_ = nullptr;
  ++connection_;
}

void device::follow(const std::vector<known_conversation>& conversations) {
  for (const auto& each : conversations) {
    if (conversations_.contains(each.session)) continue;
    conversations_[each.session].after = each.before;
    if (process_ != nullptr) subscribe(each.session);
  }
}

events::entity_position device::last_of(const followed& of) const {
  return of.frames.empty() ? events::entity_position{of.after, {}} : of.frames.back().position;
}

void device::subscribe(events::session_id conversation) {
  const auto after = last_of(conversations_.at(conversation));
  if (!feed_.begin_catch_up(conversation, after)) return;
  read_on(conversation, after);
}

void device::read_on(events::session_id conversation, events::entity_position after) {
  auto heard = [weak = weak_from_this(), conversation, connection = connection_,
                life = process_->life()](const events::outcome<std::vector<actors::shared_update>>& page) {
    auto self = weak.lock();
    if (self && *life && self->connection_ == connection) self->take_page(conversation, page);
  };
  process_->whole().read_history(tests::session_address(user_, conversation), after, page_updates, std::move(heard));
}

void device::take_page(events::session_id conversation, const events::outcome<std::vector<actors::shared_update>>& page) {
  gateway::live_feed::frames out;
  if (!page) {
    feed_.abandon_catch_up(conversation, out); // a client takes these for what they are: not in order with what it missed
    broken_ = true;
    return;
  }
  if (page->empty()) {
    feed_.end_catch_up(conversation, process_->whole().reply_under_way(conversation), out);
    return collect(conversation, out);
  }
  for (const auto& each : *page) feed_.history(conversation, gateway::batch_of(*each), out);
  collect(conversation, out);
  read_on(conversation, {page->back()->position, page->back()->happened.back().context.sequence});
}

void device::on_live(const gateway::shared_batch& batch) {
  if (broken_ || !conversations_.contains(batch->conversation)) return;
  gateway::live_feed::frames out;
  if (!feed_.take(*batch, out)) broken_ = true;
  collect(batch->conversation, out);
}

void device::collect_piece(followed& of, const gateway::live_item& item) {
  if (!world_.network) attempts_->note(item.reply, item.attempt, process_->name()); // else it may come from another process
  auto& next = of.next_piece[{item.reply, item.attempt}];
  if (item.index != next) wrong_.push_back("piece " + std::to_string(item.index) + " of reply " + short_name(item.reply.value) + " came, " + std::to_string(next) + " was next");
  next = item.index + 1;
}

void device::collect(events::session_id conversation, const gateway::live_feed::frames& frames) {
  auto& of = conversations_.at(conversation);
  for (const auto& item : frames) {
    if (item.piece) {
      collect_piece(of, item);
      continue;
    }
    if (!item.position) continue;
    if (item.step == gateway::reply_step::started) {
      replies_.emplace_back(conversation, item.reply);
      // Who comes back in the middle of a reply is told of its start again, before its pieces.
      const auto text = text_of(item);
      if (std::ranges::any_of(of.frames, [&](const seen_frame& each) { return each.position == *item.position && each.text == text; })) continue;
    }
    of.frames.push_back({*item.position, text_of(item)});
  }
}

std::vector<std::string> device::check(const log_truth& truth) const {
  auto wrong = wrong_;
  for (const auto& [id, of] : conversations_) {
    std::vector<seen_frame> expected;
    const auto found = truth.entities().find({events::entity_kind::session, id.value});
    if (found == truth.entities().end()) continue;
    for (const auto& record : found->second.records) {
      const auto* counted = truth.counted_at(record.position);
      if (counted == nullptr || record.position <= of.after) continue;
      for (auto& frame : gateway::frames_of(counted->happened)) expected.push_back({frame.position, std::move(frame.text)});
    }
    const auto same = [](const seen_frame& one, const seen_frame& other) { return one.position == other.position && one.text == other.text; };
    const auto [seen_at, due_at] = std::ranges::mismatch(of.frames, expected, same);
    if (seen_at == of.frames.end() && due_at == expected.end()) continue;
    const auto place = [](const auto& at, const auto& all) { return at == all.end() ? std::string("the end") : events::to_string(at->position) + " " + at->text.substr(0, 40); };
    wrong.push_back(name_ + " in conversation " + short_name(id.value) + ": frame " + std::to_string(seen_at - of.frames.begin()) + " of " +
                    std::to_string(expected.size()) + " is " + place(seen_at, of.frames) + ", should be " + place(due_at, expected));
  }
  return wrong;
}

} // namespace reverie::simulation
