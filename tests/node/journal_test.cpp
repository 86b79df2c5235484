#include "node/journal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace busbar::node {

namespace {

domain::event note(domain::severity level, const std::string& text) {
  domain::event event;
  event.level = level;
  event.text = text;
  return event;
}

domain::session_fact progress() {
  domain::session_fact fact;
  fact.kind = domain::session_fact_kind::in_progress;
  return fact;
}

std::size_t count_of(const ring_journal& kept, const std::string& text) {
  const auto all = kept.journal(0, 100'000);
  return static_cast<std::size_t>(std::ranges::count_if(
      all, [&](const auto& entry) { return entry.event.text == text; }));
}

std::vector<std::uint64_t> numbers_of(const std::vector<ports::journal_entry>& entries) {
  std::vector<std::uint64_t> numbers;
  for (const auto& entry : entries) numbers.push_back(entry.number);
  return numbers;
}

using numbers = std::vector<std::uint64_t>;

} // namespace

TEST(journal, facts_of_progress_take_no_room_from_anything_else) {
  ring_journal kept;
  for (const auto level :
       {domain::severity::info, domain::severity::warning, domain::severity::critical})
    kept.add(note(level, "of interest"));
  // 24 vehicles for 19 minutes, a fact each second: 24 * 19 * 60 = 27,360.
  for (int i = 0; i < 27'360; ++i) kept.add(progress());
  EXPECT_EQ(count_of(kept, "of interest"), 3u);
  EXPECT_EQ(kept.journal(0, 100'000).size(), 3 + ring_journal::progress_max);
  EXPECT_EQ(kept.journal_whole_from(), 1u) << "they are replaced, not lost";
}

TEST(journal, an_ended_session_states_when_it_began) {
  using enum domain::session_fact_kind;
  ring_journal kept;
  const auto fact = [](const char* session, domain::session_fact_kind kind, int second) {
    domain::session_fact one;
    one.session = domain::session_id{session};
    one.kind = kind;
    one.at = domain::instant{std::chrono::seconds{second}};
    return one;
  };
  kept.add(fact("s-1", accepted, 10));
  auto by_station = fact("s-2", accepted, 20);
  by_station.began_at = domain::instant{std::chrono::seconds{12}};
  kept.add(by_station);
  for (const char* each : {"s-1", "s-2", "s-3"}) kept.add(fact(each, completed, 30));
  kept.add(fact("", denied, 31));
  const auto past = kept.past_sessions(10); // the newest first
  ASSERT_EQ(past.size(), 4U);
  EXPECT_EQ(past[3].began_at, domain::instant{std::chrono::seconds{10}});
  EXPECT_EQ(past[2].began_at, domain::instant{std::chrono::seconds{12}});
  EXPECT_EQ(past[1].began_at, std::nullopt) << "its start was not read";
  EXPECT_EQ(past[0].began_at, std::nullopt);
}

TEST(journal, past_sessions_from_elsewhere_take_their_places_by_time_and_stand_once) {
  using enum domain::session_fact_kind;
  ring_journal kept;
  const auto fact = [](const char* session, domain::session_fact_kind kind, int second, int wh) {
    domain::session_fact one;
    one.session = domain::session_id{session};
    one.kind = kind;
    one.at = domain::instant{std::chrono::seconds{second}};
    one.energy = domain::watt_hours{wh};
    return one;
  };
  auto open_bill = fact("s-3", completed, 30, 3);
  open_bill.is_bill_open = true;
  kept.add(open_bill);
  const std::vector settled_now{fact("s-1", completed, 10, 1), fact("s-3", completed, 30, 4),
                                fact("s-4", completed, 40, 5)};
  kept.restore(settled_now);
  kept.restore(settled_now);
  kept.add(fact("s-4", completed, 40, 5));
  std::vector<std::int64_t> energies;
  for (const auto& each : kept.past_sessions(10)) energies.push_back(each.energy.count());
  EXPECT_EQ(energies, (std::vector<std::int64_t>{5, 4, 1})) << "the newest first";
}

TEST(journal, what_drivers_say_of_their_progress_takes_no_room_from_anything_else_either) {
  ring_journal kept;
  kept.add(note(domain::severity::info, "of interest"));
  auto said = note(domain::severity::info, "7.2 kW, 0.01 kWh");
  said.speaker = domain::speaker::driver;
  said.kind = "in_progress";
  for (std::size_t i = 0; i < ring_journal::infos_max + 1; ++i) kept.add(said);
  EXPECT_EQ(count_of(kept, "of interest"), 1u);
  EXPECT_EQ(count_of(kept, said.text), ring_journal::progress_max);
}

TEST(journal, warnings_and_criticals_outlive_a_flood_of_notes) {
  ring_journal kept;
  kept.add(note(domain::severity::warning, "a warning"));
  kept.add(note(domain::severity::critical, "a critical"));
  for (int i = 0; i < 100'000; ++i) kept.add(note(domain::severity::info, "a note"));
  EXPECT_EQ(count_of(kept, "a warning"), 1u);
  EXPECT_EQ(count_of(kept, "a critical"), 1u);
  EXPECT_EQ(count_of(kept, "a note"), ring_journal::infos_max);
  for (int i = 0; i < 100'000; ++i) kept.add(note(domain::severity::warning, "a warning"));
  EXPECT_EQ(count_of(kept, "a critical"), 1u);
  EXPECT_EQ(count_of(kept, "a warning"), ring_journal::warnings_max);
}

TEST(journal, numbers_go_on_and_say_from_where_on_nothing_is_missing) {
  ring_journal kept;
  kept.add(note(domain::severity::critical, "first"));
  const auto most = ring_journal::infos_max;
  for (std::size_t i = 0; i < most + 3; ++i) kept.add(note(domain::severity::info, "a note"));
  EXPECT_EQ(kept.journal_end(), most + 4);
  // The notes 2, 3 and 4 are gone.
  EXPECT_EQ(kept.journal_whole_from(), 5u);
  EXPECT_EQ(numbers_of(kept.journal(0, 3)), (numbers{1, 5, 6}));
  EXPECT_EQ(numbers_of(kept.journal(5, 2)), (numbers{6, 7}));
  EXPECT_EQ(numbers_of(kept.journal_before(7, 5)), (numbers{6, 5, 1}));
  EXPECT_EQ(numbers_of(kept.journal_before(7, 2)), (numbers{6, 5}));
  EXPECT_TRUE(kept.journal_before(1, 5).empty());
}

TEST(journal, entries_of_every_severity_come_in_the_order_in_which_they_were_added) {
  ring_journal kept;
  for (int i = 0; i < 5; ++i) {
    kept.add(note(domain::severity::critical, "c"));
    kept.add(progress());
    kept.add(note(domain::severity::info, "i"));
  }
  EXPECT_EQ(numbers_of(kept.journal(3, 5)), (numbers{4, 5, 6, 7, 8}));
  EXPECT_EQ(numbers_of(kept.journal_before(16, 4)), (numbers{15, 14, 13, 12}));
}

} // namespace busbar::node
