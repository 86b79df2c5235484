#pragma once
// What has been configured on top of a site's file, inside busbar.sites.v1. Only
// messages/site_codec.cpp includes this.

#include "messages/border.hpp"
#include "messages/operator_state.hpp"
#include "messages/schema/sites_generated.h"

#include <vector>

namespace busbar::messages::configuration_state {

using operator_state::table_vector_offset;

[[nodiscard]] table_vector_offset<schema::NodeConfiguration>
put(flatbuffers::FlatBufferBuilder& builder, const std::vector<domain::node_configuration>& from);
[[nodiscard]] table_vector_offset<schema::StationConfiguration>
put(flatbuffers::FlatBufferBuilder& builder,
    const std::vector<domain::station_configuration>& from);

/// Each field is range-checked; the first fault is told with its place.
[[nodiscard]] domain::result<void> take(const schema::SiteState& from,
                                        domain::site_configuration& to);

} // namespace busbar::messages::configuration_state
