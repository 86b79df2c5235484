#include "site/report_writer.hpp"

#include "site/image_writer.hpp"
#include "site/memory_writer.hpp"
#include "site/row_currents.hpp"
#include "site/view_writer.hpp"

#include <algorithm>
#include <memory>

namespace busbar::site {

using domain::milliamperes;

namespace {

void clear_sums(bay_report& report) {
  report.drawn = {};
  report.power = {};
  report.measured_at = {};
  report.released = {};
  report.released_at = {};
  report.silent_rows = 0;
  report.has_answering_station = false;
}

void add_released(bay_report& report, const table_rows& table, domain::connector_index connector,
                  domain::instant now) {
  const auto& site = *table.layout->site;
  const auto release = row_of(table, connector).observed.release_at(now, site);
  // A meter that has not been sampled since is lost.
  if (now - release.at > site.input.stale_after) return;
  const auto lines = lines_of(table.layout->facts[connector.value()], release.current_ma);
  // Export that may have ended frees nothing.
  for (std::size_t l = 0; l < lines.size(); ++l)
    report.released[l] += std::max(lines[l], milliamperes{});
  report.released_at = std::max(report.released_at, release.at);
}

/// LIM-3: the meter may be low by what it gave back last, and that may end at any time.
void add_silent_export(bay_report& report, const table_rows& table,
                       domain::connector_index connector) {
  const auto& row = row_of(table, connector);
  const auto& newest = row.observed.newest();
  if (row.ledger.facts().lease.is_over || !domain::is_export(newest)) return;
  const auto lines = lines_of(table.layout->facts[connector.value()], newest.current_ma);
  for (std::size_t l = 0; l < lines.size(); ++l)
    report.drawn[l] += std::min(lines[l], milliamperes{});
}

void add_draw(bay_report& report, const table_rows& table, domain::connector_index connector,
              domain::instant sampled_at) {
  const auto& observed = row_of(table, connector).observed;
  const auto lines =
      lines_of(table.layout->facts[connector.value()], observed.drawn_at(sampled_at));
  for (std::size_t l = 0; l < lines.size(); ++l) report.drawn[l] += lines[l];
  report.power += domain::watts{observed.newest().power_w};
  report.measured_at = std::max(report.measured_at, observed.newest().measured_at);
}

void add_row(bay_report& report, const table_rows& table, domain::connector_index connector,
             const report_terms& terms) {
  const auto& row = row_of(table, connector);
  report.awaits_plan = report.awaits_plan || is_renewal_due(row, terms.now);
  add_released(report, table, connector, terms.now);
  if (is_stale(table, row, terms.now)) {
    ++report.silent_rows;
    return add_silent_export(report, table, connector);
  }
  report.has_answering_station =
      report.has_answering_station || supervision_of(table, connector).does_answer();
  add_draw(report, table, connector, terms.sampled_at);
}

} // namespace

void write_report(bay_report& report, connector_table& table, const report_terms& terms) {
  const auto& rows = table.rows();
  const auto& connectors = rows.layout->bays[rows.bay].connectors;
  report.bay = rows.bay;
  report.tick = terms.tick;
  clear_sums(report);
  report.awaits_plan = rows.is_site_safe;
  report.rows.resize(connectors.size());
  for (std::size_t i = 0; i < connectors.size(); ++i) {
    report.rows[i] = image_of(rows, connectors[i], terms.now);
    add_row(report, rows, connectors[i], terms);
  }
  report.memory.reset();
  if (table.take_memory_news(terms.now)) report.memory = memory_of(rows, terms.now);
  report.view.reset();
  if (!terms.with_view) return;
  report.view = std::make_shared<bay_view>(view_of(rows, terms.answers, terms.now));
}

} // namespace busbar::site
