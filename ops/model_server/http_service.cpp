#include "ops/model_server/http_service.hpp"

#include "ops/model_server/embedding_api.hpp"
#include "ops/model_server/limits.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <format>
#include <random>
#include <sys/socket.h>

namespace reverie::model_server {

namespace {

using nlohmann::json;
using clock = std::chrono::steady_clock;

constexpr const char* json_type = "application/json";

std::int64_t unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string fresh_id() {
  static thread_local std::random_device device;
  return std::format("chatcmpl-{:08x}{:08x}{:08x}", device(), device(), device());
}

void answer(httplib::Response& response, const api_error& error) {
  response.status = error.status;
  if (error.status == 503) response.set_header("Retry-After", std::to_string(limits::retry_after_s.count()));
  response.set_content(error_body(error).dump(-1, ' ', false, json::error_handler_t::replace), json_type);
}

api_error no_such_model(const char* what) {
  return {.status = 404, .message = std::string("this server has no ") + what, .param = "model", .code = "model_not_found"};
}

/// Asks whether somebody still listens, at most once in a while, as it costs a system call.
class client_watch {
public:
  client_watch(std::function<bool()> gone, const std::atomic<bool>& stopping) : gone_(std::move(gone)), stopping_(stopping) {}

  bool operator()() {
    if (stopping_.load() || is_gone_) return true;
    const auto now = clock::now();
    if (now - asked_ < limits::client_check_ms) return false;
    asked_ = now;
    is_gone_ = gone_();
    return is_gone_;
  }

private:
  std::function<bool()> gone_;
  const std::atomic<bool>& stopping_;
  clock::time_point asked_ = clock::now();
  bool is_gone_ = false;
};

std::string_view finish_reason(reply_end end) { return end == reply_end::length ? "length" : "stop"; }

api_error generation_failed() {
  return {.status = 500, .type = "server_error", .message = "the model failed to evaluate the prompt", .code = "internal_error"};
}

} // namespace

struct http_service::routes {
  explicit routes(models& loaded) : served(loaded) { set_up(); }

  void set_up();
  json model_list() const;
  void chat(const httplib::Request& request, httplib::Response& response);
  void stream_chat(httplib::Response& response, std::shared_ptr<chat_model::turn> turn, chat_request asked,
                   std::vector<llama_token> prompt);
  void whole_chat(const httplib::Request& request, httplib::Response& response, const chat_request& asked,
                  const std::vector<llama_token>& prompt);
  void embeddings(const httplib::Request& request, httplib::Response& response);

  models& served;
  httplib::Server server;
  std::atomic<bool> stopping = false;
};

void http_service::routes::set_up() {
  server.new_task_queue = [] { return new httplib::ThreadPool(limits::connections, limits::connections_waiting); };
  server.set_payload_max_length(limits::body_bytes);
  server.set_keep_alive_max_count(1'000'000);
  server.set_keep_alive_timeout(limits::idle_connection_s.count());
  server.set_tcp_nodelay(true);
  // The library would set SO_REUSEPORT, with which two servers take the same port without noticing.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.set_error_handler([](const httplib::Request& request, httplib::Response& response) {
    if (!response.body.empty()) return;
    const int status = response.status;
    answer(response, {.status = status,
                      .message = status == 404   ? "no such path: " + request.method + " " + request.path
                                 : status == 413 ? std::format("the body is over {} bytes", limits::body_bytes)
                                                 : "the request could not be read"});
  });
  server.set_exception_handler([](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
    answer(response, {.status = 500, .type = "server_error", .message = "something failed inside", .code = "internal_error"});
  });

  server.Get("/health", [this](const httplib::Request&, httplib::Response& response) {
    json state = {{"status", "ok"}, {"chat_model", nullptr}, {"embedding_model", nullptr}};
    if (served.chat) {
      state["chat_model"] = served.chat->name();
      state["context_tokens"] = served.chat->context_tokens();
    }
    if (served.embedding) {
      state["embedding_model"] = served.embedding->name();
      state["embedding_dimensions"] = served.embedding->dimensions();
    }
    response.set_content(state.dump(), json_type);
  });
  server.Get("/v1/models", [this](const httplib::Request&, httplib::Response& response) {
    response.set_content(model_list().dump(), json_type);
  });
  server.Post("/v1/chat/completions",
              [this](const httplib::Request& request, httplib::Response& response) { chat(request, response); });
  server.Post("/v1/embeddings",
              [this](const httplib::Request& request, httplib::Response& response) { embeddings(request, response); });
}

json http_service::routes::model_list() const {
  json list = json::array();
  const auto add = [&](const std::string& name) {
    list.push_back({{"id", name}, {"object", "model"}, {"created", 0}, {"owned_by", "local"}});
  };
  if (served.chat) add(served.chat->name());
  if (served.embedding) add(served.embedding->name());
  return {{"object", "list"}, {"data", std::move(list)}};
}

