#include "recording/recording_head.hpp"

#include "messages/codec.hpp"
#include "recording/delta_codec.hpp"

namespace busbar::recording {

namespace {

domain::error malformed(const char* what) {
  return {domain::errc::malformed, std::string{"the head of the recording: "} + what};
}

/// What is configured, as the log's bytes of a state that holds nothing else.
std::vector<std::uint8_t> bytes_of(const recording_head& head) {
  if (head.configured.is_empty()) return {};
  domain::site_state carrier;
  carrier.site = head.site;
  carrier.configured = head.configured;
  return *messages::encode(carrier);
}

template <class Value> void put_plain(byte_writer& out, const Value& value) {
  put(out, value, Value{});
}
template <class Value> Value take_plain(byte_reader& in) {
  Value value{};
  take(in, value);
  return value;
}

} // namespace

std::vector<std::uint8_t> encode(const recording_head& head) {
  std::vector<std::uint8_t> bytes;
  byte_writer out{bytes};
  out.put_text(head.version);
  out.put_text(head.site.text());
  out.put_text(head.source.file_text);
  out.put_unsigned(head.source.environment.size());
  for (const auto& [name, value] : head.source.environment) {
    out.put_text(name);
    out.put_text(value);
  }
  out.put_bytes(bytes_of(head));
  out.put_unsigned(head.topology_hash);
  out.put_unsigned(head.revision);
  out.put_unsigned(head.owner);
  put_plain(out, head.table);
  put_plain(out, head.table.ledger);
  put_plain(out, head.table.ledger.obedience);
  put_plain(out, head.breaker);
  put_plain(out, head.decision_every);
  put_plain(out, head.segment);
  out.put_unsigned(head.part);
  put_plain(out, head.begun_at);
  out.put_bytes(head.state ? *messages::encode(*head.state) : std::vector<std::uint8_t>{});
  out.put_byte(
      static_cast<std::uint8_t>(head.claims + 2 * head.is_exact + 4 * head.takes_over));
  return bytes;
}

domain::result<recording_head> decode_head(std::span<const std::uint8_t> bytes) {
  byte_reader in{bytes};
  recording_head head;
  head.version = in.text();
  head.site = domain::site_id{in.text()};
  head.source.file_text = in.text();
  for (auto left = in.count(); left > 0 && !in.has_failed(); --left) {
    auto name = in.text();
    head.source.environment.emplace_back(std::move(name), in.text());
  }
  if (const auto configured = in.bytes(); !configured.empty()) {
    auto carrier = messages::decode_site_state(configured);
    if (!carrier) return carrier.failure();
    head.configured = std::move(carrier.value().configured);
  }
  head.topology_hash = in.number();
  head.revision = in.number();
  head.owner = in.number();
  head.table = take_plain<site::table_settings>(in);
  head.table.ledger = take_plain<site::ledger_settings>(in);
  head.table.ledger.obedience = take_plain<control::safety::obedience_settings>(in);
  head.breaker = take_plain<control::safety::breaker_settings>(in);
  head.decision_every = take_plain<domain::seconds>(in);
  head.segment = take_plain<domain::instant>(in);
  head.part = static_cast<std::uint32_t>(in.number());
  head.begun_at = take_plain<domain::instant>(in);
  if (const auto state = in.bytes(); !state.empty()) {
    auto read = messages::decode_site_state(state);
    if (!read) return read.failure();
    head.state = std::make_shared<const domain::site_state>(std::move(read.value()));
  }
  const auto flags = in.byte();
  head.claims = (flags & 1) != 0;
  head.is_exact = (flags & 2) != 0;
  head.takes_over = (flags & 4) != 0;
  if (in.has_failed()) return malformed("it is cut");
  return head;
}

} // namespace busbar::recording
