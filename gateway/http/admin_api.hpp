#pragma once

#include "gateway/bridge/blocking_pool.hpp"
#include "gateway/bridge/server_pulse.hpp"
#include "gateway/http/admin_access.hpp"
#include "gateway/http/metrics.hpp"
#include "gateway/http/router.hpp"

#include <functional>

namespace reverie::gateway {

/// The operators' calls, `/api/v1/admin/*`, as routes. One instance serves all io threads; what blocks runs on the operators' own pool.
/// Every read that can show personal content and every action leaves an entry in the audit trail before it is answered; when it can't, the
/// answer is `unavailable`.
class admin_api {
public:
  admin_api(gateway_ports& ports, blocking_pool& operators, server_pulse& pulse);

  std::vector<route> routes();

private:
  using handler = task<http_response> (admin_api::*)(http_request&);
  using opener = task<result<event_source>> (admin_api::*)(http_request&);
  using reading = std::function<result<document>(privacy_mode)>;
  using working = std::function<result<document>()>;

  void add(std::vector<route>& routes, route description, handler member);
  void add_list(std::vector<route>& routes, std::string pattern, std::string summary, std::vector<std::string> query, handler member);
  void add_read(std::vector<route>& routes, std::string pattern, std::string summary, std::vector<std::string> query, handler member);
  void add_action(std::vector<route>& routes, std::string pattern, std::string summary, handler member, int success = 200);
  void add_stream(std::vector<route>& routes, std::string pattern, std::string summary, std::vector<std::string> query, opener member,
                  std::chrono::milliseconds every);
  void add_overview_routes(std::vector<route>& routes);
  void add_audit_routes(std::vector<route>& routes);
  void add_projection_routes(std::vector<route>& routes);
  void add_standing_routes(std::vector<route>& routes);
  void add_rule_routes(std::vector<route>& routes);
  void add_vector_routes(std::vector<route>& routes);
  void add_letter_routes(std::vector<route>& routes);
  void add_event_routes(std::vector<route>& routes);
  void add_entity_routes(std::vector<route>& routes);
  void add_people_routes(std::vector<route>& routes);
  void add_effect_routes(std::vector<route>& routes);
  void add_verification_routes(std::vector<route>& routes);
  void add_fork_routes(std::vector<route>& routes);

  // admin_api.cpp: what all calls share
  /// On the operators' pool.
  task<result<document>> ask(working job);
  task<http_response> show(http_request& request, working job, int status = 200);
  /// Asks under the mode that was wished for, and writes it down with `detail`.
  task<http_response> show_personal(http_request& request, std::string action, std::string subject, reading job, document detail = document::object());
  /// What an action needs: what it is called and about, what must have been typed, and what it does.
  struct intent {
    std::string action, subject;
    document detail = document::object();
    working impact = {}; ///< empty: nothing to confirm
    bool needs_reason = false;
    int success = 200;
    std::function<bool(const document&)> goes_on = {}; ///< whether what is answered is not done yet: 202 then
  };
  task<http_response> act(http_request& request, intent what, std::function<result<document>(const action_body&)> job);
  result<void> write_down(audit_entry entry);
  audit_entry entry_of(const http_request& request, std::string action, std::string subject) const;
  std::string email_of(events::user_id actor);

  // admin_overview_routes.cpp
  task<http_response> me(http_request& request);
  task<http_response> overview(http_request& request);
  task<http_response> partitions(http_request& request);
  task<http_response> epochs(http_request& request);
  task<http_response> settings(http_request& request);
  task<result<event_source>> live(http_request& request);
  document overview_document(bool with_history);
  document partitions_document();
  task<result<document>> topic(std::string name);

  // admin_audit_routes.cpp
  task<http_response> audit(http_request& request);
  task<http_response> audit_csv(http_request& request);

