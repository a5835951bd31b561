#include "ops/model_server/chat_model.hpp"

#include "ops/model_server/limits.hpp"
#include "ops/model_server/sampler.hpp"
#include "ops/model_server/text_stream.hpp"

#include <algorithm>
#include <format>
#include <optional>

namespace reverie::model_server {

namespace {

/// The conversation in the model's format, with a mark in place of each message's text; none when the format isn't known.
std::optional<std::string> apply_template(const std::string& chat_template, const std::vector<chat_message>& messages,
                                          const std::vector<std::string>& marks) {
  std::vector<llama_chat_message> chat;
  for (std::size_t i = 0; i < messages.size(); ++i) chat.push_back({messages[i].role.c_str(), marks[i].c_str()});
  std::string text(1024 + messages.size() * 256, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    const std::int32_t length = llama_chat_apply_template(chat_template.c_str(), chat.data(), chat.size(), true, text.data(),
                                                          static_cast<std::int32_t>(text.size()));
    if (length < 0) return std::nullopt;
    const bool fits = static_cast<std::size_t>(length) <= text.size();
    text.resize(static_cast<std::size_t>(length));
    if (fits) return text;
  }
  return std::nullopt;
}

std::string piece_of(const llama_vocab* vocab, llama_token token) {
  std::string piece(64, '\0');
  std::int32_t length = llama_token_to_piece(vocab, token, piece.data(), static_cast<std::int32_t>(piece.size()), 0, false);
  if (length < 0) {
    piece.resize(static_cast<std::size_t>(-length));
    length = llama_token_to_piece(vocab, token, piece.data(), -length, 0, false);
  }
  piece.resize(static_cast<std::size_t>(std::max(length, 0)));
  return piece;
}

} // namespace

chat_model::turn::turn(chat_model& model)
    : model_(model), granted_(model.waiting_.fetch_add(1) < limits::chat_requests_waiting) {}

chat_model::turn::~turn() { model_.waiting_.fetch_sub(1); }

chat_model::chat_model(model_handle model, std::string name, std::string chat_template)
    : model_(std::move(model)), name_(std::move(name)), chat_template_(std::move(chat_template)),
      vocab_(llama_model_get_vocab(model_.get())) {}

std::expected<std::unique_ptr<chat_model>, std::string> chat_model::load(const std::string& path, std::int32_t threads,
                                                                         std::uint32_t context_tokens) {
  auto model = load_model(path);
  if (!model) return std::unexpected(model.error());
  if (!llama_model_has_decoder(model->get())) return std::unexpected(path + " is not a model that writes text");
  const char* known = llama_model_chat_template(model->get(), nullptr);
  std::string chat_template = known != nullptr ? known : "chatml";
  if (!apply_template(chat_template, {{"user", "?"}}, {"?"})) chat_template = "chatml";
  std::unique_ptr<chat_model> result(new chat_model(std::move(*model), model_name(path), std::move(chat_template)));

  llama_context_params params = llama_context_default_params();
  const std::int32_t trained = llama_model_n_ctx_train(result->model_.get());
  params.n_ctx = trained > 0 ? std::min(context_tokens, static_cast<std::uint32_t>(trained)) : context_tokens;
  params.n_batch = params.n_ctx;
  params.n_threads = threads;
  params.n_threads_batch = threads;
  params.no_perf = true;
  params.abort_callback_data = result.get();
  params.abort_callback = [](void* self) {
    const auto* model_self = static_cast<const chat_model*>(self);
    const bool abort = model_self->asked_ != nullptr && (*model_self->asked_)();
    if (abort) expect_abort(true);
    return abort;
  };
  result->context_.reset(llama_init_from_model(result->model_.get(), params));
  if (!result->context_) return std::unexpected("no memory for a context of " + path);
  result->context_tokens_ = llama_n_ctx(result->context_.get());
  return result;
}

api_result<std::vector<llama_token>> chat_model::prompt_of(const std::vector<chat_message>& messages) const {
  // The format is applied to marks, and each message's text is put in as plain tokens: a text that looks like a control
  // token can't end its own turn and speak as somebody else.
  std::vector<std::string> marks;
  for (std::size_t i = 0; i < messages.size(); ++i) marks.push_back(std::format("\x1F{}\x1F", i));
  const std::optional<std::string> form = apply_template(chat_template_, messages, marks);
  if (!form) return std::unexpected(invalid_field("messages", "the model's chat format does not take these roles in this order"));

  std::vector<llama_token> prompt;
  const auto add = [&](std::string_view text, bool with_ends, bool special) {
    const std::vector<llama_token> tokens = tokens_of(vocab_, text, with_ends, special);
    prompt.insert(prompt.end(), tokens.begin(), tokens.end());
  };
  // Most formats write the beginning mark themselves.
  const llama_token first = llama_vocab_bos(vocab_);
  if (llama_vocab_get_add_bos(vocab_) && first != LLAMA_TOKEN_NULL) prompt.push_back(first);
  std::string_view rest = *form;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::size_t place = rest.find(marks[i]);
    if (place == std::string_view::npos) continue; // the format leaves this message out
    add(rest.substr(0, place), false, true);
    add(messages[i].content, false, false);
    rest.remove_prefix(place + marks[i].size());
  }
  add(rest, false, true);
  if (prompt.size() > 1 && prompt[0] == first && prompt[1] == first) prompt.erase(prompt.begin());

