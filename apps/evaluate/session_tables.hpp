#pragma once
// Every session and every period of a replay as CSV files, for spreadsheets and scripts.

#include "apps/evaluate/recorded_session.hpp"
#include "apps/evaluate/replay.hpp"
#include "domain/result.hpp"

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps::evaluate {

/// One policy at one rating, replayed with `replay_settings::keeps_loads`.
struct replayed {
  std::string policy;
  /// Absent: the site file's own.
  std::optional<double> rated_kva;
  std::shared_ptr<const domain::site> site;
  replay_result result;
};

/// Makes `folder` where it is not there. The failure's message names it.
[[nodiscard]] domain::result<void> make_folder(const std::string& folder);

/// "sessions.csv" and "periods.csv" in a folder; one run after the other.
class session_tables {
public:
  /// Writes both headers, over what stood there.
  [[nodiscard]] domain::result<void> open(const std::string& folder);
  void add(const replayed& run, const std::vector<recorded_session>& sessions);
  /// Fails where anything could not be written.
  [[nodiscard]] domain::result<void> close();

private:
  std::string folder_;
  std::ofstream sessions_;
  std::ofstream periods_;
};

/// "2019-03-01T06:00:00": local civil time has no zone.
[[nodiscard]] std::string local_text(domain::instant at);
/// "10", "7.5"; "file" where absent.
[[nodiscard]] std::string rating_text(std::optional<double> rated_kva);

} // namespace busbar::apps::evaluate
