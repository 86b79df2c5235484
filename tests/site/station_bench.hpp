#pragma once
// A station with two connectors for tests of the parts of its conversation: its notebook, its
// notes, and the command channel over them.

#include "domain/request.hpp"
#include "site/command_channel.hpp"
#include "site/station_effects.hpp"
#include "site/station_facts.hpp"
#include "site/station_notice.hpp"
#include "tests/builders/site_builder.hpp"

#include <memory>
#include <vector>

namespace busbar::tests {

struct station_bench {
  static constexpr domain::instant start{std::chrono::seconds{1'000'000}};

  std::shared_ptr<const domain::site> site =
      site_builder{}.feeder("f1", 63'000).station("A", 2).build();
  site::conversation_terms terms{site, 3, {}, {}};
  site::notebook book;
  std::vector<site::connector_notes> notes{2};
  site::command_channel channel{terms, domain::station_index{}, book, notes};

  station_bench() = default;
  station_bench(const station_bench&) = delete;
  station_bench& operator=(const station_bench&) = delete;

  [[nodiscard]] static site::station_notice notice(site::notice_kind kind, domain::instant now,
                                                   domain::sequence number = 0,
                                                   std::int64_t register_wh = 0) {
    site::station_notice made;
    made.kind = kind;
    made.now = now;
    made.number = number;
    made.register_wh = register_wh;
    made.answer = domain::outcome::accepted;
    return made;
  }
  [[nodiscard]] static domain::driver_request request(domain::request_kind kind,
                                                      const char* driver) {
    domain::driver_request made;
    made.id = domain::request_id{"r1"};
    made.driver = domain::driver_id{driver};
    made.station = domain::station_id{"A"};
    made.kind = kind;
    return made;
  }
  /// Its connectors have no vehicle, and their registers show this.
  [[nodiscard]] static site::station_facts facts(std::int64_t register_wh = 5'000) {
    site::station_facts made;
    made.readings.resize(2);
    for (auto& reading : made.readings) {
      reading.state = domain::connector_state::disconnected;
      reading.energy_wh = register_wh;
    }
    return made;
  }
};

} // namespace busbar::tests
