#pragma once
// What is known of one driver: what it asked for, what it has, the breaker around its requests and
// the watchdog over their answers.
// Pure; lent to the driver actor by the engine node, so that it outlives a restart.
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
#include "ports/sites.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::actors {

struct driver_settings {
  /// A request without an answer has failed after this.
  domain::microseconds answer_within = std::chrono::seconds{2};
  /// Sessions that one driver may have at once. >= 1.
  std::size_t sessions_max = 1;
  /// A driver that has no session and asks for nothing for this long is passivated.
  domain::seconds idle_for{300};
  control::safety::breaker_settings breaker;
};

class driver_record {
public:
  explicit driver_record(domain::driver_id driver) { view_.driver = std::move(driver); }

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
  [[nodiscard]] std::string name() const { return "driver:" + view_.driver.text(); }
  [[nodiscard]] const ports::driver_view& view() const { return view_; }
  [[nodiscard]] domain::breaker_view breaker_view() const;
  /// Overdue: the last request was not answered in time, and nothing was asked since.
  [[nodiscard]] domain::watchdog_view watchdog_view(const driver_settings& settings) const;

private:
  struct open_session {
    domain::session_id id;
    domain::site_id site;
    domain::station_id station;
  };
  [[nodiscard]] bool has(const domain::session_id& session) const;
  /// Shows the newest session that is open.
  void show_newest();

  ports::driver_view view_;
  /// In the order in which they began.
  std::vector<open_session> sessions_;
  control::safety::breaker requests_;
  std::optional<domain::driver_request> open_;
  domain::instant asked_at_{};
  /// Armed by each request.
  control::safety::watchdog answers_;
};

} // namespace busbar::actors
