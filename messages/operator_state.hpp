#pragma once
// What operators have set, inside busbar.sites.v1. Only messages/site_codec.cpp includes this.

#include "domain/site_state.hpp"
#include "messages/border.hpp"
#include "messages/schema/sites_generated.h"

#include <vector>

namespace busbar::messages::operator_state {

template <class Table> using table_vector = flatbuffers::Vector<flatbuffers::Offset<Table>>;
template <class Table>
using table_vector_offset = flatbuffers::Offset<table_vector<Table>>;

[[nodiscard]] table_vector_offset<schema::NodeConstraint>
put(flatbuffers::FlatBufferBuilder& builder, const std::vector<domain::node_constraint>& from);
[[nodiscard]] table_vector_offset<schema::ConnectorConstraint>
put(flatbuffers::FlatBufferBuilder& builder,
    const std::vector<domain::connector_constraint>& from);
/// Null where absent.
[[nodiscard]] flatbuffers::Offset<schema::Shedding>
put(flatbuffers::FlatBufferBuilder& builder, const std::optional<domain::shedding_state>& from);

/// Each field is range-checked; the first fault is told with its place.
[[nodiscard]] domain::result<void> take(const schema::SiteState& from, domain::site_state& to);

} // namespace busbar::messages::operator_state
