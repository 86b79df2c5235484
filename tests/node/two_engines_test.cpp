// Two engine nodes of one group on the embedded log share their sites, which come and go while they
// run (OWN-1).

#include "adapters/config/site_file.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "control/ownership/last_fence.hpp"
#include "messages/codec.hpp"
#include "messages/record_decoder.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"
#include "node/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace busbar::node {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t site_count = 6;

std::shared_ptr<const domain::site> site_named(const std::string& name) {
  auto text = adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/autonomous.toml").site;
  domain::site renamed = *text;
  renamed.id = domain::site_id{name};
  renamed.revision = domain::revision_of(renamed);
  return std::make_shared<const domain::site>(std::move(renamed));
}

bool await(const std::function<bool()>& holds, std::chrono::seconds patience = 10s) {
  std::mutex guard;
  std::condition_variable never;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!holds() && std::chrono::steady_clock::now() < deadline) {
    std::unique_lock lock{guard};
    never.wait_for(lock, 5ms); // an engine tells nobody: look again
  }
  return holds();
}

/// Which sites are being recorded.
class recorded_sites {
public:
  std::shared_ptr<site::step_recorder> of(const domain::site_id& site) {
    return std::make_shared<one>(*this, site);
  }
  std::set<domain::site_id> now() {
    const std::lock_guard lock{guard_};
    return begun_;
  }

private:
  class one : public site::step_recorder {
  public:
    one(recorded_sites& all, domain::site_id site) : all_(all), site_(std::move(site)) {}
    void begin(const site::site_beginning&) override {
      const std::lock_guard lock{all_.guard_};
      all_.begun_.insert(site_);
    }
    void end() override {
      const std::lock_guard lock{all_.guard_};
      all_.begun_.erase(site_);
    }
    void step(const site::site_step&) override {}
    void effect(site::effect_source, const domain::command&) override {}
    void effect(site::effect_source, const domain::session_fact&) override {}
    void effect(site::effect_source, const domain::event&) override {}
    void effect(const domain::decision&) override {}
    void effect(const domain::site_state&) override {}

  private:
    recorded_sites& all_;
    domain::site_id site_;
  };
  std::mutex guard_;
  std::set<domain::site_id> begun_;
};

class two_engines : public testing::Test {
protected:
  two_engines() : log(adapters::embedded::make_embedded_log()) {
    for (std::size_t i = 0; i < site_count; ++i)
      sites.push_back(site_named("site-" + std::to_string(i)));
  }
  void start(engine& node, const char* name, recorded_sites* recorded = nullptr) {
    engine_settings settings;
    settings.name = name;
    if (recorded != nullptr)
      settings.recorder_of = [recorded](const auto& site) { return recorded->of(site); };
    const auto started = node.start(sites, log, settings);
    ASSERT_TRUE(started) << started.failure().message;
  }
  static bool plans_all_of(const engine& node) {
    const auto held = node.site_ids();
    return std::ranges::all_of(held, [&](const auto& site) {
      const auto view = node.view(site);
      return view && view->mode == "controlling";
    });
  }
  static std::string sites_check(const engine& node) {
    const auto checks = node.health_checks();
    const auto found = std::ranges::find(checks, "sites", &ports::health_check::name);
    return found == checks.end() ? "no such check" : found->message;
  }
  static std::size_t count_of(const engine& node) { return node.site_ids().size(); }
  static std::set<domain::site_id> held_by(const engine& node) {
    const auto held = node.site_ids();
    return {held.begin(), held.end()};
  }
  /// The epoch of the newest checkpoint of each site.
  std::map<domain::site_id, domain::epoch> epochs() {
    std::map<domain::site_id, domain::epoch> found;
    const auto records = log->read_all(messages::sites_topic, 1s);
    for (const auto& record : records.value()) {
      const auto state = messages::decode_record(record, messages::decode_site_state);
      if (state) found[state.value().site] = state.value().owner;
    }
    return found;
  }
  std::optional<domain::site_id> one_of_the_other(const engine& node) const {
    for (const auto& site : sites)
      if (!held_by(node).contains(site->id)) return site->id;
    return std::nullopt;
  }
  /// What the node, or the site that it holds, answers.
  using expected_answer = std::future<domain::order_answer>;
  static expected_answer order(engine& node, const domain::site_id& site) {
    const auto told = std::make_shared<std::promise<domain::order_answer>>();
    node.order({site, {{shed(), {}, {}}}, {}, 0},
               [told](domain::order_answer answer) { told->set_value(std::move(answer)); });
    return told->get_future();
  }
  static std::optional<domain::order_answer> await_answer(expected_answer& answer) {
    if (answer.wait_for(10s) != std::future_status::ready) return std::nullopt;
    return answer.get();
  }
  static std::optional<domain::errc> refusal(engine& node, const domain::site_id& site) {
    auto expected = order(node, site);
    const auto answer = await_answer(expected);
    const auto* refused = answer ? std::get_if<domain::order_refusal>(&*answer) : nullptr;
    return refused != nullptr ? std::optional{refused->why.code} : std::nullopt;
  }
  static domain::operator_order shed() {
    domain::node_constraint order;
    order.node = domain::node_index{0U};
    const domain::milliamperes each{20'000};
    order.limit = {domain::limit_source::site_operator,
                   domain::per_line<domain::milliamperes>{each, each, each}, std::nullopt};
    return order;
  }

  std::shared_ptr<ports::event_log> log;
  std::vector<std::shared_ptr<const domain::site>> sites;
  engine first;
  engine second;
};

} // namespace

