#pragma once
// A bay's report of a tick, from its connector table: the rows of the image with their sums, and
// now and then what people see and what must be remembered.

#include "domain/time.hpp"
#include "site/bay_report.hpp"
#include "site/connector_table.hpp"

#include <cstdint>

namespace busbar::site {

struct report_terms {
  std::uint64_t tick = 0;
  domain::instant now{};
  bool with_view = false;
  /// Of the meters' samples that the sums are taken off.
  domain::instant sampled_at = domain::instant::max();
};

/// Into a report whose memory is used again. Has the table's memory where that has changed since
/// the report before.
void write_report(bay_report& report, connector_table& table, const report_terms& terms);

} // namespace busbar::site
