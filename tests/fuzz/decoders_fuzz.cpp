// libFuzzer target over every decoder: whatever the bytes, no crash and no read past their end
// (AddressSanitizer, UndefinedBehaviorSanitizer); and what is accepted survives the way back into
// bytes, so that nothing out of range slips through.

#include "messages/codec.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
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
  return 0;
}
