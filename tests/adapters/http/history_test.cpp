// Sessions and events of a time come from the history on a disk, and nothing of a bound user's
// answers is of another site.

#include "adapters/store/history_archive.hpp"
#include "messages/topics.hpp"
#include "tests/adapters/http/access_fixture.hpp"
#include "tests/adapters/store/store_facts.hpp"

#include <filesystem>

namespace busbar::tests {
namespace {

using json = nlohmann::json;
using enum domain::session_fact_kind;
using std::chrono::seconds;

class http_history : public access_fixture {
protected:
  void SetUp() override {
    access_fixture::SetUp();
    adapters::store::archive_settings kept;
    kept.folder = folder.path() / "history";
    kept.event_days = 36'500;
    kept_history = std::move(adapters::store::history_archive::open(kept).value());
    ASSERT_TRUE(comes_true([&] { return is_kept(*kept_history); }));
  }
  void TearDown() override {
    access_fixture::TearDown();
    kept_history.reset();
  }
  void start_with(ports::archive* history, bool is_guarded = false) {
    server = adapters::http::api::make_server(
        settings, engine, [] { return std::string(); }, test_assets,
        {[this] { return &stations; }, nullptr, nullptr, is_guarded ? access.get() : nullptr,
         nullptr, guarding, {}, history});
    ASSERT_TRUE(server->start());
  }
  void keep(const std::vector<domain::session_fact>& facts,
            const std::vector<domain::event>& events = {}) {
    std::vector<adapters::store::log_item> items;
    for (const auto& each : facts)
      items.push_back({{messages::sessions_topic, 0}, {1, each.at, 0}, each});
    for (const auto& each : events)
      items.push_back({{messages::events_topic, 0}, {1, each.at, 0}, each});
    const auto before = kept_history->status();
    auto& room = kept_history->room();
    ASSERT_TRUE(room.put(room.begin_reading()->id, std::move(items)));
    ASSERT_TRUE(comes_true([&] {
      const auto now = kept_history->status();
      return now.waiting == 0 && now.written_at != before.written_at;
    }));
  }
  [[nodiscard]] json items(const std::string& target, const std::string& headers = "") {
    const auto answer = ask("GET", target, headers);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return json::parse(answer.body);
  }
  static std::vector<std::string> names(const json& page) {
    std::vector<std::string> found;
    for (const auto& each : page["items"]) found.push_back(each["session"]);
    return found;
  }
  static std::vector<domain::session_fact> ended(const std::string& session, int at) {
    return {fact_of(session, accepted, seconds{at}),
            fact_of(session, completed, seconds{at + 60}, at)};
  }

