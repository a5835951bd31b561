#include "actors/effects/openai/openai_fact_extractor.hpp"

#include "actors/effects/extraction/fact_answer.hpp"
#include "actors/effects/extraction/fact_question.hpp"

namespace reverie::actors {

using events::failure;
using events::failure_code;

namespace {

/// One question: collects the answer and reads it. On the client's thread.
struct asked_question {
  extraction_request request;
  extraction_callback done;
  std::string extractor;
  http_head head = {};
  std::string body = {};
  std::optional<failure> problem = {};

  void take(const http_head& begun) {
    head = begun;
    const auto code = std::to_string(head.status);
    if (head.status == 408 || head.status == 429 || head.status >= 500) {
      problem = failure{failure_code::unavailable, "the endpoint for facts answered " + code, std::nullopt};
      if (head.retry_after.count() > 0) problem->retry_after = head.retry_after;
    } else if (head.status != 200) {
      problem = failure{failure_code::locked, "the endpoint for facts answered " + code, std::nullopt};
    } else if (head.content_type.starts_with("text/event-stream")) {
      problem = failure{failure_code::malformed, "the endpoint for facts streams", std::nullopt};
    }
  }

  bool take(std::string_view bytes) {
    if (problem) return false;
    body += bytes;
    if (body.size() > extraction_answer_bytes) problem = failure{failure_code::malformed, "the model's answer about facts is too long", std::nullopt};
    return !problem;
  }

  events::outcome<bond::turn_extraction> result(const events::outcome<void>& how) const {
    if (problem) return std::unexpected(*problem);
    if (!how) return std::unexpected(how.error());
    auto text = answer_text_of(body);
    if (!text) return std::unexpected(std::move(text).error());
    auto facts = read_fact_answer(*text, request);
    if (!facts) return std::unexpected(std::move(facts).error());
    return bond::turn_extraction{extractor, std::move(*facts)};
  }
};

class running_question final : public chat_call {
public:
  explicit running_question(std::shared_ptr<http_call> call) : call_(std::move(call)) {}
  ~running_question() override { call_->cancel(); }
  void cancel() override { call_->cancel(); }

private:
  std::shared_ptr<http_call> call_;
};

} // namespace

openai_fact_extractor::openai_fact_extractor(std::shared_ptr<http_client> client, model_endpoint endpoint)
    : client_(std::move(client)), endpoint_(std::move(endpoint)) {}

std::string openai_fact_extractor::name() const { return "model:" + endpoint_.model + "#" + std::to_string(fact_question_version); }

std::shared_ptr<chat_call> openai_fact_extractor::extract(extraction_request request, extraction_callback done) {
  http_post post{endpoint_, "/chat/completions", "application/json", fact_question_json(request, endpoint_.model)};
  auto question = std::make_shared<asked_question>(asked_question{std::move(request), std::move(done), name()});
  return std::make_shared<running_question>(
      client_->post(std::move(post), {.head = [question](const http_head& head) { question->take(head); },
                                      .data = [question](std::string_view bytes) { return question->take(bytes); },
                                      .end = [question](events::outcome<void> how) { question->done(question->result(how)); }}));
}

} // namespace reverie::actors
