#pragma once
// What a station sends, and the answers: BootNotification, Heartbeat, StatusNotification,
// Authorize, StartTransaction, StopTransaction, MeterValues, DataTransfer and the notifications
// that are acknowledged.

#include "adapters/ocpp/station/station_state.hpp"
#include "control/sessions/local_list.hpp"
#include "ocpp/wire/frame.hpp"

#include <functional>

namespace busbar::adapters::ocpp::station {

/// A tag that a station states.
struct stated_tag {
  std::string_view text;
  const station_place& place;
  /// Absent: at any of its connectors.
  std::optional<std::size_t> connector = {};
};

/// What a station is told of a tag.
struct tag_answer {
  control::sessions::tag_verdict verdict = control::sessions::tag_verdict::accepted;
  std::optional<domain::instant> expires_at = {};
  std::string parent = {};
};

/// What stations of a gateway share.
struct station_house {
  number_source& numbers;
  /// Whether a tag may charge; empty: all may.
  std::function<tag_answer(const stated_tag& tag, domain::instant now)> judge;
  /// What a station's own list is to be; empty: none is kept.
  std::function<control::sessions::local_list(const station_place& place, std::size_t most)> list =
      {};
  /// Another one than before: that may have changed.
  std::uint64_t list_revision = 0;
  /// Between two heartbeats.
  domain::seconds heartbeat{60};
  /// When this gateway began: what the log holds of a transaction may be read a little later.
  domain::instant started_at{};
};

/// A CALL, and its whole text, by which a repeated one is known.
struct arrived_call {
  const busbar::ocpp::wire::frame& frame;
  std::string_view text;
};

/// The answer stands in `out.frames`.
void take_call(station_state& state, const arrived_call& call, const station_house& house,
               domain::instant now, station_effects& out);

} // namespace busbar::adapters::ocpp::station
