#pragma once
// One segment of a recording driven through the model again and compared, effect by effect.

#include "apps/replay/recording_files.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "recording/comparison.hpp"
#include "site/stepped_site.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps::replay {

/// Steps before `from` are made and not compared; the replay ends with the first step after `to`.
struct replay_window {
  std::optional<domain::instant> from;
  std::optional<domain::instant> to;
};

/// Looks on; both may be empty.
struct replay_watch {
  /// After each plan; false: the replay ends.
  std::function<bool(const site::stepped_site&, domain::instant now)> planned;
  /// Each fact, as it is made.
  std::function<void(const site::stepped_site&, const domain::session_fact&)> told;
};

/// Of a segment's first file.
struct segment_name {
  std::string site;
  std::string version;
  domain::epoch owner = 0;
  domain::instant begun_at{};
};

struct segment_report {
  segment_name of;
  std::size_t files = 0;
  domain::instant ended_at{};
  std::uint64_t plans = 0;
  std::uint64_t steps = 0;
  /// False: it begins from the changelog's state: differences are shown, not failed.
  bool is_exact = true;
  std::string why_not_exact;
  recording::comparison_counts counts;
  std::optional<recording::effect_difference> first;
  domain::instant last_difference_at{};
  std::uint64_t strays = 0;
  /// Torn tails.
  std::vector<std::string> notes;

  [[nodiscard]] bool has_failed() const { return is_exact && counts.different > 0; }
};

/// A site as its newest segment left it, for the revision that takes over from it.
struct replay_chain {
  /// Null: none was replayed to its end, exactly.
  std::unique_ptr<site::stepped_site> site;
};

/// errc::malformed, errc::unavailable: of a file. `chain`: of the segment of the same site before
/// this one; this one's from here on. Null: a revision is not exact.
[[nodiscard]] domain::result<segment_report>
replay_segment(const recording_segment& segment, std::shared_ptr<const domain::site> site,
               const replay_window& window, const replay_watch& watch = {},
               replay_chain* chain = nullptr);

} // namespace busbar::apps::replay
