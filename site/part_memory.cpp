#include "site/part_memory.hpp"

#include "domain/byte_stream.hpp"

#include <span>
#include <utility>

namespace busbar::site {

namespace {

/// Of the format of all sections: another one is not read.
constexpr std::uint8_t version = 1;

/// FNV-1a.
std::uint64_t sum_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t sum = 14'695'981'039'346'656'037U;
  for (const auto byte : bytes) sum = (sum ^ byte) * 1'099'511'628'211U;
  return sum;
}

std::vector<std::uint8_t> sealed(const std::vector<std::uint8_t>& body, const domain::site& site) {
  std::vector<std::uint8_t> all;
  domain::stream_writer out{all};
  out.put_byte(version);
  out.put_unsigned(site.revision);
  out.put_unsigned(sum_of(body));
  all.insert(all.end(), body.begin(), body.end());
  return all;
}

std::vector<std::uint8_t> body_of(const part_sections& sections, bool with_bays) {
  std::vector<std::uint8_t> body;
  domain::stream_writer out{body};
  out.put_bytes(sections.desk);
  out.put_unsigned(with_bays ? sections.bays.size() : 0);
  if (with_bays)
    for (const auto& bay : sections.bays) out.put_bytes(bay);
  return body;
}

} // namespace

std::vector<std::uint8_t> encode(const part_sections& sections, const domain::site& site) {
  for (const bool with_bays : {true, false}) {
    auto all = sealed(body_of(sections, with_bays), site);
    if (all.size() <= domain::site_state::part_memory_bytes_max) return all;
  }
  return {};
}

std::optional<part_sections> sections_of(const domain::site_state& state,
                                         const domain::site& site, std::size_t bays) {
  const std::span<const std::uint8_t> all{state.part_memory};
  domain::stream_reader head{all};
  const bool is_known = head.byte() == version && head.number() == site.revision;
  const auto sum = head.number();
  if (!is_known || head.has_failed()) return std::nullopt;
  const auto body = head.rest();
  if (sum_of(body) != sum) return std::nullopt;
  domain::stream_reader in{body};
  part_sections found;
  const auto take = [&in](std::vector<std::uint8_t>& to) {
    const auto bytes = in.bytes();
    to.assign(bytes.begin(), bytes.end());
  };
  take(found.desk);
  found.bays.resize(bays);
  if (const auto kept = in.number(); kept == bays)
    for (auto& bay : found.bays) take(bay);
  if (in.has_failed() || !in.is_at_end()) return std::nullopt;
  return found;
}

} // namespace busbar::site