  // admin_projection_routes.cpp
  task<http_response> projections(http_request& request);
  task<http_response> preflight(http_request& request);
  task<http_response> shown_preflight(http_request& request);
  task<http_response> cancel_preflight(http_request& request);
  task<http_response> rebuild(http_request& request);
  task<http_response> rebuild_impact(http_request& request);
  task<http_response> shown_rebuild(http_request& request);
  task<http_response> pause(http_request& request);
  task<http_response> resume(http_request& request);
  task<http_response> cancel(http_request& request);
  task<http_response> change_rate(http_request& request);
  task<http_response> switch_version(http_request& request);
  task<http_response> switch_impact(http_request& request);
  task<http_response> roll_back(http_request& request);
  task<http_response> roll_back_impact(http_request& request);
  task<http_response> drop_version(http_request& request);
  task<http_response> drop_impact(http_request& request);
  task<http_response> compare(http_request& request);
  task<http_response> shown_comparison(http_request& request);
  result<document> projections_document();
  result<document> projection_document(const std::string& name);
  document version_document(const std::string& projection, const version_view& version) const;
  task<http_response> steer(http_request& request, std::string what);
  task<http_response> impact(http_request& request, std::string what);
  task<http_response> change(http_request& request, std::string what);

  // admin_standing_routes.cpp
  task<http_response> preview_reset(http_request& request);
  task<http_response> reset_place(http_request& request);
  task<http_response> stand_still(http_request& request);
  task<http_response> go_on(http_request& request);

  // admin_rule_routes.cpp
  task<http_response> preview_rule(http_request& request);
  task<http_response> keep_rule(http_request& request);
  task<http_response> event_rules(http_request& request);
  task<http_response> retire_rule(http_request& request);
  task<http_response> retire_impact(http_request& request);

  // admin_vector_routes.cpp
  task<http_response> vectors(http_request& request);
  task<http_response> vector_build(http_request& request);
  task<http_response> build_vectors(http_request& request);
  task<http_response> cancel_vectors(http_request& request);
  task<http_response> compare_vectors(http_request& request);
  task<http_response> switch_vectors(http_request& request);
  task<http_response> roll_back_vectors(http_request& request);
  task<http_response> drop_vectors(http_request& request);
  task<http_response> build_vectors_impact(http_request& request);
  task<http_response> switch_vectors_impact(http_request& request);
  task<http_response> roll_back_vectors_impact(http_request& request);
  task<http_response> drop_vectors_impact(http_request& request);
  task<http_response> vector_impact(http_request& request, std::string what);
  task<http_response> change_vectors(http_request& request, std::string what);

  // admin_letter_routes.cpp
  task<http_response> letters(http_request& request);
  task<http_response> retry_letter(http_request& request);
  task<http_response> discard_letter(http_request& request);
  task<http_response> discard_impact(http_request& request);

  // admin_event_routes.cpp
  task<http_response> events_found(http_request& request);
  task<http_response> one_event(http_request& request);
  task<result<event_source>> follow(http_request& request);

  // admin_entity_routes.cpp
  task<http_response> entity(http_request& request);
  task<http_response> entity_history(http_request& request);
  task<http_response> entity_state(http_request& request);
  task<http_response> entity_diff(http_request& request);
  task<http_response> world(http_request& request);

  // admin_people_routes.cpp
  task<http_response> users(http_request& request);
  task<http_response> user(http_request& request);
  task<http_response> user_conversations(http_request& request);
  task<http_response> user_memories(http_request& request);
  task<http_response> conversations(http_request& request);
  task<http_response> conversation(http_request& request);
  task<http_response> conversation_messages(http_request& request);

  // admin_effect_routes.cpp
  task<http_response> effects(http_request& request);
  task<http_response> retry_effect(http_request& request);
  task<result<void>> retry_where_it_is(events::effect_id id);
  task<result<document>> effects_document(std::string state, std::string cursor, std::size_t page_size);

  // admin_verification_routes.cpp
  task<http_response> verification(http_request& request);
  task<http_response> run_verification(http_request& request);

  // admin_fork_routes.cpp
  using fork_work = std::function<result<document>(events::session_id, const action_body&)>;
  task<http_response> make_fork(http_request& request);
  task<http_response> forks(http_request& request);
  task<http_response> fork(http_request& request);
  task<http_response> fork_timelines(http_request& request);
  task<http_response> say_in_fork(http_request& request);
  task<http_response> regenerate_in_fork(http_request& request);
  task<http_response> close_fork(http_request& request);
  task<http_response> act_in_fork(http_request& request, std::string action, int success, fork_work work);
  task<http_response> models(http_request& request);

  gateway_ports& ports_;
  operator_ports& operators_;
  blocking_pool& pool_;
  server_pulse& pulse_;
};

/// A port that is not there answers so.
template <class Port>
result<void> present(const Port* port) {
  if (port != nullptr) return {};
  return std::unexpected(unavailable_error("This part of the server is not there."));
}

} // namespace reverie::gateway
