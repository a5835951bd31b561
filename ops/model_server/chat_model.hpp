#pragma once

#include "ops/model_server/api_error.hpp"
#include "ops/model_server/chat_request.hpp"
#include "ops/model_server/chat_response.hpp"
#include "ops/model_server/llama_handles.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::model_server {

/// Asked often while a reply is made: true ends it (the client is gone, the server stops).
using cancel_check = std::function<bool()>;
/// Gets each piece of text as soon as it is certain; false ends the reply.
using text_sink = std::function<bool(std::string_view)>;

enum class reply_end { stop, length, cancelled, failed };

struct reply {
  reply_end end = reply_end::stop;
  token_usage usage;
};

/// One chat model with one context: replies are made one after the other, and a prompt that begins like the one before is only
/// evaluated from where it differs. Thread-safe.
class chat_model {
public:
  static std::expected<std::unique_ptr<chat_model>, std::string> load(const std::string& path, std::int32_t threads,
                                                                      std::uint32_t context_tokens);

  const std::string& name() const { return name_; }
  std::size_t context_tokens() const { return context_tokens_; }

  /// The tokens of the whole conversation in the model's own format; an error when there is no room left for a reply.
  api_result<std::vector<llama_token>> prompt_of(const std::vector<chat_message>& messages) const;

  /// Holds a place in the queue of requests; false when it is full.
  class turn {
  public:
    explicit turn(chat_model& model);
    ~turn();
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    bool granted() const { return granted_; }

  private:
    chat_model& model_;
    bool granted_;
  };

  /// Waits until the model is free, then makes the reply.
  reply generate(const std::vector<llama_token>& prompt, const chat_request& request, const cancel_check& is_cancelled,
                 const text_sink& sink);

private:
  chat_model(model_handle model, std::string name, std::string chat_template);

  bool wait_for_turn(std::unique_lock<std::timed_mutex>& lock, const cancel_check& is_cancelled);
  std::size_t keep_common_prefix(const std::vector<llama_token>& prompt);
  bool evaluate(const llama_token* tokens, std::size_t count, const cancel_check& is_cancelled);
  reply_end write_reply(const chat_request& request, std::size_t room, const cancel_check& is_cancelled, const text_sink& sink,
                        std::size_t& written);

  model_handle model_;
  std::string name_;
  std::string chat_template_;
  const llama_vocab* vocab_;
  context_handle context_;
  std::size_t context_tokens_ = 0;
  std::atomic<std::size_t> waiting_ = 0;
  std::timed_mutex busy_;              // guards context_, evaluated_ and asked_
  std::vector<llama_token> evaluated_; // what the context's memory holds
  const cancel_check* asked_ = nullptr;   // for the library's abort callback
};

} // namespace reverie::model_server