  scratch_folder folder;
  std::unique_ptr<adapters::store::history_archive> kept_history;
};

TEST_F(http_history, pages_of_a_time_are_whole_and_stay_as_they_are) {
  start_with(kept_history.get());
  for (int i = 1; i <= 5; ++i) keep(ended("old-" + std::to_string(i), 100 * i));
  const std::string time = "from=2026-05-01T12:02:00Z&to=2026-05-01T12:09:00Z"; // 120 s to 540 s
  const auto first = items("/api/v1/sessions?limit=2&" + time);
  EXPECT_EQ(names(first), (std::vector<std::string>{"old-5", "old-4"}));
  EXPECT_EQ(first["total"], 4);
  EXPECT_EQ(first["items"][0]["state"], "completed");
  EXPECT_EQ(first["items"][0]["energy_wh"], 500);
  EXPECT_EQ(first["items"][0]["started_at"], "2026-05-01T12:08:20Z");
  keep(ended("old-6", 510));
  const auto second = items("/api/v1/sessions?limit=2&" + time + "&after=" +
                            first["next"].get<std::string>());
  EXPECT_EQ(names(second), (std::vector<std::string>{"old-3", "old-2"}));
  EXPECT_TRUE(second["next"].is_null());
}

TEST_F(http_history, a_session_of_any_age_is_shown_and_an_unknown_one_is_404) {
  start_with(kept_history.get());
  keep(ended("old-1", 100));
  EXPECT_EQ(items("/api/v1/sessions/old-1")["energy_wh"], 100);
  EXPECT_EQ(ask("GET", "/api/v1/sessions/old-2").status, 404U);
  EXPECT_EQ(ask("GET", "/api/v1/sessions/old-1?colour=red").status, 400U);
}

TEST_F(http_history, a_table_quotes_what_has_to_be) {
  start_with(kept_history.get());
  auto facts = ended("old-1", 100);
  facts.back().why = "cable, \"loose\"";
  keep(facts);
  auto formula = ended("old-2", 200);
  formula.front().driver = formula.back().driver = domain::driver_id{"-2+3"};
  formula.back().why = "=HYPERLINK(1)";
  keep(formula);
  const auto answer = ask("GET", "/api/v1/sessions?format=csv");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_NE(answer.body.find("session,request,site,station,connector,driver,state"),
            std::string::npos);
  EXPECT_NE(answer.body.find(",\"cable, \"\"loose\"\"\","), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find(",\"'=HYPERLINK(1)\","), std::string::npos) << "is no formula";
  EXPECT_NE(answer.body.find(",\"'-2+3\","), std::string::npos) << answer.body;
  EXPECT_EQ(ask("GET", "/api/v1/sessions", "Accept: text/csv\r\n").body, answer.body);
  EXPECT_EQ(ask("GET", "/api/v1/sessions?format=xml").status, 400U);
}

TEST_F(http_history, events_of_a_time_are_listed_the_oldest_first) {
  start_with(kept_history.get());
  keep({}, {event_at(store_noon, "first"), event_at(store_noon + seconds{60}, "second")});
  const auto page = items("/api/v1/events?from=2026-05-01T12:00:00Z&limit=1");
  EXPECT_EQ(page["items"][0]["text"], "first");
  const auto next = items("/api/v1/events?from=2026-05-01T12:00:00Z&after=" +
                          std::to_string(page["next"].get<int>()));
  ASSERT_EQ(next["items"].size(), 1U);
  EXPECT_EQ(next["items"][0]["text"], "second");
  EXPECT_EQ(ask("GET", "/api/v1/events?from=2026-05-01T12:00:00Z&request=r-1").status, 400U);
}

TEST_F(http_history, a_history_that_is_lost_is_503_and_what_is_live_goes_on) {
  start_with(kept_history.get());
  EXPECT_EQ(items("/api/v1/store")["state"], "kept");
  std::filesystem::rename(folder.path() / "history", folder.path() / "away");
  ASSERT_TRUE(comes_true([&] { return !is_kept(*kept_history); }));
  EXPECT_EQ(ask("GET", "/api/v1/sessions?from=2026-05-01T12:00:00Z").status, 503U);
  EXPECT_EQ(ask("GET", "/api/v1/events?from=2026-05-01T12:00:00Z").status, 503U);
  EXPECT_EQ(ask("GET", "/api/v1/sessions").status, 200U);
  EXPECT_EQ(ask("GET", "/api/v1/sessions/s-17?site=garage").status, 200U);
  EXPECT_EQ(items("/api/v1/store")["state"], "lost");
}

TEST_F(http_history, without_one_times_filter_what_is_remembered) {
  start_with(nullptr);
  EXPECT_EQ(ask("GET", "/api/v1/store").status, 404U);
  EXPECT_EQ(ask("GET", "/api/v1/sessions?format=csv").status, 404U);
  EXPECT_FALSE(items("/api/v1/sessions")["items"].empty());
  EXPECT_TRUE(items("/api/v1/sessions?to=2001-01-01T00:00:00Z")["items"].empty());
}

TEST_F(http_history, a_bound_user_sees_sessions_and_events_of_own_sites_alone) {
  const auto headers =
      bearer_of("dora", domain::role::viewer, ports::site_list{domain::site_id{"depot"}});
  start_with(kept_history.get(), true);
  auto own = fact_of("own-1", completed, seconds{5}, 7);
  own.site = domain::site_id{"depot"};
  auto said = event_at(store_noon, "of the depot");
  said.site = domain::site_id{"depot"};
  keep({fact_of("foreign-1", completed, seconds{6}), own},
       {event_at(store_noon, "of the garage"), said});
  const auto sessions = items("/api/v1/sessions?from=2026-05-01T12:00:00Z", headers);
  EXPECT_EQ(names(sessions), std::vector<std::string>{"own-1"});
  EXPECT_EQ(sessions["total"], 1);
  EXPECT_EQ(ask("GET", "/api/v1/sessions/foreign-1", headers).status, 404U);
  const auto events = items("/api/v1/events?from=2026-05-01T12:00:00Z", headers);
  ASSERT_EQ(events["items"].size(), 1U);
  EXPECT_EQ(events["items"][0]["text"], "of the depot");
  EXPECT_EQ(ask("GET", "/api/v1/store", headers).status, 403U);
}

} // namespace
} // namespace busbar::tests