void http_service::routes::chat(const httplib::Request& request, httplib::Response& response) {
  if (!served.chat) return answer(response, no_such_model("chat model"));
  const json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) return answer(response, {.message = "the body is not JSON"});
  api_result<chat_request> asked = read_chat_request(body);
  if (!asked) return answer(response, asked.error());
  api_result<std::vector<llama_token>> prompt = served.chat->prompt_of(asked->messages);
  if (!prompt) return answer(response, prompt.error());
  auto turn = std::make_shared<chat_model::turn>(*served.chat);
  if (!turn->granted()) {
    return answer(response, {.status = 503,
                             .type = "server_error",
                             .message = "too many requests are waiting for the model",
                             .code = "overloaded"});
  }
  if (asked->stream) return stream_chat(response, std::move(turn), std::move(*asked), std::move(*prompt));
  whole_chat(request, response, *asked, *prompt);
}

void http_service::routes::stream_chat(httplib::Response& response, std::shared_ptr<chat_model::turn> turn, chat_request asked,
                                       std::vector<llama_token> prompt) {
  response.set_header("Cache-Control", "no-cache");
  response.set_chunked_content_provider(
      "text/event-stream",
      [this, turn = std::move(turn), asked = std::move(asked), prompt = std::move(prompt)](std::size_t, httplib::DataSink& sink) {
        const chat_response words(fresh_id(), served.chat->name(), unix_seconds(), asked.usage_in_stream);
        const auto send = [&](const std::string& data) {
          const std::string event = as_event(data);
          return sink.write(event.data(), event.size());
        };
        client_watch watch([&] { return !sink.is_writable(); }, stopping);
        if (!send(words.first_chunk())) return false;
        const reply made = served.chat->generate(prompt, asked, std::ref(watch),
                                                 [&](std::string_view text) { return send(words.text_chunk(text)); });
        if (made.end == reply_end::cancelled) return false;
        if (made.end == reply_end::failed) {
          send(error_body(generation_failed()).dump());
          return false;
        }
        send(words.last_chunk(finish_reason(made.end)));
        if (asked.usage_in_stream) send(words.usage_chunk(made.usage));
        send("[DONE]");
        sink.done();
        return true;
      });
}

void http_service::routes::whole_chat(const httplib::Request& request, httplib::Response& response, const chat_request& asked,
                                      const std::vector<llama_token>& prompt) {
  client_watch watch([&] { return request.is_connection_closed(); }, stopping);
  std::string text;
  const reply made = served.chat->generate(prompt, asked, std::ref(watch), [&](std::string_view piece) {
    text += piece;
    return true;
  });
  if (made.end == reply_end::cancelled || made.end == reply_end::failed) return answer(response, generation_failed());
  const chat_response words(fresh_id(), served.chat->name(), unix_seconds(), false);
  response.set_content(words.whole(text, finish_reason(made.end), made.usage), json_type);
}

void http_service::routes::embeddings(const httplib::Request& request, httplib::Response& response) {
  if (!served.embedding) return answer(response, no_such_model("embedding model"));
  const json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) return answer(response, {.message = "the body is not JSON"});
  const api_result<embedding_request> asked = read_embedding_request(body);
  if (!asked) return answer(response, asked.error());
  if (asked->dimensions && *asked->dimensions != served.embedding->dimensions()) {
    return answer(response, invalid_field("dimensions", std::format("this model's vectors have {} dimensions",
                                                                    served.embedding->dimensions())));
  }
  client_watch watch([&] { return request.is_connection_closed(); }, stopping);
  const auto made = served.embedding->embed(asked->inputs, std::ref(watch));
  if (!made) {
    return answer(response,
                  {.status = 500, .type = "server_error", .message = "the texts could not be embedded", .code = "internal_error"});
  }
  response.set_content(embedding_response(served.embedding->name(), made->vectors, asked->base64, made->tokens), json_type);
}

http_service::http_service(models& served) : routes_(std::make_unique<routes>(served)) {}

http_service::~http_service() = default;

std::optional<std::uint16_t> http_service::bind(std::uint16_t port) {
  constexpr const char* host = "127.0.0.1";
  if (port == 0) {
    const int taken = routes_->server.bind_to_any_port(host);
    return taken > 0 ? std::optional(static_cast<std::uint16_t>(taken)) : std::nullopt;
  }
  return routes_->server.bind_to_port(host, port) ? std::optional(port) : std::nullopt;
}

void http_service::run() { routes_->server.listen_after_bind(); }

void http_service::stop() {
  routes_->stopping = true;
  routes_->server.wait_until_ready();
  routes_->server.stop();
}

} // namespace reverie::model_server
