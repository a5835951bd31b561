#pragma once

#include "actors/effects/chat_model.hpp"
#include "actors/effects/fact_extractor.hpp"
#include "actors/effects/recall.hpp"
#include "actors/runtime/deviations.hpp"
#include "events/log/event_log.hpp"
#include "events/log/state_generations.hpp"
#include "events/log/state_store.hpp"
#include "events/vault/key_ring.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace reverie::actors::runtime {

/// Time as actors see it; tests give their own. Thread-safe.
class clock_port {
public:
  virtual ~clock_port() = default;
  virtual events::timestamp now() const = 0;                 ///< wall time, for records
  virtual std::chrono::milliseconds steady() const = 0;      ///< never goes back, for deadlines
};

/// Randomness as actors see it. Thread-safe.
class random_port {
public:
  virtual ~random_port() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

/// How much a line of the log matters.
enum class severity : std::uint8_t { info, warning, error };
/// Receives the runtime's log lines; never personal text. Called on any thread; must not block.
using line_logger = std::function<void(severity, std::string_view line)>;

/// Everything outside that the actors touch. What may be null is said so.
struct node_ports {
  std::shared_ptr<events::event_log> log;
  std::shared_ptr<events::state_store_factory> states;
  std::shared_ptr<events::key_ring> keys;
  std::shared_ptr<clock_port> clock;   ///< null: the machine's
  std::shared_ptr<random_port> random; ///< null: the machine's
  std::shared_ptr<chat_model> model;   ///< null: replies fail with model_unavailable
  std::shared_ptr<recall> memories;    ///< null: prompts are built without recall
  line_logger log_line;                ///< empty: dropped
  std::shared_ptr<fact_extractor> facts = {}; ///< null: the rules extract facts
  deviations planted = {};                    ///< by the simulation; none in a server
  std::shared_ptr<events::state_generations> generations = {}; ///< of `states`; null: only the open state is used, nothing is shared
};

/// The machine's clock and random source.
std::shared_ptr<clock_port> machine_clock();
std::shared_ptr<random_port> machine_random();

} // namespace reverie::actors::runtime
