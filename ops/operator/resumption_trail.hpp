#pragma once

#include "gateway/bridge/audit_log.hpp"
#include "projections/runner/rebuild.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

namespace reverie::ops {

/// What a server goes on with by itself, in the operators' audit trail and in its log: that it begins, why and after whom, and how it ended.
/// Thread-safe; calls block.
class resumption_trail {
public:
  using line_writer = std::function<void(std::string_view level, std::string_view message, std::initializer_list<std::pair<std::string_view, std::string>> fields)>;

  /// `node`: where it happens, as the trail names addresses.
  resumption_trail(gateway::audit_log& audit, std::string node, std::function<events::timestamp()> now, line_writer write_line)
      : audit_(audit), node_(std::move(node)), now_(std::move(now)), write_line_(std::move(write_line)) {}

  /// Before it is gone on with. When it can't be written down, nothing may be done.
  events::outcome<gateway::audit_entry> begin(const std::string& projection);
  /// `refused` when another had it already (`locked`) or had ended it (`not_found`): two that start together both begin.
  void end(gateway::audit_entry begun, const events::outcome<projections::rebuild_report>& how);

private:
  /// Who wanted the rebuild last, and when, as far as the trail goes back; empty: unknown.
  std::string wanted_by(const std::string& projection);

  gateway::audit_log& audit_;
  std::string node_;
  std::function<events::timestamp()> now_;
  line_writer write_line_;
};

} // namespace reverie::ops
