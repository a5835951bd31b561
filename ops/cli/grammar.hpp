#pragma once

#include "ops/cli/invocation.hpp"

#include <CLI/CLI.hpp>

namespace reverie::ops {

inline constexpr auto reason_text = "why; it stands in the audit log";
inline constexpr auto server_text = "http://host:port; the operator's key is read from REVERIE_OPERATOR_KEY";

/// The commands and where what they take is put; lives as long as the parse.
struct grammar {
  CLI::App app{"A server for AI characters that people talk to and that remember them.", "reverie"};
  invocation result;
  replay_options replay;
  fork_options fork;
  effects_options effects;
  rebuild_options rebuild;
  verify_options verify;
  events_options events;
  users_options users;
  config_options config;
  simulate_options simulate;
  letters_options letters;
  projections_options shelf;
  vectors_options vectors;
  vault_options vault;

  /// A command with what all take: `--json`, `--yes` and the settings.
  CLI::App* command(CLI::App& parent, const std::string& name, const std::string& meaning);

  // invocation.cpp
  void describe_reading();
  void describe_rest();
  void describe_simulation();
  // steering_grammar.cpp
  void describe_rebuild();
  void describe_letters();
  void describe_effects();
  void describe_projections();
  void describe_vectors();
};

} // namespace reverie::ops
