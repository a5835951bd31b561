#include "gateway/http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace reverie::gateway {

using namespace prometheus;

namespace {
const Histogram::BucketBoundaries seconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

struct gateway_metrics::families {
  Registry registry;
  Family<Counter>& requests =
      BuildCounter().Name("reverie_http_requests_total").Help("Requests by method, route and status.").Register(registry);
  Family<Histogram>& request_seconds =
      BuildHistogram().Name("reverie_http_request_seconds").Help("How long requests took.").Register(registry);
  Family<Counter>& commands =
      BuildCounter().Name("reverie_commands_total").Help("Commands by name and code of the answer.").Register(registry);
  Family<Histogram>& command_seconds =
      BuildHistogram().Name("reverie_command_seconds").Help("From command to acknowledgement.").Register(registry);
  Family<Counter>& closes =
      BuildCounter().Name("reverie_websocket_closes_total").Help("WebSocket connections closed, by code.").Register(registry);
  Gauge& connections = BuildGauge().Name("reverie_connections").Help("Open connections.").Register(registry).Add({});
  Gauge& websockets = BuildGauge().Name("reverie_websockets").Help("Open WebSockets.").Register(registry).Add({});
  Counter& frames_in =
      BuildCounter().Name("reverie_websocket_frames_received_total").Help("Frames from clients.").Register(registry).Add({});
  Counter& frames_out =
      BuildCounter().Name("reverie_websocket_frames_sent_total").Help("Frames to clients.").Register(registry).Add({});
  Counter& bytes_out =
      BuildCounter().Name("reverie_websocket_bytes_sent_total").Help("Bytes to clients.").Register(registry).Add({});
};

gateway_metrics::gateway_metrics() : families_(std::make_unique<families>()) {}
gateway_metrics::~gateway_metrics() = default;

void gateway_metrics::request(std::string_view method, std::string_view route, int status, double milliseconds) {
  ++requests_;
  request_ms_.add(milliseconds);
  families_->requests
      .Add({{"method", std::string(method)}, {"route", std::string(route)}, {"status", std::to_string(status)}})
      .Increment();
  families_->request_seconds.Add({{"route", std::string(route)}}, seconds).Observe(milliseconds / 1000);
}

void gateway_metrics::command(std::string_view name, std::string_view code, double milliseconds) {
  ++commands_;
  command_ms_.add(milliseconds);
  families_->commands.Add({{"command", std::string(name)}, {"code", std::string(code)}}).Increment();
  families_->command_seconds.Add({{"command", std::string(name)}}, seconds).Observe(milliseconds / 1000);
}

void gateway_metrics::connection(int change) {
  connections_ += change;
  families_->connections.Increment(change);
}

void gateway_metrics::websocket(int change) {
  websockets_ += change;
  families_->websockets.Increment(change);
}

void gateway_metrics::websocket_closed(std::uint16_t code) {
  families_->closes.Add({{"code", std::to_string(code)}}).Increment();
}

void gateway_metrics::frames_in(std::size_t count) {
  frames_ += count;
  families_->frames_in.Increment(static_cast<double>(count));
}

void gateway_metrics::frames_out(std::size_t count, std::size_t bytes) {
  frames_ += count;
  families_->frames_out.Increment(static_cast<double>(count));
  families_->bytes_out.Increment(static_cast<double>(bytes));
}

gateway_totals gateway_metrics::totals() const {
  return {commands_, requests_, frames_, connections_, websockets_, command_ms_.now(), request_ms_.now()};
}

std::string gateway_metrics::text() const { return TextSerializer().Serialize(families_->registry.Collect()); }

} // namespace reverie::gateway
