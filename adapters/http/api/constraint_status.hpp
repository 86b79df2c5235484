#pragma once
// What constrains a site, for people: its state, what is free, how unequal its lines are, what is
// violated, and what has been configured on top of its file.

#include "domain/site_view.hpp"
#include "text/json_writer.hpp"

#include <cstdint>
#include <string>

namespace busbar::adapters::http::api {

/// A whole number of thousandths as a JSON number, exact: 8694 is 8.694.
[[nodiscard]] std::string decimal_of(std::int64_t thousandths);
/// Kilowatts, the same way.
[[nodiscard]] std::string kilowatts(domain::watts power);

/// One object about the whole site.
void write_site_constraints(text::json_writer& json, const domain::site_view& view);
/// Members of one node: what is measured, what is free, what has been configured.
void write_constraint_members(text::json_writer& json, const domain::site_view& view,
                              std::size_t node);
/// What has been configured of a node, or null.
void write_configuration(text::json_writer& json, const domain::site& site,
                         const domain::node_id& node);
/// The fields of a configuration that are stated, in the load manager's own words and units.
void write_configuration(text::json_writer& json, const domain::node_configuration& entry);

} // namespace busbar::adapters::http::api
