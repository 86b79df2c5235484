// busbar.decisions.v1

#include "messages/border.hpp"
#include "messages/export_marks.hpp"
#include "messages/reason_codec.hpp"
#include "messages/schema/decisions_generated.h"

#include <algorithm>

namespace busbar::messages {

namespace {

using namespace border;

/// A line that nothing limits may carry any large number in the domain.
std::int64_t bounded(domain::milliamperes current) {
  return std::min(current.count(), bounds::site_ma_max);
}

bool current_is_right(const char* field, std::int64_t value, field_check& check) {
  return check.in_range(field, value, 0, bounds::site_ma_max);
}

schema::DecidedGrant put_grant(const domain::decided_grant& from) {
  return {bounded(from.target), bounded(from.granted), bounded(from.reserved),
          from.connector.value(), put_reason(from.because)};
}

bool grant_is_right(const schema::DecidedGrant& from, field_check& check) {
  return current_is_right("target_ma", from.target_ma(), check) &&
         current_is_right("granted_ma", from.granted_ma(), check) &&
         current_is_right("reserved_ma", from.reserved_ma(), check) &&
         reason_is_right(from.because(), check);
}

domain::decided_grant take_grant(const schema::DecidedGrant& from) {
  return {domain::connector_index{from.connector()}, domain::milliamperes{from.target_ma()},
          domain::milliamperes{from.granted_ma()}, domain::milliamperes{from.reserved_ma()},
          take_reason(from.because())};
}

schema::DecidedLimit put_limit(const domain::decided_limit& from) {
  return {bounded(from.limit[0]),
          bounded(from.limit[1]),
          bounded(from.limit[2]),
          bounded(from.reserved[0]),
          bounded(from.reserved[1]),
          bounded(from.reserved[2]),
          from.node.value(),
          enum_cast<schema::LimitSource>(from.source)};
}

bool limit_is_right(const schema::DecidedLimit& from, field_check& check) {
  return current_is_right("limit_l1_ma", from.limit_l1_ma(), check) &&
         current_is_right("limit_l2_ma", from.limit_l2_ma(), check) &&
         current_is_right("limit_l3_ma", from.limit_l3_ma(), check) &&
         current_is_right("reserved_l1_ma", from.reserved_l1_ma(), check) &&
         current_is_right("reserved_l2_ma", from.reserved_l2_ma(), check) &&
         current_is_right("reserved_l3_ma", from.reserved_l3_ma(), check) &&
         check.is_known("source", from.source(), schema::LimitSource::MAX);
}

domain::decided_limit take_limit(const schema::DecidedLimit& from) {
  using domain::milliamperes;
  domain::decided_limit to;
  to.node = domain::node_index{from.node()};
  to.limit = {milliamperes{from.limit_l1_ma()}, milliamperes{from.limit_l2_ma()},
              milliamperes{from.limit_l3_ma()}};
  to.source = enum_cast<domain::limit_source>(from.source());
  to.reserved = {milliamperes{from.reserved_l1_ma()}, milliamperes{from.reserved_l2_ma()},
                 milliamperes{from.reserved_l3_ma()}};
  return to;
}

} // namespace

ports::shared_bytes encode(const domain::decision& decision) {
  auto& builder = empty_builder();
  const auto site = builder.CreateString(decision.site.text());
  const auto limits = put_structs<schema::DecidedLimit>(builder, decision.limits, put_limit);
  const auto grants = put_structs<schema::DecidedGrant>(builder, decision.grants, put_grant);
  const auto exporting = put_export_marks(builder, decision.grants);
  schema::FinishDecisionBuffer(
      builder, schema::CreateDecision(builder, site, decision.topology_hash, decision.owner,
                                      decision.plan_number, to_us(decision.at),
                                      decision.image_hash, limits, grants, exporting));
  return finished_bytes(builder);
}

domain::result<domain::decision> decode_decision(bytes_view bytes) {
  auto message = open<schema::Decision>(bytes, schema::DecisionIdentifier());
  if (!message) return message.failure();
  const schema::Decision& root = *message.value().root;
  field_check check;
  if (!check.is_name("site", text_of(root.site()), bounds::id_bytes_max) ||
      !check.in_range("at_us", root.at_us(), 0, bounds::time_us_max))
    return check.failure();
  domain::decision decision;
  decision.site = id_of<domain::site_id>(root.site());
  decision.topology_hash = root.topology_hash();
  decision.owner = root.owner();
  decision.plan_number = root.plan_number();
  decision.at = to_instant(root.at_us());
  decision.image_hash = root.image_hash();
  auto limits = take_structs("limits", root.limits(), decision.limits, limit_is_right, take_limit);
  if (!limits) return limits.failure();
  auto grants = take_structs("grants", root.grants(), decision.grants, grant_is_right, take_grant);
  if (!grants) return grants.failure();
  auto marks = take_export_marks(root.exporting(), decision.grants);
  if (!marks) return marks.failure();
  return decision;
}

} // namespace busbar::messages
