#pragma once

#include "gateway/bridge/operator_ports.hpp"

#include <algorithm>
#include <mutex>

namespace reverie::tests {

using gateway::document;
using gateway::privacy_mode;
using gateway::result;

/// The audit trail in memory; can be away.
class twin_audit : public gateway::audit_log {
public:
  events::outcome<void> append(const gateway::audit_entry& entry) override {
    const std::scoped_lock lock(mutex);
    if (away) return events::fail(events::failure_code::unavailable, "the audit trail is away");
    entries.push_back(entry);
    return {};
  }
  events::outcome<gateway::audit_page> list(const gateway::audit_filter& which, std::optional<std::uint64_t> from, std::size_t entries_max) override {
    const std::scoped_lock lock(mutex);
    gateway::audit_page page;
    const auto fits = [&](const gateway::audit_entry& each) { return each.action.starts_with(which.action); };
    if (which.counted) {
      page.total = static_cast<std::uint64_t>(std::ranges::count_if(entries, fits));
      ++counts;
    }
    for (std::size_t i = from.value_or(entries.size()); i-- > 0 && !page.next;) {
      if (!fits(entries[i])) continue;
      if (page.items.size() < entries_max) page.items.push_back(entries[i]);
      else page.next = i + 1;
    }
    return page;
  }
  gateway::audit_entry last() {
    const std::scoped_lock lock(mutex);
    return entries.empty() ? gateway::audit_entry{} : entries.back();
  }
  std::size_t size() {
    const std::scoped_lock lock(mutex);
    return entries.size();
  }

  std::mutex mutex;
  std::vector<gateway::audit_entry> entries;
  bool away = false;
  std::size_t counts = 0; ///< how often all of them were counted
};

/// One record with one personal text, and a feed that gives it once.
class twin_log : public gateway::log_inspector {
public:
  static document item(privacy_mode privacy) { return {{"position", "0:1"}, {"events", document::array({{{"payload", {{"content", gateway::personal_text("Hi, Ada 7!", privacy)}}}}})}}; }
  result<document> search(const gateway::record_query& query) override {
    asked = query;
    return document{{"items", document::array({item(query.privacy)})}, {"next_cursor", nullptr}, {"has_more", false}, {"total", nullptr}, {"scanned", 1}, {"scanned_to", document::object()}};
  }
  result<document> record(events::log_position at, privacy_mode privacy) override {
    if (at.offset.value > 1) return std::unexpected(gateway::not_found_error("There is no such record."));
    return item(privacy);
  }
  result<std::unique_ptr<gateway::record_feed>> follow(const gateway::record_query& query) override {
    struct feed : gateway::record_feed {
      explicit feed(privacy_mode mode) : privacy(mode) {}
      result<std::vector<document>> next(std::size_t) override {
        if (std::exchange(given, true)) return std::vector<document>{};
        return std::vector<document>{item(privacy)};
      }
      privacy_mode privacy;
      bool given = false;
    };
    return std::make_unique<feed>(query.privacy);
  }
  result<document> epochs(events::partition_number, const std::string&, std::size_t) override { return document{{"items", document::array()}, {"next_cursor", nullptr}, {"has_more", false}, {"total", 0}}; }

  gateway::record_query asked;
};

/// A projection that can be rebuilt once at a time.
class twin_projections : public gateway::projection_steering {
public:
  result<std::vector<gateway::projection_view>> list() override {
    gateway::version_view one;
    one.state = "followed";
    one.serving = true;
    one.next = {{{0}, {5}}};
    return std::vector<gateway::projection_view>{{"messages", {one}, rebuilding ? document{{"projection", "messages"}, {"state", "running"}} : document(nullptr)}};
  }
  result<document> rebuild_of(const std::string&) override { return document(nullptr); }
  result<document> impact(const gateway::projection_action& action) override {
    return document{{"title", "Rebuild"}, {"touches", document::array({{{"what", "rows"}, {"count", 3}}})}, {"confirm", "rebuild " + action.projection}, {"reversible", true}, {"warning", nullptr}};
  }
  result<document> preflight(const std::string& projection) override { return preflight_of(projection); }
  result<document> preflight_of(const std::string& projection) override {
    return document{{"projection", projection}, {"state", "done"}, {"found", {{"records", 3}}}};
  }
  result<document> cancel_preflight(const std::string& projection) override { return std::unexpected(gateway::api_error{409, "conflict", "None of " + projection + " runs."}); }
  result<document> act(const gateway::projection_action& action) override {
    done.push_back(action);
    if (action.what == "rebuild" && std::exchange(rebuilding, true)) return std::unexpected(gateway::api_error{409, "conflict", "A rebuild is running already."});
    return action.what == "roll-back" ? document(nullptr) : document{{"projection", action.projection}, {"state", "running"}};
  }
  result<document> comparison_of(const std::string&) override { return document(nullptr); }
  result<document> reset_preview(const gateway::reset_wish& wish) override {
    return document{{"partitions", document::array()}, {"touches", document::array()}, {"confirm", "reset " + wish.projection}, {"warning", nullptr}};
  }
  result<document> reset(const gateway::reset_wish& wish) override {
    resets.push_back(wish);
    return document{{"projection", wish.projection}, {"partitions", document::array()}};
  }
  result<document> stand_still(const std::string&, std::optional<std::uint32_t>, const std::string& reason) override {
    paused = reason;
    return document(nullptr);
  }
  result<document> go_on_from_standing(const std::string&, std::optional<std::uint32_t>) override {
    paused.clear();
    return document(nullptr);
  }

  std::vector<gateway::projection_action> done;
  std::vector<gateway::reset_wish> resets;
  std::string paused;
  bool rebuilding = false;
};

} // namespace reverie::tests
