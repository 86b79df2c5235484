#include "control/limits/cable.hpp"

#include "control/limits/integer_math.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control::limits {

domain::limit cable_limit(const cable_data& cable, domain::millidegrees_celsius ambient) {
  assert(cable.conductor_max > cable.reference);
  const wide room = std::max<std::int64_t>(0, (cable.conductor_max - ambient).count());
  const wide room_of_table = (cable.conductor_max - cable.reference).count();
  const wide grouped = wide{cable.tabled.count()} * cable.grouping.count();
  // sqrt(grouped^2 * room / room_of_table) / 1000, one rounding under the root, one after it.
  const auto scaled = root_floor(grouped * grouped * room / room_of_table);
  const domain::milliamperes each{scaled / 1000};
  return {domain::limit_source::cable, domain::per_line<domain::milliamperes>{each, each, each},
          std::nullopt};
}

} // namespace busbar::control::limits