TEST_F(two_engines, OWN_1_share_all_sites_and_none_twice) {
  start(first, "engine-1");
  EXPECT_EQ(count_of(first), site_count);
  start(second, "engine-2");
  const auto is_shared = [&] {
    return count_of(first) + count_of(second) == site_count && count_of(second) > 0 &&
           count_of(first) > 0;
  };
  ASSERT_TRUE(await(is_shared));
  for (const auto& site : held_by(first)) EXPECT_FALSE(held_by(second).contains(site));
  EXPECT_TRUE(await([&] { return plans_all_of(first) && plans_all_of(second); }));
}

TEST_F(two_engines, record_each_site_where_it_is_and_no_longer_where_it_was) {
  recorded_sites by_first;
  recorded_sites by_second;
  start(first, "engine-1", &by_first);
  EXPECT_EQ(by_first.now().size(), site_count);
  start(second, "engine-2", &by_second);
  const auto is_shared = [&] {
    return by_first.now().size() + by_second.now().size() == site_count &&
           !by_second.now().empty() && by_second.now() == held_by(second);
  };
  EXPECT_TRUE(await(is_shared));
  EXPECT_EQ(by_first.now(), held_by(first));
  first.stop();
  second.stop();
}

TEST_F(two_engines, OWN_1_the_survivor_plans_all_sites_under_a_newer_epoch) {
  start(first, "engine-1");
  start(second, "engine-2");
  ASSERT_TRUE(await([&] {
    return count_of(first) < site_count && count_of(first) + count_of(second) == site_count &&
           plans_all_of(first) && plans_all_of(second);
  }));
  const auto moved = held_by(second);
  const auto before = epochs();
  second.stop();
  ASSERT_TRUE(await([&] { return count_of(first) == site_count && plans_all_of(first); }));
  for (const auto& site : moved)
    EXPECT_TRUE(await([&] { return epochs()[site] > before.at(site); })) << site.text();
}

