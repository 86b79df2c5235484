// A recording from the model to files and back: segments, parts, torn tails, bounds, reasons and
// the what-if.
#include "apps/evaluate/replay.hpp"
#include "apps/recorder/site_recorder.hpp"
#include "apps/replay/recorded_site.hpp"
#include "apps/replay/recording_files.hpp"
#include "apps/replay/replay_report.hpp"
#include "apps/replay/replay_time.hpp"
#include "apps/replay/segment_replay.hpp"
#include "apps/replay/session_finder.hpp"
#include "apps/replay/what_if.hpp"
#include "domain/time_text.hpp"
#include "simulator/presets.hpp"
#include "simulator/world.hpp"
#include "site/site_model.hpp"
#include "tests/builders/scratch_folder.hpp"
#include "tests/builders/scratch_folder.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace busbar::apps {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder that is gone with the test.
class recording_folder : public testing::Test {
protected:
  /// The unruly yard for so many seconds.
  void record(std::int64_t seconds, std::uint64_t bytes_max = 1u << 30) const {
    const auto text = text_of(BUSBAR_SOURCE_DIR "/examples/autonomous.toml");
    const auto site = tests::example_site("autonomous.toml");
    recording_settings settings;
    settings.folder = folder.string();
    settings.bytes_max = bytes_max;
    const auto recorder = std::make_shared<site_recorder>(
        std::make_shared<recording_store>(settings),
        [text] { return recording::site_source{text, {}}; });
    simulator::world yard{site, simulator::unruly(), 5};
    site::site_model model{site::lay_out(site), 1};
    model.record(recorder, begin);
    for (std::int64_t tenth = 0; tenth < 10 * seconds; ++tenth) {
      const auto now = begin + std::chrono::milliseconds{100 * tenth};
      auto out = yard.step(now);
      std::vector<site::site_input> inputs;
      if (out.telemetry) inputs.emplace_back(std::move(*out.telemetry));
      for (auto& batch : out.results) inputs.emplace_back(std::move(batch));
      for (auto& request : out.requests) inputs.emplace_back(std::move(request));
      if (tenth % 10 == 0) inputs.emplace_back(site::second_passed{});
      const auto effects = model.apply(inputs, now);
      for (const auto& batch : effects.commands) yard.apply(batch, now);
      for (const auto& fact : effects.facts) yard.apply(fact, now);
    }
  }

  [[nodiscard]] replay::recording_segment only_segment() const {
    auto found = replay::find_recordings(folder.string(), "");
    EXPECT_TRUE(found.faults.empty());
    EXPECT_EQ(found.segments.size(), 1u);
    return found.segments.at(0);
  }

  static replay::segment_report replayed(const replay::recording_segment& segment,
                                         const replay::replay_watch& watch = {}) {
    const auto site = replay::recorded_site(segment.files.front().head);
    EXPECT_TRUE(site) << (site ? "" : site.failure().message);
    const auto report = replay::replay_segment(segment, site.value(), {}, watch);
    EXPECT_TRUE(report) << (report ? "" : report.failure().message);
    return report.value();
  }

  /// 2027-01-15T07:50:00Z: ten minutes before a full hour.
  const domain::instant begin = *domain::instant_from("2027-01-15T07:50:00Z");
  const tests::scratch_folder scratch;
  const fs::path& folder = scratch.path();
};

using recording_files = recording_folder;

