#pragma once
// The image of a connector for the planner, from its row of the table.

#include "control/image.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "site/table_rows.hpp"

namespace busbar::site {

[[nodiscard]] control::connector_image
image_of(const table_rows& table, domain::connector_index connector, domain::instant now);

} // namespace busbar::site
