#pragma once
// The first block of a file: all that is needed to build its site again, and where the file stands
// among those of its segment.

#include "control/safety/breaker.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/site_configuration.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "site/step_recorder.hpp"
#include "site/table_settings.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace busbar::recording {

/// Where a site comes from: its file, and the environment's variables that come over it.
struct site_source {
  std::string file_text;
  std::vector<std::pair<std::string, std::string>> environment;
  bool operator==(const site_source&) const = default;
};

struct recording_head {
  /// Of the program that recorded it.
  std::string version;
  domain::site_id site;
  site_source source;
  /// On top of the file.
  domain::site_configuration configured;
  /// Of the site that was built of these.
  std::uint64_t topology_hash = 0;
  std::uint64_t revision = 0;
  domain::epoch owner = 0;
  site::table_settings table;
  control::safety::breaker_settings breaker;
  domain::seconds decision_every{60};
  /// When the segment began, which names it, and the file's place in it, from 0.
  domain::instant segment{};
  std::uint32_t part = 0;
  /// When the file began.
  domain::instant begun_at{};
  /// Part 0: what was restored; later parts: the newest changelog state. Null: none.
  std::shared_ptr<const domain::site_state> state;
  bool claims = false;
  /// Part 0: the parts began with `state` alone.
  bool is_exact = true;
  /// Part 0: a revision, whose parts took over from the segment before beside `state`.
  bool takes_over = false;
};

[[nodiscard]] std::vector<std::uint8_t> encode(const recording_head& head);
/// errc::malformed.
[[nodiscard]] domain::result<recording_head> decode_head(std::span<const std::uint8_t> bytes);

} // namespace busbar::recording