TEST_F(recording_files, begin_anew_with_each_hour_and_replay_as_one_segment) {
  record(1'200);
  const auto segment = only_segment();
  ASSERT_EQ(segment.files.size(), 2u);
  EXPECT_EQ(segment.files[1].head.part, 1u);
  EXPECT_NE(segment.files[1].head.state, nullptr);
  const auto report = replayed(segment);
  EXPECT_TRUE(report.is_exact);
  EXPECT_EQ(report.counts.different, 0u) << text_of(report);
  EXPECT_GE(report.plans, 1'200u);
  EXPECT_GT(report.counts.same, 5'000u);
}

TEST_F(recording_files, whose_first_part_is_gone_replay_from_the_changelogs_state_and_say_so) {
  record(1'200);
  fs::remove(only_segment().files[0].path);
  const auto report = replayed(only_segment());
  EXPECT_FALSE(report.is_exact);
  EXPECT_FALSE(report.has_failed());
  EXPECT_NE(report.why_not_exact.find("first file is not there"), std::string::npos);
  EXPECT_GT(report.counts.same, 0u) << text_of(report);
}

TEST_F(recording_files, with_a_torn_tail_are_cut_there_and_say_so) {
  record(120);
  const auto path = only_segment().files[0].path;
  const auto whole = replayed(only_segment());
  EXPECT_TRUE(whole.notes.empty());
  fs::resize_file(path, fs::file_size(path) - 7);
  const auto report = replayed(only_segment());
  EXPECT_EQ(report.counts.different, 0u) << text_of(report);
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_NE(report.notes[0].find("were not written whole"), std::string::npos);
  EXPECT_LT(report.plans, whole.plans);
  EXPECT_GT(report.plans, whole.plans * 3 / 4);
}

TEST_F(recording_files, that_are_older_go_where_the_folder_is_above_its_bound) {
  record(1'200, 40'000);
  std::uint64_t all = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all += entry.file_size();
  const auto segment = only_segment();
  ASSERT_EQ(segment.files.size(), 1u);
  EXPECT_EQ(segment.files[0].head.part, 1u);
  EXPECT_GT(all, 0u);
}

TEST_F(recording_files, of_another_file_are_not_read_as_that_site) {
  record(10);
  auto head = only_segment().files[0].head;
  head.source.file_text.replace(head.source.file_text.find("a = 700"), 7, "a = 650");
  const auto site = replay::recorded_site(head);
  ASSERT_FALSE(site);
  EXPECT_EQ(site.failure().code, domain::errc::conflict);
}

TEST_F(recording_files, explain_a_plan_of_the_past) {
  record(300);
  std::string text;
  replay::replay_watch watch;
  watch.planned = [&](const site::stepped_site& at, domain::instant now) {
    if (now < begin + domain::seconds{200}) return true;
    text = replay::reasons_of(at, at.layout().site->stations[0].id.text());
    return false;
  };
  const auto report = replayed(only_segment(), watch);
  EXPECT_GE(report.plans, 201u);
  EXPECT_EQ(text.substr(0, 9), "plan " + std::to_string(report.plans) + " ");
  EXPECT_NE(text.find("because: "), std::string::npos) << text;
}

TEST_F(recording_files, give_sessions_for_a_what_if_that_a_lower_limit_starves) {
  record(1'200);
  const auto segment = only_segment();
  const auto site = replay::recorded_site(segment.files[0].head).value();
  replay::session_finder finder{site, domain::seconds{60}};
  replay::replay_watch watch;
  watch.told = [&](const auto& at, const auto& fact) { finder.told(at, fact); };
  watch.planned = [&](const auto& at, domain::instant now) {
    finder.planned(at, now);
    return true;
  };
  static_cast<void>(replayed(segment, watch));
  const auto sessions = finder.sessions();
  ASSERT_GT(sessions.size(), 5u);
  const auto energy_at = [&](const char* change) {
    const auto changed =
        replay::changed_site(*site, std::nullopt, {replay::change_from(change).value()}).value();
    const auto result = evaluate::replay({changed, domain::seconds{60}, false}, sessions, {});
    return replay::row_of("", result, sessions, std::nullopt, {}).energy_wh;
  };
  const auto service = site->nodes[0].id.text();
  EXPECT_GT(energy_at((service + ".limit=560A").c_str()),
            energy_at((service + ".limit=60A").c_str()));
  const auto measured = replay::row_of("", finder.measured(sessions), sessions, std::nullopt, {});
  EXPECT_GT(measured.energy_wh, 0);
  EXPECT_GT(measured.figures.worst.permille, 0);
}

TEST_F(recording_files, give_sessions_in_whole_seconds_for_every_policy_to_run) {
  record(301);
  const auto segment = only_segment();
  const auto site = replay::recorded_site(segment.files[0].head).value();
  replay::session_finder finder{site, domain::seconds{10}};
  replay::replay_watch watch;
  watch.told = [&](const auto& at, const auto& fact) { finder.told(at, fact); };
  watch.planned = [&](const auto& at, domain::instant now) {
    finder.planned(at, now);
    return true;
  };
  static_cast<void>(replayed(segment, watch));
  const auto sessions = finder.sessions();
  ASSERT_FALSE(sessions.empty());
  for (const auto& each : sessions) {
    EXPECT_EQ(each.arrives, std::chrono::floor<domain::seconds>(each.arrives)) << each.where;
    EXPECT_EQ(each.departs, std::chrono::floor<domain::seconds>(each.departs)) << each.where;
    EXPECT_GT(each.departs, each.arrives) << each.where;
  }
}

TEST_F(recording_files, are_asked_for_by_a_name_that_is_close_to_theirs) {
  record(10);
  const auto fault_of = [](const fs::path& path, const char* site) {
    const auto found = replay::find_recordings(path.string(), site);
    return found.faults.empty() ? std::string{"no fault"} : found.faults.front();
  };
  EXPECT_NE(fault_of(folder, "autonomus").find("did you mean `autonomous`?"), std::string::npos)
      << fault_of(folder, "autonomus");
  EXPECT_EQ(fault_of(folder / "elsewhere", ""),
            (folder / "elsewhere").string() + ": there is no such file or folder");
  EXPECT_EQ(fault_of(folder, "autonomous"), "no fault");
}

TEST_F(recording_files, that_are_none_or_of_another_format_are_named_as_what_they_are) {
  record(10);
  const auto path = only_segment().files[0].path;
  const auto fault_of = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    return replay::find_recordings(path, "").faults.front();
  };
  const auto bytes = text_of(path);
  EXPECT_EQ(fault_of("hello\n"), path + ": is no recording of busbar");
  EXPECT_EQ(fault_of("busbar.recording.9\n" + bytes.substr(19)),
            path + ": is a recording of format 9; this version of busbar reads format 1");
  EXPECT_EQ(fault_of(bytes.substr(0, 40)), path + ": ends before its head");
  // One of a folder was cut there: the process was killed as it began.
  std::ofstream(path, std::ios::binary) << bytes;
  std::ofstream(folder / "autonomous" / "later-0.rec", std::ios::binary) << bytes.substr(0, 40);
  const auto found = replay::find_recordings(folder.string(), "");
  EXPECT_TRUE(found.faults.empty());
  EXPECT_EQ(found.segments.size(), 1u);
  ASSERT_EQ(found.notes.size(), 1u);
  EXPECT_NE(found.notes[0].find("ends before its head"), std::string::npos);
}

TEST_F(recording_files, of_two_beginnings_in_a_millisecond_are_two_segments) {
  const auto site = tests::example_site("autonomous.toml");
  const auto text = text_of(BUSBAR_SOURCE_DIR "/examples/autonomous.toml");
  recording_settings settings;
  settings.folder = folder.string();
  {
    site_recorder recorder{std::make_shared<recording_store>(settings),
                           [text] { return recording::site_source{text, {}}; }};
    site::site_beginning start;
    start.layout = site::lay_out(site);
    start.now = begin;
    recorder.begin(start);
    recorder.begin(start);
    recorder.step(site::step::round{1, begin});
    recorder.end();
    // Nothing is kept of a site that has gone.
    recorder.step(site::step::round{2, begin});
  }
  const auto found = replay::find_recordings(folder.string(), "");
  ASSERT_EQ(found.segments.size(), 2u);
  EXPECT_EQ(replayed(found.segments[0]).steps, 0u);
  EXPECT_EQ(replayed(found.segments[1]).steps, 1u);
}

/// tests/recordings/README.md says how they are made anew.
TEST(kept_recordings, are_replayed_exactly) {
  const auto found = replay::find_recordings(BUSBAR_SOURCE_DIR "/tests/recordings", "");
  EXPECT_TRUE(found.faults.empty()) << found.faults.front();
  std::vector<std::string> sites;
  for (const auto& segment : found.segments) {
    const auto& head = segment.files.front().head;
    sites.push_back(head.site.text());
    const auto site = replay::recorded_site(head);
    ASSERT_TRUE(site) << site.failure().message;
    const auto report = replay::replay_segment(segment, site.value(), {});
    ASSERT_TRUE(report) << report.failure().message;
    EXPECT_TRUE(report.value().is_exact) << report.value().why_not_exact;
    EXPECT_EQ(report.value().counts.different, 0u) << replay::text_of(report.value());
    EXPECT_EQ(report.value().strays, 0u);
    EXPECT_TRUE(report.value().notes.empty());
    EXPECT_GT(report.value().counts.same, 2'000u) << head.site.text();
    EXPECT_GT(report.value().plans, 250u) << head.site.text();
  }
  EXPECT_EQ(sites, (std::vector<std::string>{"autonomous", "caltech"}));
}

TEST(replay_options, state_a_limit_in_amperes_or_kilowatts_or_a_rating) {
  EXPECT_EQ(replay::change_from("f1.limit=63A").value().current, domain::milliamperes{63'000});
  EXPECT_EQ(replay::change_from("a.b.limit=1.5kW").value().node.text(), "a.b");
  EXPECT_EQ(replay::change_from("t1.rated=30kVA").value().rated, domain::volt_amperes{30'000});
  for (const auto* text : {"f1.limit=63", "f1=63A", ".limit=63A", "f1.limit=-1A", "f1.rated=3A",
                           "f1.limit=30kVA", "f1.limit=A"})
    EXPECT_FALSE(replay::change_from(text)) << text;
}

TEST(replay_options, state_a_time_of_day_of_the_first_day_or_the_next) {
  const auto begun = *domain::instant_from("2026-05-01T12:00:30Z");
  const auto at = [&](const char* text) { return replay::time_from(text, begun, {}); };
  EXPECT_EQ(at("14:03"), domain::instant_from("2026-05-01T14:03:00Z"));
  EXPECT_EQ(at("12:00"), domain::instant_from("2026-05-01T12:00:00Z"));
  EXPECT_EQ(at("11:59:59"), domain::instant_from("2026-05-02T11:59:59Z"));
  EXPECT_EQ(at("2026-05-03T00:00:00Z"), domain::instant_from("2026-05-03T00:00:00Z"));
  EXPECT_EQ(at("24:00"), std::nullopt);
  EXPECT_EQ(at("2pm"), std::nullopt);
}

} // namespace
} // namespace busbar::apps