TEST_F(two_engines, OWN_2_owners_in_the_table_are_those_of_the_last_fences) {
  start(first, "engine-1");
  start(second, "engine-2");
  ASSERT_TRUE(await([&] {
    return count_of(second) > 0 && count_of(first) + count_of(second) == site_count &&
           plans_all_of(first) && plans_all_of(second);
  }));
  second.stop();
  ASSERT_TRUE(await([&] { return count_of(first) == site_count && plans_all_of(first); }));
  first.stop();
  std::map<std::int32_t, control::ownership::last_fence> fences;
  const auto commands_read = log->read_all(messages::commands_topic, 1s);
  for (const auto& record : commands_read.value()) {
    auto& last = fences[record.place.partition];
    if (messages::is_fence(record)) {
      last.read(record.offset);
      continue;
    }
    EXPECT_EQ(messages::fence_named_by(record), last.epoch()) << record.key;
  }
  EXPECT_FALSE(fences.empty());
  std::map<std::int32_t, domain::epoch> owners;
  const auto owners_read = log->read_all(messages::owners_topic, 1s);
  for (const auto& record : owners_read.value())
    owners[record.place.partition] = messages::owner_of(record).value().owner;
  for (const auto& [shard, last] : fences) EXPECT_EQ(owners[shard], last.epoch()) << shard;
}

TEST_F(two_engines, OWN_2_every_owner_marks_its_shard_among_the_session_facts) {
  start(first, "engine-1");
  start(second, "engine-2");
  ASSERT_TRUE(await([&] {
    return count_of(second) > 0 && count_of(first) + count_of(second) == site_count &&
           plans_all_of(first) && plans_all_of(second);
  }));
  second.stop();
  ASSERT_TRUE(await([&] { return count_of(first) == site_count && plans_all_of(first); }));
  first.stop();
  std::map<std::int32_t, std::vector<domain::epoch>> fences;
  const auto commands_there = log->read_all(messages::commands_topic, 1s);
  for (const auto& record : commands_there.value())
    if (messages::is_fence(record))
      fences[record.place.partition].push_back(control::ownership::epoch_of_fence(record.offset));
  std::map<std::int32_t, std::vector<domain::epoch>> marks;
  const auto facts_there = log->read_all(messages::sessions_topic, 1s);
  for (const auto& record : facts_there.value())
    if (messages::is_owner_mark(record))
      marks[record.place.partition].push_back(messages::owner_of(record).value().owner);
  EXPECT_FALSE(marks.empty());
  EXPECT_EQ(marks, fences);
}

TEST_F(two_engines, OWN_2_a_fact_that_an_older_owner_writes_after_the_mark_is_no_history) {
  start(first, "engine-1");
  ASSERT_TRUE(await([&] { return count_of(first) == site_count && plans_all_of(first); }));
  const auto site = sites.front()->id;
  const auto shard = ports::partition_of(site.text(), 12);
  const auto out = std::move(log->producer().value());
  const auto mark = messages::encode(domain::shard_owner{shard, 100, "engine-9", "", {}});
  ASSERT_TRUE(out->publish(messages::sessions_topic, messages::shard_key(shard, 12), mark));
  const auto tell = [&](domain::epoch fence, const char* session) {
    domain::session_fact fact;
    fact.site = site;
    fact.session = domain::session_id{session};
    fact.kind = domain::session_fact_kind::completed;
    ASSERT_TRUE(out->publish(messages::sessions_topic, site.text(),
                             messages::encode_under(fence, fact)));
  };
  tell(99, "of-an-older-owner");
  tell(100, "of-the-owner");
  ASSERT_TRUE(await([&] { return !first.past_sessions(9).empty(); }));
  const auto past = first.past_sessions(9);
  ASSERT_EQ(past.size(), 1U);
  EXPECT_EQ(past[0].session.text(), "of-the-owner");
  EXPECT_TRUE(await([&] { return first.log_statistics()["facts_unfenced_total"] == 1.0; }));
  EXPECT_TRUE(log->read_all(messages::dead_letters_topic, 1s).value().empty());
}

