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
         check.is_text("text", text_of(from.text()), text_bytes_max);
}

} // namespace

ports::shared_bytes encode(const domain::event& event) {
  auto& builder = empty_builder();
  const auto site = put_id(builder, event.site);
  const auto kind = builder.CreateString(event.kind);
  const auto subject = put_text(builder, event.subject, bounds::subject_bytes_max);
  const auto text = put_text(builder, event.text, bounds::text_bytes_max);
  schema::FinishEventBuffer(
      builder, schema::CreateEvent(builder, site, to_us(event.at),
                                   enum_cast<schema::Role>(event.speaker),
                                   enum_cast<schema::Severity>(event.level), kind, subject, text));
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
  return event;
}

} // namespace busbar::messages
