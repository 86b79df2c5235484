#include "adapters/http/api/charge_point_filter.hpp"

#include "adapters/http/json/page_writer.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::http::api {

using json::contains_any_case;
using json::query_reader;

namespace {

constexpr std::array statuses{"Available",     "Preparing", "Charging",    "SuspendedEVSE",
                              "SuspendedEV",   "Finishing", "Reserved",    "Unavailable",
                              "Faulted"};

} // namespace

bool station_filter::takes(const ports::charge_point_now& each) const {
  const auto is = [](const auto& wanted, const auto& value) {
    return !wanted || *wanted == value;
  };
  const bool has_status =
      !status || std::ranges::any_of(each.connectors, [&](const auto& at) {
        return at.status == *status;
      });
  return has_status && is(site, each.site) && is(connected, each.is_connected) &&
         is(accepted, each.is_accepted) && is(vendor, each.vendor) && is(model, each.model) &&
         is(firmware, each.firmware) && (!part || contains_any_case(each.identity, *part));
}

station_filter read_filter(query_reader& query) {
  station_filter made;
  made.site = query.text("site");
  made.connected = query.truth("connected");
  made.accepted = query.truth("accepted");
  made.status = query.choice("status", statuses);
  made.vendor = query.text("vendor");
  made.model = query.text("model");
  made.firmware = query.text("firmware");
  made.part = query.text("q");
  return made;
}

} // namespace busbar::adapters::http::api
