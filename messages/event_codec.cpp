// busbar.events.v1

#include "messages/border.hpp"
#include "messages/schema/events_generated.h"

namespace busbar::messages {

namespace {

using namespace border;

bool event_is_right(const schema::Event& from, field_check& check) {
  using namespace bounds;
  return check.is_name_or_empty("site", text_of(from.site()), id_bytes_max) &&
         check.in_range("at_us", from.at_us(), 0, time_us_max) &&
         check.is_set("speaker", from.speaker(), schema::Role::MAX) &&
         check.is_set("level", from.level(), schema::Severity::MAX) &&
         check.is_name("kind", text_of(from.kind()), id_bytes_max) &&
         check.is_name_or_empty("subject", text_of(from.subject()), subject_bytes_max) &&
         check.is_text("text", text_of(from.text()), text_bytes_max) &&
         check.is_known("caused_by", from.caused_by(), schema::CauseKind::MAX) &&
         check.is_name_or_empty("cause_name", text_of(from.cause_name()),
                                domain::cause::name_bytes_max);
}

/// Absent, so that a record of the system has the bytes it always had.
schema::CauseKind kind_of(const domain::cause& by) {
  const bool is_system = by.kind == domain::cause_kind::system;
  return is_system ? schema::CauseKind::unspecified : enum_cast<schema::CauseKind>(by.kind);
}

domain::cause cause_of(const schema::Event& from) {
  const bool is_stated = from.caused_by() != schema::CauseKind::unspecified;
  return {is_stated ? enum_cast<domain::cause_kind>(from.caused_by())
                    : domain::cause_kind::system,
          std::string{text_of(from.cause_name())}};
}

} // namespace

shared_bytes encode(const domain::event& event) {
  auto& builder = empty_builder();
  const auto site = put_id(builder, event.site);
  const auto kind = builder.CreateString(event.kind);
  const auto subject = put_text(builder, event.subject, bounds::subject_bytes_max);
  const auto text = put_text(builder, event.text, bounds::text_bytes_max);
  const auto name = put_text(builder, event.caused_by.name, domain::cause::name_bytes_max);
  schema::FinishEventBuffer(
      builder, schema::CreateEvent(builder, site, to_us(event.at),
                                   enum_cast<schema::Role>(event.speaker),
                                   enum_cast<schema::Severity>(event.level), kind, subject, text,
                                   kind_of(event.caused_by), name));
  return finished_bytes(builder);
}

domain::result<domain::event> decode_event(bytes_view bytes) {
  auto message = open<schema::Event>(bytes, schema::EventIdentifier());
  if (!message) return message.failure();
  const schema::Event& root = *message.value().root;
  field_check check;
  if (!event_is_right(root, check)) return check.failure();
  domain::event event;
  event.site = id_of<domain::site_id>(root.site());
  event.at = to_instant(root.at_us());
  event.speaker = enum_cast<domain::speaker>(root.speaker());
  event.level = enum_cast<domain::severity>(root.level());
  event.kind = text_of(root.kind());
  event.subject = text_of(root.subject());
  event.text = text_of(root.text());
  event.caused_by = cause_of(root);
  return event;
}

} // namespace busbar::messages
