// When a connector's readings were measured, by the engine's clock.
#include "site/bay.hpp"

namespace busbar::site {

using control::metering::sample_clock;

namespace {

/// A lease has three renewals, each of which can prove a clock to be behind.
control::metering::sample_clock_settings clock_settings_of(const domain::site& site) {
  control::metering::sample_clock_settings settings;
  settings.window = std::max<domain::microseconds>(settings.window, site.lease);
  return settings;
}

} // namespace

domain::maybe<domain::instant> bay::measured_at(bay_row& row, const domain::reading& reading,
                                                domain::instant received_at) {
  const control::metering::stamped_sample sample{reading.measured_at, received_at,
                                                 row.ledger.sent_at(reading.obeyed)};
  const auto settings = clock_settings_of(*layout_->site);
  if (!row.clock) {
    if (is_plausible(settings, sample, row.stamped_at)) {
      row.stamped_at = reading.measured_at;
      return reading.measured_at;
    }
    row.clock = std::make_unique<sample_clock>(row.stamped_at);
  }
  const auto measured = row.clock->take(settings, sample);
  if (!measured) return measured;
  row.stamped_at = reading.measured_at;
  if (row.clock->take_news(settings)) note_clock(row, reading.connector);
  return measured;
}

/// Its connectors share a clock: what one says is news once.
void bay::note_clock(bay_row& row, domain::connector_index connector) {
  const auto ahead = row.clock->ahead(clock_settings_of(*layout_->site));
  const auto station = layout_->site->connectors[connector.value()].station;
  auto& known = record_of(station).clock_ahead;
  constexpr domain::microseconds news = std::chrono::seconds{5};
  const bool is_other = known.count() == 0 || ahead.count() == 0;
  const bool is_known = is_other ? known == ahead : std::chrono::abs(known - ahead) < news;
  if (is_known) return;
  known = ahead;
  clocks_.push_back({station, ahead});
}

} // namespace busbar::site