  if (prompt.size() + 1 > context_tokens_) {
    return std::unexpected(api_error{
        .message = std::format("the messages have {} tokens, this model's context is {} tokens", prompt.size(), context_tokens_),
        .param = "messages",
        .code = "context_length_exceeded"});
  }
  return prompt;
}

bool chat_model::wait_for_turn(std::unique_lock<std::timed_mutex>& lock, const cancel_check& is_cancelled) {
  while (!lock.try_lock_for(limits::client_check_ms)) {
    if (is_cancelled()) return false;
  }
  return !is_cancelled();
}

std::size_t chat_model::keep_common_prefix(const std::vector<llama_token>& prompt) {
  const auto differs = std::ranges::mismatch(evaluated_, prompt).in1;
  auto common = static_cast<std::size_t>(differs - evaluated_.begin());
  common = std::min(common, prompt.size() - 1); // the last token must be evaluated for its probabilities
  llama_memory_t memory = llama_get_memory(context_.get());
  if (!llama_memory_seq_rm(memory, 0, static_cast<llama_pos>(common), -1)) {
    llama_memory_clear(memory, true); // a recurrent model can't go back part of the way
    common = 0;
  }
  evaluated_.resize(common);
  return common;
}

bool chat_model::evaluate(const llama_token* tokens, std::size_t count, const cancel_check& is_cancelled) {
  for (std::size_t done = 0; done < count;) {
    const std::size_t size = std::min(limits::prompt_chunk_tokens, count - done);
    std::vector<llama_token> part(tokens + done, tokens + done + size);
    if (is_cancelled() ||
        llama_decode(context_.get(), llama_batch_get_one(part.data(), static_cast<std::int32_t>(size))) != 0) {
      // What the memory holds after an aborted step is not known.
      llama_memory_clear(llama_get_memory(context_.get()), true);
      evaluated_.clear();
      return false;
    }
    evaluated_.insert(evaluated_.end(), part.begin(), part.end());
    done += size;
  }
  return true;
}

reply_end chat_model::write_reply(const chat_request& request, std::size_t room, const cancel_check& is_cancelled,
                                  const text_sink& sink, std::size_t& written) {
  const sampler_handle sampler = make_sampler(request.how, vocab_);
  text_stream stream(request.stop);
  const auto send = [&](const std::string& text) { return text.empty() || sink(text); };
  while (true) {
    const llama_token token = llama_sampler_sample(sampler.get(), context_.get(), -1);
    if (llama_vocab_is_eog(vocab_, token)) return send(stream.finish()) ? reply_end::stop : reply_end::cancelled;
    ++written;
    if (!send(stream.push(piece_of(vocab_, token)))) return reply_end::cancelled;
    if (stream.stopped()) return reply_end::stop;
    if (written >= room) return send(stream.finish()) ? reply_end::length : reply_end::cancelled;
    if (!evaluate(&token, 1, is_cancelled)) return is_cancelled() ? reply_end::cancelled : reply_end::failed;
  }
}

reply chat_model::generate(const std::vector<llama_token>& prompt, const chat_request& request, const cancel_check& is_cancelled,
                           const text_sink& sink) {
  reply result;
  std::unique_lock lock(busy_, std::defer_lock);
  if (!wait_for_turn(lock, is_cancelled)) {
    result.end = reply_end::cancelled;
    return result;
  }
  asked_ = &is_cancelled;
  result.usage.prompt = prompt.size();
  result.usage.cached = keep_common_prefix(prompt);
  if (!evaluate(prompt.data() + result.usage.cached, prompt.size() - result.usage.cached, is_cancelled)) {
    result.end = is_cancelled() ? reply_end::cancelled : reply_end::failed;
  } else {
    const std::size_t room = context_tokens_ - prompt.size();
    result.end = write_reply(request, std::min<std::size_t>(room, request.max_tokens.value_or(room)), is_cancelled, sink,
                             result.usage.completion);
  }
  asked_ = nullptr;
  expect_abort(false);
  return result;
}

} // namespace reverie::model_server
