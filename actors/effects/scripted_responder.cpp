#include "actors/effects/scripted_responder.hpp"

#include "actors/effects/prompt/token_estimate.hpp"
#include "actors/effects/scripted_rules.hpp"

#include <atomic>
#include <deque>
#include <string>
#include <xxhash.h>

namespace reverie::actors {
namespace {

constexpr std::string_view model_name = "reverie-scripted";

/// Words with the blanks after them: joined they are the text.
std::deque<std::string> word_pieces(const std::string& text) {
  std::deque<std::string> pieces;
  std::size_t begin = 0;
  while (begin < text.size()) {
    auto end = text.find(' ', begin);
    end = end == std::string::npos ? text.size() : end + 1;
    pieces.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return pieces;
}

/// One reply on its way, piece by piece.
class scripted_run : public std::enable_shared_from_this<scripted_run> {
public:
  scripted_run(chat_result result, std::deque<std::string> pieces, chat_listener listener, job_poster post)
      : result_(std::move(result)), pieces_(std::move(pieces)), listener_(std::move(listener)), post_(std::move(post)) {}

  void go_on() {
    if (post_) post_([self = shared_from_this()] { self->step() ? self->go_on() : void(); });
    else while (step()) {}
  }
  void cancel() { cancelled_ = true; }

private:
  /// Gives the next piece or the end; false after the end.
  bool step() {
    if (cancelled_) {
      listener_.failed({events::failure_code::cancelled, "The reply was stopped.", std::nullopt});
      return false;
    }
    if (pieces_.empty()) {
      listener_.done(std::move(result_));
      return false;
    }
    auto piece = std::move(pieces_.front());
    pieces_.pop_front();
    listener_.piece(std::move(piece));
    return true;
  }

  chat_result result_;
  std::deque<std::string> pieces_;
  chat_listener listener_;
  job_poster post_;
  std::atomic<bool> cancelled_ = false;
};

class scripted_call final : public chat_call {
public:
  explicit scripted_call(std::shared_ptr<scripted_run> run) : run_(std::move(run)) {}
  ~scripted_call() override { run_->cancel(); }
  void cancel() override { run_->cancel(); }

private:
  std::shared_ptr<scripted_run> run_;
};

} // namespace

std::shared_ptr<chat_call> scripted_responder::start(chat_request request, chat_listener listener) {
  const auto scene = scene_of(request);
  const auto draw = XXH3_64bits(scene.question.data(), scene.question.size()) + request.messages.size() + request.seed.value_or(0);
  auto text = scripted_reply(scene, draw);
  auto pieces = word_pieces(text);
  chat_result result{{}, "stop", std::string(model_name), {}};
  if (pieces.size() > request.max_tokens) {
    pieces.resize(request.max_tokens);
    result.finish_reason = "length";
  }
  for (const auto& piece : pieces) result.content += piece;
  for (const auto& message : request.messages)
    result.usage.prompt_tokens += static_cast<std::uint32_t>(prompt::estimate_tokens(message.content));
  result.usage.completion_tokens = static_cast<std::uint32_t>(pieces.size());
  auto run = std::make_shared<scripted_run>(std::move(result), std::move(pieces), std::move(listener), post_);
  run->go_on();
  return std::make_shared<scripted_call>(std::move(run));
}

model_description scripted_responder::describe() const {
  return {std::string(model_name), "scripted",
          "No language model: replies come from pattern rules. Connect your own: REVERIE_MODEL_URL.", 8192, false};
}

} // namespace reverie::actors
