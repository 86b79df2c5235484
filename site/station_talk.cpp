#include "site/station_talk.hpp"

#include "site/part_bytes.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

namespace {

/// Of one connector. The numbers of a new epoch are above those of every epoch before.
struct connector_talk {
  domain::sequence number = 0;
  bool is_taken_out = false;
  bool is_unanswered = false;
  std::uint8_t stops_unanswered = 0;
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.number, self.is_taken_out, self.is_unanswered, self.stops_unanswered);
  }
};

connector_talk talk_of(const connector_notes& notes) {
  const std::uint8_t stops = notes.session ? notes.session->stops_unanswered : std::uint8_t{0};
  return {notes.number, notes.is_taken_out, notes.is_unanswered, stops};
}

std::uint64_t sum_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t sum = 14'695'981'039'346'656'037U; // FNV-1a
  for (const auto byte : bytes) sum = (sum ^ byte) * 1'099'511'628'211U;
  return sum;
}

} // namespace

std::vector<std::uint8_t> talk_news(notebook& book, std::span<const connector_notes> notes) {
  std::vector<std::uint8_t> bytes;
  part_writer out{bytes, {}};
  out(book.commands, book.sessions_begun, book.reserved);
  for (const auto& each : notes) out(talk_of(each));
  if (std::exchange(book.kept_as, sum_of(bytes)) == sum_of(bytes)) return {};
  return bytes;
}

void read_talk(std::span<const std::uint8_t> bytes, notebook& book,
               std::span<connector_notes> notes) {
  if (bytes.empty()) return;
  book.kept_as = sum_of(bytes);
  part_reader in{bytes, {}};
  in(book.commands, book.sessions_begun, book.reserved);
  for (auto& each : notes) {
    connector_talk talk;
    in(talk);
    each.number = std::max(each.number, talk.number);
    each.is_taken_out = talk.is_taken_out;
    each.is_unanswered = talk.is_unanswered;
    if (each.session) each.session->stops_unanswered = talk.stops_unanswered;
  }
}

} // namespace busbar::site
