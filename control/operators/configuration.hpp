#pragma once
// Puts what has been configured at a running site on top of its file: a revision of the site. Where
// that changes the tree, sessions and told currents go on by id (control/carry_over).

#include "domain/result.hpp"
#include "domain/site.hpp"
#include "domain/site_configuration.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::control::operators {

/// The site of `file` with `configured` on it; its topology hash is the file's unless the tree is
/// another one. Errors: unknown_reference (no such node or station), out_of_range (field, value,
/// what is allowed), conflict (a node of another kind, no tree), unsafe (LIM-4: node and numbers).
[[nodiscard]] domain::result<domain::site>
configured_site(const domain::site& file, const domain::site_configuration& configured);

/// What `next` states comes over what `all` states of the same node or station.
void merge(domain::site_configuration& all, const domain::node_configuration& next);
void merge(domain::site_configuration& all, const domain::station_configuration& next);

/// A revision of `site` in which the stations of `accepted`, by their places, count no more with
/// what they were told to fall back to before. Absent: that changes nothing. `file` as in
/// `configured_site`.
[[nodiscard]] std::optional<domain::site>
forget_told(const domain::site& file, const domain::site& site, const std::vector<bool>& accepted);

/// What an entry states, for people and audits: "current_max 400000 mA, power_max 250000 W".
[[nodiscard]] std::string text_of(const domain::node_configuration& entry);
[[nodiscard]] std::string text_of(const domain::station_configuration& entry);

/// `configured` without what `file` cannot take any more, and what that was, for people. What
/// builds on an entry that is left out is left out with it.
struct kept_configuration {
  domain::site_configuration kept;
  std::vector<std::string> left_out;
};
[[nodiscard]] kept_configuration keep_what_fits(const domain::site& file,
                                                const domain::site_configuration& configured);

} // namespace busbar::control::operators
