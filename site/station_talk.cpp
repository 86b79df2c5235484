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
  /// The same of the session whose bill waits.
  std::uint8_t bill_unanswered = 0;
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.number, self.is_taken_out, self.is_unanswered, self.stops_unanswered,
          self.bill_unanswered);
  }
};

connector_talk talk_of(const connector_notes& notes) {
  const auto stops_of = [](const auto& session) {
    return session ? session->stops_unanswered : std::uint8_t{0};
  };
  return {notes.number, notes.is_taken_out, notes.is_unanswered, stops_of(notes.session),
          stops_of(notes.unsettled)};
}

std::uint64_t sum_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t sum = 14'695'981'039'346'656'037U; // FNV-1a
  for (const auto byte : bytes) sum = (sum ^ byte) * 1'099'511'628'211U;
  return sum;
}

/// Of the reservation, which is kept beside the bytes.
std::uint64_t with(std::uint64_t sum, const reservation* reserved) {
  if (reserved == nullptr) return sum;
  std::vector<std::uint8_t> bytes;
  part_writer{bytes, {}}(sum, reserved->driver, reserved->until);
  return sum_of(bytes);
}

} // namespace

std::vector<std::uint8_t> talk_news(notebook& book, std::span<const connector_notes> notes) {
  std::vector<std::uint8_t> bytes;
  part_writer out{bytes, {}};
  out(book.commands, book.sessions_begun);
  for (const auto& each : notes) out(talk_of(each));
  const auto sum = with(sum_of(bytes), book.reserved.get());
  if (std::exchange(book.kept_as, sum) == sum) return {};
  return bytes;
}

void read_talk(std::span<const std::uint8_t> bytes, notebook& book,
               std::span<connector_notes> notes) {
  if (bytes.empty()) return;
  book.kept_as = with(sum_of(bytes), book.reserved.get());
  part_reader in{bytes, {}};
  in(book.commands, book.sessions_begun);
  for (auto& each : notes) {
    connector_talk talk;
    in(talk);
    each.number = std::max(each.number, talk.number);
    each.is_taken_out = talk.is_taken_out;
    each.is_unanswered = talk.is_unanswered;
    if (each.session) each.session->stops_unanswered = talk.stops_unanswered;
    if (each.unsettled) each.unsettled->stops_unanswered = talk.bill_unanswered;
  }
}

} // namespace busbar::site
