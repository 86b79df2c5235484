#pragma once
// domain::reason as the struct that commands and decisions share. Only codecs include this.

#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "messages/border.hpp"
#include "messages/schema/vocabulary_generated.h"

namespace busbar::messages::border {

[[nodiscard]] inline schema::Reason put_reason(const domain::reason& from) {
  return {from.node ? from.node->value() : 0, from.node.has_value(),
          enum_cast<schema::Rule>(from.which), enum_cast<schema::BindingLine>(from.line),
          enum_cast<schema::LimitSource>(from.source)};
}

[[nodiscard]] inline bool reason_is_right(const schema::Reason& from, field_check& check) {
  return check.is_known("because.rule", from.rule(), schema::Rule::MAX) &&
         check.is_known("because.line", from.line(), schema::BindingLine::MAX) &&
         check.is_known("because.source", from.source(), schema::LimitSource::MAX);
}

[[nodiscard]] inline domain::reason take_reason(const schema::Reason& from) {
  domain::reason to;
  to.which = enum_cast<domain::rule>(from.rule());
  if (from.has_node()) to.node = domain::node_index{from.node()};
  to.line = enum_cast<domain::binding_line>(from.line());
  to.source = enum_cast<domain::limit_source>(from.source());
  return to;
}

} // namespace busbar::messages::border
