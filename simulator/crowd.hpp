#pragma once
// A mass of connectors that always charge, for load tests: a structure of arrays, no drivers, no
// monitors, no dynamics. Grants are obeyed at once. Each reading differs a little from the last.
// 38 bytes per connector; used by one thread.

#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "ports/event_log.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace busbar::simulator {

class crowd {
public:
  /// Each vehicle wants between half and all of its connector's maximum, by the seed.
  crowd(std::vector<std::shared_ptr<const domain::site>> sites, std::uint64_t seed);

  [[nodiscard]] std::size_t site_count() const { return sites_.size(); }
  [[nodiscard]] std::size_t connector_count() const { return granted_ma_.size(); }
  [[nodiscard]] const domain::site& site(std::size_t number) const {
    return *sites_[number].topology;
  }

  /// A vehicle that needs no session comes (and reports that it charges) or goes. Connectors begin
  /// without: `requests` start sessions there.
  void plug(std::size_t number, domain::connector_index connector, bool is_there);
  /// One start request for every connector of the site, from a driver of its own.
  [[nodiscard]] std::vector<domain::driver_request> requests(std::size_t number,
                                                             domain::instant now) const;
  /// One reading of every connector of the site; valid until the next call.
  const domain::telemetry_batch& read(std::size_t number, domain::instant now);
  /// The same, encoded.
  [[nodiscard]] ports::shared_bytes read_bytes(std::size_t number, domain::instant now);
  /// Obeys: grants and sessions are accepted, commands of an older epoch or sequence refused
  /// (OWN-1). The answers, valid until the next call.
  const domain::result_batch& obey(std::size_t number, const domain::command_batch& batch,
                                   domain::instant now);
  /// What the connector was last told.
  [[nodiscard]] domain::milliamperes granted(std::size_t number,
                                             domain::connector_index connector) const;

private:
  struct site_row {
    std::shared_ptr<const domain::site> topology;
    std::size_t first = 0;
    domain::epoch owner = 0;
    std::uint64_t batch_number = 0;
    domain::instant read_at{};
  };

  /// Numbers are compared within one epoch only.
  void begin_epoch(site_row& row, domain::epoch owner);
  [[nodiscard]] domain::command_result obey_one(const site_row& row, const domain::command& told,
                                                domain::instant now);

  std::vector<site_row> sites_;
  std::vector<std::int32_t> granted_ma_;
  std::vector<std::int32_t> appetite_ma_;
  /// Milliwatts per ampere: voltage times phases.
  std::vector<std::int32_t> mw_per_a_;
  std::vector<std::uint8_t> line_count_;
  std::vector<std::uint8_t> plug_;
  std::vector<domain::sequence> obeyed_;
  /// mW * ms.
  std::vector<std::int64_t> energy_;
  domain::telemetry_batch batch_;
  domain::result_batch answers_;
};

} // namespace busbar::simulator
