#include "domain/events/supervision.hpp"

#include "domain/events/form.hpp"

#include <cassert>
#include <utility>

namespace busbar::domain::events {

namespace {

using enum severity;

constexpr form site_overdue{"watchdog_overdue", critical, "does not tick"};
constexpr form branch_overdue{"watchdog_overdue", critical, "has not reported in time"};
constexpr form station_overdue{"watchdog_overdue", critical, "its conversation does not answer"};
constexpr form child_overdue{"watchdog_overdue", critical, "leaves its messages unhandled"};

constexpr form site_stalled{"watchdog_restart", critical, "does not tick and is restarted"};
constexpr form branch_stalled{"watchdog_restart", critical,
                              "has not reported in time and is restarted"};
constexpr form station_stalled{"watchdog_restart", critical,
                               "its conversation does not answer and is restarted"};
constexpr form station_fallback{
    "watchdog_restart", critical,
    "its conversation does not answer and is restarted in its fallback"};
constexpr form child_stalled{"watchdog_restart", critical,
                             "leaves its messages unhandled and is restarted"};

constexpr form actor_failed{"restart", {warning, critical}, "has failed and is restarted"};
constexpr form station_failed{"restart", warning, "its conversation has failed and is restarted"};
constexpr form site_used_up{"restart", critical,
                            "has failed too often and goes to its safe mode"};
constexpr form station_used_up{"restart", warning, "its conversation failed once too often"};
constexpr form child_used_up{
    "escalation", critical,
    "has failed too often and is out of service for {seconds} s"};
constexpr form stuck{
    "actor_stuck", critical,
    "its handler never returns and cannot be ended: what it commands falls back when its leases "
    "end; restart the engine"};

constexpr form safe{"safe_mode", critical, "every station is told its fallback: {why}"};
constexpr form safe_left{"safe_mode_left", info, "the site's branches are tried again"};

constexpr form opened{"breaker_opened", warning,
                      "circuit breaker of the {what it guards}: {before} to {now}"};
constexpr form moved{"breaker_moved", info,
                     "circuit breaker of the {what it guards}: {before} to {now}"};

} // namespace

event watchdog_overdue(const moment& now, supervised what, std::string actor) {
  switch (what) {
  case supervised::site: return filled(site_overdue, now, std::move(actor));
  case supervised::branch: return filled(branch_overdue, now, std::move(actor));
  case supervised::station: return filled(station_overdue, now, std::move(actor));
  case supervised::node_child: break;
  }
  return filled(child_overdue, now, std::move(actor));
}

event watchdog_restart(const moment& now, supervised what, std::string actor) {
  switch (what) {
  case supervised::site: return filled(site_stalled, now, std::move(actor));
  case supervised::branch: return filled(branch_stalled, now, std::move(actor));
  case supervised::station: return filled(station_stalled, now, std::move(actor));
  case supervised::node_child: break;
  }
  return filled(child_stalled, now, std::move(actor));
}

event watchdog_fallback(const moment& now, std::string station) {
  return filled(station_fallback, now, std::move(station));
}

event restart(const moment& now, supervised what, std::string actor) {
  if (what == supervised::station) return filled(station_failed, now, std::move(actor));
  const auto level = what == supervised::node_child ? warning : critical;
  return raised_to(filled(actor_failed, now, std::move(actor)), actor_failed, level);
}

event restart_used_up(const moment& now, supervised what, std::string actor) {
  assert(what == supervised::site || what == supervised::station);
  const auto& of = what == supervised::site ? site_used_up : station_used_up;
  return filled(of, now, std::move(actor));
}

event escalation(const moment& now, std::string actor, std::int64_t seconds_out) {
  return filled(child_used_up, now, std::move(actor), {std::to_string(seconds_out)});
}

event actor_stuck(const moment& now, std::string actor) {
  return filled(stuck, now, std::move(actor));
}

event safe_mode(const moment& now, const std::string& why) {
  return filled(safe, now, now.site.text(), {why});
}

event safe_mode_left(const moment& now) { return filled(safe_left, now, now.site.text()); }

event breaker_moved(const moment& now, std::string subject, const char* guarded,
                    breaker_position from, breaker_position to) {
  const auto& of = to == breaker_position::open ? opened : moved;
  return filled(of, now, std::move(subject), {guarded, name_of(from), name_of(to)});
}

} // namespace busbar::domain::events
