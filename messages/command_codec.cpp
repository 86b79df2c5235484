// busbar.commands.v1

#include "messages/border.hpp"
#include "messages/command_details.hpp"
#include "messages/reason_codec.hpp"
#include "messages/schema/commands_generated.h"
#include "messages/shard_codec.hpp"

namespace busbar::messages {

namespace {

using namespace border;

schema::Command put_command(const domain::command& from, text_writer& texts) {
  return {from.number,
          from.connector.value(),
          static_cast<std::int32_t>(from.current.count()),
          static_cast<std::uint32_t>(from.lease.count()),
          texts.place_of(from.session.text(), bounds::id_bytes_max),
          texts.place_of(from.driver.text(), bounds::id_bytes_max),
          put_reason(from.because),
          enum_cast<schema::CommandKind>(from.kind),
          enum_cast<schema::FaultKind>(from.fault)};
}

bool command_is_right(const schema::Command& from, std::int64_t texts, field_check& check) {
  using namespace bounds;
  return check.in_range("current_ma", from.current_ma(), 0, connector_ma_max) &&
         check.in_range("lease_s", from.lease_s(), 0, lease_s_max) &&
         check.in_range("session_text", from.session_text(), 0, texts) &&
         check.in_range("driver_text", from.driver_text(), 0, texts) &&
         reason_is_right(from.because(), check) &&
         check.is_set("kind", from.kind(), schema::CommandKind::MAX) &&
         check.is_known("fault", from.fault(), schema::FaultKind::MAX);
}

domain::command take_command(const schema::Command& from, const text_vector* texts) {
  domain::command to;
  to.connector = domain::connector_index{from.connector()};
  to.kind = enum_cast<domain::command_kind>(from.kind());
  to.number = from.number();
  to.current = domain::milliamperes{from.current_ma()};
  to.lease = domain::seconds{from.lease_s()};
  to.because = take_reason(from.because());
  to.session = domain::session_id{text_at(texts, from.session_text())};
  to.driver = domain::driver_id{text_at(texts, from.driver_text())};
  to.fault = enum_cast<domain::fault_kind>(from.fault());
  return to;
}

} // namespace

ports::shared_bytes encode(const domain::command_batch& batch) { return encode_under(0, batch); }

ports::shared_bytes encode_under(domain::epoch fence, const domain::command_batch& batch) {
  auto& builder = empty_builder();
  text_writer texts;
  const auto site = builder.CreateString(batch.site.text());
  const auto commands =
      put_structs<schema::Command>(builder, batch.commands, [&](const domain::command& from) {
        return put_command(from, texts);
      });
  const auto written_texts = texts.put(builder);
  const auto details = put_details(builder, batch.commands);
  schema::FinishCommandBatchBuffer(
      builder, schema::CreateCommandBatch(builder, site, batch.topology_hash, batch.owner,
                                          to_us(batch.issued_at), commands, written_texts,
                                          details, fence));
  return finished_bytes(builder);
}

domain::epoch fence_named_by(const ports::record& from) {
  if (from.value == nullptr) return 0;
  const auto message = open<schema::CommandBatch>(*from.value, schema::CommandBatchIdentifier());
  return message ? message.value().root->fence() : 0;
}

domain::result<domain::command_batch> decode_commands(bytes_view bytes) {
  auto message = open<schema::CommandBatch>(bytes, schema::CommandBatchIdentifier());
  if (!message) return message.failure();
  const schema::CommandBatch& root = *message.value().root;
  field_check check;
  if (!check.is_name("site", text_of(root.site()), bounds::id_bytes_max) ||
      !check.in_range("issued_at_us", root.issued_at_us(), 0, bounds::time_us_max))
    return check.failure();
  const auto is_id = [](std::string_view text, field_check& of) {
    return of.is_name_or_empty("text", text, bounds::id_bytes_max);
  };
  if (auto right = check_texts(root.texts(), is_id); !right) return right.failure();
  domain::command_batch batch;
  batch.site = id_of<domain::site_id>(root.site());
  batch.topology_hash = root.topology_hash();
  batch.owner = root.owner();
  batch.issued_at = to_instant(root.issued_at_us());
  const auto text_count = static_cast<std::int64_t>(size_of(root.texts()));
  auto taken = take_structs(
      "commands", root.commands(), batch.commands,
      [&](const schema::Command& from, field_check& of) {
        return command_is_right(from, text_count, of);
      },
      [&](const schema::Command& from) { return take_command(from, root.texts()); });
  if (!taken) return taken.failure();
  if (auto told = take_details(root.details(), batch.commands); !told) return told.failure();
  return batch;
}

} // namespace busbar::messages
