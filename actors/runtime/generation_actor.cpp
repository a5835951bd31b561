#include "actors/runtime/generation_actor.hpp"

#include "actors/effects/prompt/prompt_builder.hpp"
#include "actors/runtime/partition_actor.hpp"

#include <utility>

namespace reverie::actors::runtime {

using events::failure;
using events::failure_code;

generation_actor::generation_actor(caf::actor_config& config, std::shared_ptr<node_services> services)
    : generation_handle::base(config), services_(std::move(services)) {}

void generation_actor::on_exit() {
  replies_.clear();
  services_.reset();
}

namespace {

events::message_id reply_of(const begin_generation& message) { return std::get<generate_reply>(message.effect->what).reply; }
events::message_id reply_of(const prompt_gathered& message) { return message.reply; }
events::message_id reply_of(const model_spoke& message) { return message.reply; }
events::message_id reply_of(const model_done& message) { return message.reply; }
events::message_id reply_of(const reply_settled& message) { return message.reply; }
events::message_id reply_of(const retry_generation& message) { return message.reply; }
events::message_id reply_of(const stop_generation&) { return {}; }

} // namespace

/// A handler that throws ends its reply as failed; the others go on.
template <class Message>
auto generation_actor::guarded(void (generation_actor::*handle)(const Message&)) {
  return [this, handle](const Message& message) {
    try {
      (this->*handle)(message);
    } catch (...) {
      fail_broken(reply_of(message), unexpected_failure(std::current_exception()));
    }
  };
}

generation_handle::behavior_type generation_actor::make_behavior() {
  using self = generation_actor;
  return {
      guarded(&self::begin),
      guarded(&self::take_part),
      guarded(&self::take_piece),
      guarded(&self::take_result),
      guarded(&self::stop_one),
      guarded(&self::take_settled),
      guarded(&self::retry),
      [this](const stop_generations&) { stop_all(); },
      [this](const drop_generations& message) { drop_all_of(message.partition); },
  };
}

void generation_actor::fail_broken(events::message_id reply, const failure& why) {
  services_->log(severity::error, "a reply could not be made: " + why.message);
  auto found = replies_.find(reply);
  if (found == replies_.end()) return;
  auto& one = found->second;
  if (std::exchange(one.broken, true)) return drop(reply);
  try {
    if (one.at == stage::queued) {
      std::erase(queue_, reply);
      ++running_;
    }
    one.at = stage::ending;
    drop_call(one);
    end_with(one, failed_reply(one.wanted.reply, one.wanted.attempt, why), failure_of(one.wanted.reply, one.wanted.attempt));
  } catch (...) { // it stays a pending effect: the next start takes it up again
    services_->log(severity::error, "a reply could not be ended: " + unexpected_failure(std::current_exception()).message);
    drop(reply);
  }
}

/// Who waits for its stop is told as it goes.
void generation_actor::drop(events::message_id reply) {
  auto found = replies_.find(reply);
  if (found == replies_.end()) return;
  const auto& one = found->second;
  if (auto of = of_session_.find(one.wanted.session); of != of_session_.end() && of->second == reply) of_session_.erase(of);
  if (one.at == stage::queued) std::erase(queue_, reply);
  else --running_;
  replies_.erase(found);
}

double generation_actor::jitter() { return static_cast<double>(random_() % 1000) / 1000.0; }

/// A newer attempt takes the place of an older one.
void generation_actor::begin(const begin_generation& message) {
  const auto& wanted = std::get<generate_reply>(message.effect->what);
  if (auto old = replies_.find(wanted.reply); old != replies_.end()) {
    if (old->second.wanted.attempt >= wanted.attempt) return;
    drop_call(old->second);
    drop(wanted.reply);
  }
  auto& one = replies_[wanted.reply];
  one.effect = *message.effect;
  one.wanted = wanted;
  of_session_[wanted.session] = wanted.reply;
  if (queue_.size() >= services_->options.replies_waiting) {
    ++running_;
    return end_with(one, failed_reply(wanted.reply, wanted.attempt, {failure_code::overloaded, "too many replies wait", std::nullopt}),
                    failure_of(wanted.reply, wanted.attempt));
  }
  queue_.push_back(wanted.reply);
  start_next();
}

void generation_actor::start_next() {
  while (running_ < services_->options.generations_max && !queue_.empty()) {
    auto found = replies_.find(queue_.front());
    queue_.pop_front();
    if (found == replies_.end() || found->second.at != stage::queued) continue;
    ++running_;
    gather(found->second);
  }
}

void generation_actor::ask_model(generation& one) {
  if (!services_->ports.model) return try_again_or_fail(one, {failure_code::unavailable, "no model is configured", std::nullopt});
  one.inputs.close_recall();
  one.inputs.close_turns();
  one.inputs.prompt.model = services_->ports.model->describe();
  one.model = one.inputs.fork && !one.inputs.fork->model.empty() ? one.inputs.fork->model : one.inputs.prompt.model.name;
  auto built = prompt::build_prompt(one.inputs.prompt);
  if (one.inputs.fork) built.request.model = one.inputs.fork->model;
  one.inputs = {};
  one.manifest = std::move(built.manifest_json);
  one.recalled = std::move(built.recalled);
  one.limiter = prompt::sentence_limiter{built.sentences_max};
  one.at = stage::streaming;
  const auto number = one.call_number = ++last_number_;
  auto self = caf::actor_cast<generation_handle>(this);
  chat_listener listener;
  listener.piece = [self, reply = one.wanted.reply, number](std::string piece) {
    caf::anon_send(self, model_spoke{reply, number, std::make_shared<std::string>(std::move(piece))});
  };
  listener.done = [self, reply = one.wanted.reply, number](chat_result result) {
    caf::anon_send(self, model_done{reply, number, std::make_shared<const events::outcome<chat_result>>(std::move(result))});
  };
  listener.failed = [self, reply = one.wanted.reply, number](failure why) {
    caf::anon_send(self, model_done{reply, number,
                                    std::make_shared<const events::outcome<chat_result>>(std::unexpected(std::move(why)))});
  };
  one.call = services_->ports.model->start(std::move(built.request), std::move(listener));
}

/// To the journal and the listeners, in order; a reply that is long enough is ended here.
void generation_actor::take_piece(const model_spoke& message) {
  auto found = replies_.find(message.reply);
  if (found == replies_.end() || found->second.at != stage::streaming || found->second.call_number != message.call) return;
  auto& one = found->second;
  const auto given_before = one.limiter.text().size();
  auto piece = one.limiter.take(*message.piece);
  const bool too_long = given_before + piece.size() > events::limits::reply_bytes;
  if (too_long) piece = cut_text(std::move(piece), events::limits::reply_bytes - given_before);
  if (!piece.empty()) {
    one.streamed = true;
    services_->hub->add_piece({one.wanted.session, one.wanted.user, one.wanted.reply, one.wanted.attempt, 0, std::move(piece)});
  }
  if (too_long || one.limiter.full()) {
    drop_call(one);
    complete(one, cut_text(one.limiter.text(), events::limits::reply_bytes), too_long ? "length" : "stop",
             one.model, {});
  }
}

void generation_actor::take_result(const model_done& message) {
  auto found = replies_.find(message.reply);
  if (found == replies_.end() || found->second.at != stage::streaming || found->second.call_number != message.call) return;
  auto& one = found->second;
  one.call.reset();
  if (!*message.result) return try_again_or_fail(one, message.result->error());
  auto result = **message.result;
  auto content = one.limiter.text();
  if (!one.streamed) { // an endpoint that does not stream: the whole is one piece
    content = cut_text(one.limiter.take(result.content), events::limits::reply_bytes);
    if (content.empty()) return try_again_or_fail(one, {failure_code::unavailable, "the model said nothing", std::nullopt});
    services_->hub->add_piece({one.wanted.session, one.wanted.user, one.wanted.reply, one.wanted.attempt, 0, content});
  }
  complete(one, std::move(content), result.finish_reason == "length" ? "length" : "stop", result.model, result.usage);
}

void generation_actor::complete(generation& one, std::string content, std::string finish_reason, std::string model,
                                events::session::token_usage usage) {
  end_with(one,
           session::complete_reply{one.wanted.reply, one.wanted.attempt, std::move(content), std::move(finish_reason),
                                   std::move(model), usage, std::move(one.manifest), std::move(one.recalled)},
           completion_of(one.wanted.reply, one.wanted.attempt));
}

void generation_actor::try_again_or_fail(generation& one, const failure& why) {
  services_->log(severity::warning, "a reply could not be made: " + why.message);
  drop_call(one);
  if (worth_another_try(why, one.tries, one.streamed)) {
    const auto wait = wait_before_try(one.tries++, jitter(), why.retry_after);
    one.at = stage::waiting;
    wait_and_retry(one, wait);
    return;
  }
  end_with(one, failed_reply(one.wanted.reply, one.wanted.attempt, why), failure_of(one.wanted.reply, one.wanted.attempt));
}

void generation_actor::wait_and_retry(generation& one, std::chrono::milliseconds wait) {
  delayed_send(this, wait, retry_generation{one.wanted.reply, one.step = ++last_number_});
}

void generation_actor::retry(const retry_generation& message) {
  auto found = replies_.find(message.reply);
  if (found == replies_.end() || found->second.step != message.step) return;
  if (found->second.at == stage::waiting) gather(found->second);
  else if (found->second.at == stage::ending) submit_end(found->second);
}

void generation_actor::end_with(generation& one, session::command command, events::command_id id) {
  one.at = stage::ending;
  one.end = {id, one.effect.correlation, {}, one.effect.owner, std::move(command), one.effect.cause};
  submit_end(one);
}

void generation_actor::submit_end(generation& one) {
  auto self = caf::actor_cast<generation_handle>(this);
  services_->submit(one.end, [self, reply = one.wanted.reply, attempt = one.wanted.attempt](command_outcome result) {
    caf::anon_send(self, reply_settled{reply, attempt, std::make_shared<const command_outcome>(std::move(result))});
  });
}

/// The attempt is over when its end is in the log; until then the same command is given again.
void generation_actor::take_settled(const reply_settled& message) {
  auto found = replies_.find(message.reply);
  if (found == replies_.end() || found->second.at != stage::ending || found->second.wanted.attempt != message.attempt) return;
  auto& one = found->second;
  const auto& result = *message.result;
  if (!result && passes_by_itself(result.error().code)) {
    wait_and_retry(one, wait_before_try(std::min(one.end_tries++, 5U), jitter(), std::nullopt));
    return;
  }
  if (!result) {
    services_->log(severity::error, "the end of a reply was refused: " + result.error().message);
    if (auto partition = services_->partition_of(one.effect.owner.slice_key))
      services_->tell(*partition, effect_answered{one.effect.id, {}, message.result});
  }
  services_->hub->end_reply(one.wanted.session, one.wanted.reply, one.wanted.attempt);
  auto stop_done = std::move(one.stop_done);
  drop(message.reply);
  if (stop_done) stop_done(result);
  start_next();
}

/// What was said so far stays: the reply completes with it.
void generation_actor::stop_one(const stop_generation& message) {
  auto of = of_session_.find(message.session);
  auto found = of == of_session_.end() ? replies_.end() : replies_.find(of->second);
  if (found == replies_.end() || found->second.wanted.user != message.caller || found->second.at == stage::ending) {
    message.done(std::unexpected(events::rejection{events::rejection_code::not_found, "No reply is being made.", {}, std::nullopt}));
    return;
  }
  auto& one = found->second;
  if (one.at == stage::queued) {
    std::erase(queue_, one.wanted.reply);
    ++running_;
  }
  drop_call(one);
  one.stop_done = message.done;
  one.gathering = ++last_number_;
  complete(one, cut_text(one.limiter.text(), events::limits::reply_bytes), "stopped",
           one.model, {});
}

void generation_actor::drop_call(generation& one) {
  one.call_number = ++last_number_; // what the call still says is not heard any more
  if (auto call = std::move(one.call)) call->cancel();
}

/// The next owner starts them again as the next attempt.
void generation_actor::drop_all_of(events::partition_number partition) {
  std::vector<events::message_id> gone;
  for (const auto& [reply, one] : replies_)
    if (services_->partition_of(one.effect.owner.slice_key) == partition) gone.push_back(reply);
  for (auto reply : gone) {
    auto& one = replies_.at(reply);
    drop_call(one);
    services_->hub->end_reply(one.wanted.session, one.wanted.reply, one.wanted.attempt);
    if (one.stop_done) one.stop_done(std::unexpected(events::rejection{events::rejection_code::unavailable, "The reply was interrupted.", {}, std::nullopt}));
    drop(reply);
  }
  start_next();
}

/// Running replies are interrupted; they are pending effects, and the next start takes them up again.
void generation_actor::stop_all() {
  for (auto& [reply, one] : replies_) {
    drop_call(one);
    if (one.stop_done)
      one.stop_done(std::unexpected(events::rejection{events::rejection_code::unavailable, "The server is stopping.", {}, std::nullopt}));
  }
  replies_.clear();
  quit();
}

} // namespace reverie::actors::runtime
