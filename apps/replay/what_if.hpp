#pragma once
// What a recording would have come to under another policy or other limits. Assumptions:
// docs/replay.md.

#include "apps/evaluate/recorded_session.hpp"
#include "apps/evaluate/report.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps::replay {

/// "f1.limit=63A", "main.limit=40kW", "t1.rated=30kVA".
struct site_change {
  domain::node_id node;
  /// One of these.
  std::optional<domain::milliamperes> current;
  std::optional<domain::watts> power;
  std::optional<domain::volt_amperes> rated;
  bool operator==(const site_change&) const = default;
};
/// errc::malformed with the text and what is allowed.
[[nodiscard]] domain::result<site_change> change_from(const std::string& text);

/// With the changes and, where one is named, the policy; sealed. A limit takes the place of what
/// the node's rating states. errc::unknown_reference, errc::conflict (rated: no transformer).
[[nodiscard]] domain::result<std::shared_ptr<const domain::site>>
changed_site(const domain::site& site, std::optional<domain::policy> policy,
             const std::vector<site_change>& changes);

/// What is kept of a run, whether it was measured or worked out.
struct what_if_row {
  /// "recorded", "recorded policy", a policy.
  std::string run;
  std::int64_t energy_wh = 0;
  evaluate::evaluation figures;
};

[[nodiscard]] what_if_row row_of(std::string run, const evaluate::replay_result& result,
                                 const std::vector<evaluate::recorded_session>& sessions,
                                 const std::optional<evaluate::tariff>& prices,
                                 const domain::time_zone& zone);

[[nodiscard]] std::string table_of(const std::vector<what_if_row>& rows);
/// The first line of the CSV.
[[nodiscard]] std::string csv_head();
/// A line for each row; `begun_at`: of the segment.
[[nodiscard]] std::string csv_of(const std::vector<what_if_row>& rows, const std::string& site,
                                 const std::string& begun_at);
[[nodiscard]] nlohmann::ordered_json json_of(const std::vector<what_if_row>& rows);

} // namespace busbar::apps::replay