TEST_F(two_engines, OWN_5_a_node_that_reads_anothers_fence_lets_go_and_asks_the_group_first) {
  start(first, "engine-1");
  ASSERT_TRUE(await([&] { return count_of(first) == site_count && plans_all_of(first); }));
  const auto site = sites.front()->id;
  const auto shard = ports::partition_of(site.text(), 12);
  const auto out = std::move(log->producer().value());
  const domain::shard_fence foreign{shard, "engine-9", 1, 1, {}};
  ASSERT_TRUE(out->publish(messages::commands_topic, messages::shard_key(shard, 12),
                           messages::encode(foreign)));
  ASSERT_TRUE(await([&] { return !held_by(first).contains(site); }));
  EXPECT_EQ(first.log_statistics()["fences_lost_total"], 1.0);
  // The group has given the shard to no other node: this one takes it again, under a fence of its
  // own, once the group would have missed a node that stands still.
  EXPECT_TRUE(await([&] { return held_by(first).contains(site) && plans_all_of(first); }, 20s));
  std::optional<domain::epoch> last;
  const auto commands_read = log->read_all(messages::commands_topic, 1s);
  for (const auto& record : commands_read.value())
    if (record.place.partition == shard && messages::is_fence(record))
      last = control::ownership::epoch_of_fence(record.offset);
  EXPECT_TRUE(await([&] { return epochs()[site] == last; }));
}

TEST_F(two_engines, a_site_that_another_node_holds_is_refused_and_is_no_dead_letter) {
  start(first, "engine-1");
  start(second, "engine-2");
  ASSERT_TRUE(await([&] {
    return count_of(second) > 0 && count_of(first) + count_of(second) == site_count;
  }));
  const auto there = one_of_the_other(first);
  ASSERT_TRUE(there);
  EXPECT_EQ(first.view(*there), nullptr);
  EXPECT_EQ(first.place_of(*there), ports::site_place::elsewhere);
  EXPECT_EQ(second.place_of(*there), ports::site_place::here);
  EXPECT_EQ(refusal(first, *there), domain::errc::conflict);
  EXPECT_EQ(refusal(first, domain::site_id{"nowhere"}), domain::errc::unknown_reference);
  EXPECT_EQ(first.place_of(domain::site_id{"nowhere"}), ports::site_place::unknown);
  EXPECT_EQ(first.configure(*there, {}, {}).failure().code, domain::errc::conflict);
}

TEST_F(two_engines, OWN_1_an_order_that_was_accepted_moves_with_its_site) {
  start(first, "engine-1");
  ASSERT_TRUE(await([&] { return plans_all_of(first); }));
  std::vector<expected_answer> answers;
  for (const auto& site : sites) answers.push_back(order(first, site->id));
  // Before any tick has shown them.
  start(second, "engine-2");
  for (auto& expected : answers) {
    const auto answer = await_answer(expected);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(std::holds_alternative<std::vector<domain::order_taken>>(*answer));
  }
  ASSERT_TRUE(await([&] { return count_of(second) > 0 && plans_all_of(second); }));
  for (const auto& site : second.site_ids())
    EXPECT_TRUE(await([&] { return second.view(site)->constraints.size() == 1; })) << site.text();
}

TEST_F(two_engines, OWN_1_sites_move_to_and_fro_and_epochs_only_rise) {
  start(first, "engine-1");
  std::map<domain::site_id, domain::epoch> before;
  for (int turn = 0; turn < 3; ++turn) {
    engine guest;
    start(guest, "engine-2");
    ASSERT_TRUE(await([&] { return count_of(guest) > 0 && plans_all_of(guest); }));
    guest.stop();
    ASSERT_TRUE(await([&] { return count_of(first) == site_count && plans_all_of(first); }));
    for (const auto& [site, owner] : epochs()) {
      EXPECT_GE(owner, before[site]) << site.text();
      before[site] = owner;
    }
  }
  // A site that has come is counted from its first tick.
  EXPECT_TRUE(await([&] { return sites_check(first) == "6 of 6 sites tick"; }))
      << sites_check(first);
}

} // namespace busbar::node
