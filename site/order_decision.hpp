#pragma once
// Orders of one request, decided by the site that owns their places: all of them or none.

#include "domain/order_answer.hpp"
#include "domain/site.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"

#include <vector>

namespace busbar::site {

/// `view`: the site as it stands. The errors are those of
/// control/operators/preview.hpp, of the first order that is refused.
[[nodiscard]] domain::order_answer decide(const std::vector<domain::order_wish>& wishes,
                                          const domain::site& site, const domain::site_view& view,
                                          domain::instant now);

} // namespace busbar::site
