// libFuzzer target over every decoder: whatever the bytes, no crash and no read past their end
// (AddressSanitizer, UndefinedBehaviorSanitizer); and what is accepted survives the way back into
// bytes, so that nothing out of range slips through. The same for what the log hands over: records
// with and without a value and a key; and every refusal makes a dead letter that can be read.

#include "messages/dead_letters.hpp"
#include "messages/record_decoder.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

using busbar::messages::bytes_view;

template <class Decode> void try_decoder(Decode decode, bytes_view bytes) {
  const auto first = decode(bytes);
  if (!first) {
    if (first.failure().code != busbar::domain::errc::unspecified) return;
    std::fputs("a refusal without a code\n", stderr);
    std::abort();
  }
  const auto again = busbar::messages::encode(first.value());
  const auto second = decode(*again);
  if (second && second.value() == first.value()) return;
  std::fprintf(stderr, "does not survive the way back: %s\n",
               second ? "differs" : second.failure().message.c_str());
  std::abort();
}

template <class Message>
void check_refusal(const busbar::domain::result<Message>& message,
                   const busbar::ports::record& record) {
  if (message) return;
  const auto letter = busbar::messages::letter_about(record, message.failure(), {});
  const auto kept = busbar::messages::decode_dead_letter(*busbar::messages::encode(letter));
  if (kept && kept.value().code == message.failure().code) return;
  std::fputs("a refusal whose dead letter cannot be read\n", stderr);
  std::abort();
}

template <class Decode>
void try_reader(Decode decode, const busbar::ports::record& record) {
  check_refusal(busbar::messages::decode_record(record, decode), record);
}

/// What says whose the shards are: it decides what every reader takes of a record.
void try_shard_readers(busbar::ports::record record, std::int32_t partition) {
  using namespace busbar::messages;
  record.place.partition = partition;
  static_cast<void>(fence_named_by(record));
  static_cast<void>(fact_fence_named_by(record));
  const bool is_taken_for_fence = is_fence(record), is_taken_for_mark = is_owner_mark(record);
  const auto fence = fence_of(record);
  const auto owner = owner_of(record);
  check_refusal(fence, record);
  check_refusal(owner, record);
  if ((!fence || is_taken_for_fence) && (!owner || is_taken_for_mark)) return;
  std::fputs("a fence or a mark that readers take for something else\n", stderr);
  std::abort();
}

void try_readers(const std::string& key, const busbar::ports::shared_bytes& value) {
  using namespace busbar::messages;
  const busbar::ports::record handed_over{{telemetry_topic, 0}, 0, key, value, {}};
  try_reader(decode_telemetry, handed_over);
  try_reader(decode_request, handed_over);
  try_reader(decode_commands, handed_over);
  try_reader(decode_results, handed_over);
  try_reader(decode_session_fact, handed_over);
  try_reader(decode_event, handed_over);
  try_reader(decode_decision, handed_over);
  try_reader(decode_site_state, handed_over);
  try_shard_readers(handed_over, 0);
  try_shard_readers(handed_over, 12); // the shard of the golden records
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace busbar::messages;
  // A heap block of exactly this size: reading past its end is seen.
  const std::vector<std::uint8_t> bytes(data, data + size);
  try_decoder(decode_telemetry, bytes);
  try_decoder(decode_request, bytes);
  try_decoder(decode_commands, bytes);
  try_decoder(decode_results, bytes);
  try_decoder(decode_session_fact, bytes);
  try_decoder(decode_event, bytes);
  try_decoder(decode_decision, bytes);
  try_decoder(decode_site_state, bytes);
  try_decoder(decode_dead_letter, bytes);
  try_decoder(decode_fence, bytes);
  try_decoder(decode_owner, bytes);
  const auto value = std::make_shared<const std::vector<std::uint8_t>>(bytes);
  const std::string key(bytes.begin(), bytes.end());
  for (const auto& each : {std::string{}, key, std::string{"garage"}}) {
    try_readers(each, nullptr);
    try_readers(each, value);
  }
  return 0;
}
