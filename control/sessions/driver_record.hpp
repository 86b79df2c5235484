#pragma once
// What is known of one driver: what it asked for, what it has, the breaker around its requests and
// the watchdog over their answers.
// Lent to the driver actor by the engine node, so that it outlives a restart.
//
//   idle --start asked--> asking --accepted--> charging --its last session completed--> idle
//                            \--denied, no answer in time--> denied --start asked--> asking

#include "control/safety/breaker.hpp"
#include "control/safety/watchdog.hpp"
#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/session.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::control::sessions {

struct driver_settings {
  /// A request without an answer has failed after this.
  domain::microseconds answer_within = std::chrono::seconds{2};
  /// Sessions that one driver may have at once. >= 1.
  std::size_t sessions_max = 1;
  /// A driver that has no session and asks for nothing for this long is passivated.
  domain::seconds idle_for{300};
  safety::breaker_settings breaker;
};

/// What the record shows of its driver.
struct driver_facts {
  domain::driver_id driver;
  /// "idle", "asking", "charging", "denied"; empty: it has asked for nothing yet.
  std::string state;
  /// Of the newest session, or of the request that is open.
  domain::site_id site;
  domain::station_id station;
  domain::session_id session;
  domain::instant since{};
  std::uint64_t accepted = 0;
  std::uint64_t denied = 0;
  std::uint64_t completed = 0;
};

class driver_record {
public:
  explicit driver_record(domain::driver_id driver) { facts_.driver = std::move(driver); }

  /// Why `request` is refused without asking a station; empty: ask it.
  [[nodiscard]] std::string refusal(const driver_settings& settings,
                                    const domain::driver_request& request,
                                    domain::instant now);
  /// The request is on its way to a station.
  void asked(const driver_settings& settings, const domain::driver_request& request,
             domain::instant now);
  /// A fact about this driver: accepted, denied or completed.
  void told(const driver_settings& settings, const domain::session_fact& fact);
  /// The request that was not answered in time, once.
  [[nodiscard]] std::optional<domain::driver_request> overdue(const driver_settings& settings,
                                                              domain::instant now);
  /// When the open request that `fact` answers was asked.
  [[nodiscard]] std::optional<domain::instant> asked_at(const domain::session_fact& fact) const;
  void restore(const domain::site_id& site, const domain::station_id& station,
               const domain::session_state& session);
  /// Its sessions there go on without this engine node.
  void forget(const domain::site_id& site);

  /// "driver:Alice".
  [[nodiscard]] std::string name() const { return "driver:" + facts_.driver.text(); }
  [[nodiscard]] const driver_facts& facts() const { return facts_; }
  /// Around its requests.
  [[nodiscard]] const safety::breaker& requests() const { return requests_; }
  /// Overdue: the last request was not answered in time, and nothing was asked since. Not armed
  /// before the first request.
  [[nodiscard]] const safety::watchdog& answers() const { return answers_; }

private:
  struct open_session {
    domain::session_id id;
    domain::site_id site;
    domain::station_id station;
  };
  [[nodiscard]] bool has(const domain::session_id& session) const;
  /// Shows the newest session that is open.
  void show_newest();

  driver_facts facts_;
  /// In the order in which they began.
  std::vector<open_session> sessions_;
  safety::breaker requests_;
  std::optional<domain::driver_request> open_;
  domain::instant asked_at_{};
  /// Armed by each request.
  safety::watchdog answers_;
};

} // namespace busbar::control::sessions
