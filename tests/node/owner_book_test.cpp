// What an engine node knows of the shards of its group, from rows of the table of owners and its
// own fences.

#include "node/owner_book.hpp"

#include "adapters/config/site_file.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"
#include "node/boot_clock.hpp"
#include "node/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

namespace busbar::node {

using namespace std::chrono_literals;
using ports::shard_standing;

namespace {

constexpr std::int32_t count = 12;
constexpr domain::instant noon{std::chrono::seconds{1'763'812'800}};

std::shared_ptr<const domain::site> site_named(const std::string& name) {
  const auto file = BUSBAR_SOURCE_DIR "/examples/autonomous.toml";
  domain::site renamed = *adapters::config::load_site(file).site;
  renamed.id = domain::site_id{name};
  renamed.revision = domain::revision_of(renamed);
  return std::make_shared<const domain::site>(std::move(renamed));
}

class owner_book_test : public testing::Test {
protected:
  owner_book_test() : shards(std::make_shared<shard_register>("engine-1", 77, count)) {
    book.begin({"engine-1", "10.0.0.7:8000", shards, {site_named("garage"), site_named("depot")}});
    shard = shards->shard_of(site);
  }
  /// This node's fence of `shard` stands at `offset`.
  void own(std::int64_t offset) {
    shards->want({shard}, boot_clock());
    shards->in_touch(boot_clock(), boot_clock());
    const auto fences = shards->take_fences();
    ASSERT_EQ(fences.size(), 1U);
    shards->fence_answered(fences.front(), offset, boot_clock());
  }
  [[nodiscard]] domain::shard_owner row_of(const std::string& node, domain::epoch epoch) const {
    return {shard, epoch, node, "10.0.0.8:8000", noon};
  }

  const domain::site_id site{"garage"};
  std::shared_ptr<shard_register> shards;
  std::int32_t shard = 0;
  owner_book book;
};

/// An engine tells nobody: look again.
bool await(const std::function<bool()>& holds) {
  std::mutex guard;
  std::condition_variable never;
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!holds() && std::chrono::steady_clock::now() < deadline) {
    std::unique_lock lock{guard};
    never.wait_for(lock, 5ms);
  }
  return holds();
}

} // namespace

TEST_F(owner_book_test, OWN_3_a_shard_is_elsewhere_where_another_nodes_row_stands) {
  EXPECT_EQ(book.shard_of(site)->standing, shard_standing::unowned);
  EXPECT_FALSE(book.take(row_of("engine-2", 9)));
  const auto found = book.shard_of(site);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->standing, shard_standing::elsewhere);
  EXPECT_EQ(found->owner, "engine-2");
  EXPECT_EQ(found->address, "10.0.0.8:8000");
  EXPECT_EQ(found->epoch, 9U);
  EXPECT_EQ(found->since, noon);
  // Both fall into one shard.
  EXPECT_EQ(found->sites, (std::vector{domain::site_id{"depot"}, site}));
  EXPECT_FALSE(book.shard_of(domain::site_id{"nowhere"}));
}

TEST_F(owner_book_test, names_every_site_that_has_a_station) {
  const auto& stations = site_named("garage")->stations;
  EXPECT_EQ(book.sites_with(stations.back().id),
            (std::vector{site, domain::site_id{"depot"}}));
  EXPECT_TRUE(book.sites_with(domain::station_id{"nowhere"}).empty());
}

TEST_F(owner_book_test, OWN_2_the_own_fence_goes_before_every_row) {
  own(41);
  auto found = book.shard_of(site);
  EXPECT_EQ(found->standing, shard_standing::here);
  EXPECT_EQ(found->owner, "engine-1");
  EXPECT_EQ(found->address, "10.0.0.7:8000");
  EXPECT_EQ(found->epoch, 42U);
  EXPECT_EQ(found->since, std::nullopt) << "its row was not read yet";
  EXPECT_FALSE(book.take({shard, 42, "engine-1", "10.0.0.7:8000", noon}));
  EXPECT_EQ(book.shard_of(site)->since, noon);
  EXPECT_TRUE(book.take(row_of("engine-2", 9))) << "it is to be corrected";
  EXPECT_EQ(book.shard_of(site)->standing, shard_standing::here);
  EXPECT_FALSE(book.take(row_of("engine-2", 50))) << "its fence may not have been read here yet";
}

TEST_F(owner_book_test, OWN_2_a_row_of_this_node_without_its_fence_is_of_a_process_before) {
  EXPECT_FALSE(book.take(row_of("engine-1", 9)));
  const auto found = book.shard_of(site);
  EXPECT_EQ(found->standing, shard_standing::unowned);
  EXPECT_EQ(found->owner, "");
  EXPECT_EQ(found->epoch, 0U);
}

TEST_F(owner_book_test, knows_where_nodes_answer_that_own_nothing_any_more) {
  EXPECT_FALSE(book.take(row_of("engine-2", 9)));
  EXPECT_FALSE(book.take(row_of("engine-3", 10)));
  EXPECT_FALSE(book.take(row_of("engine-1", 8))) << "of a process before this one";
  EXPECT_EQ(book.view().addresses,
            (std::map<std::string, std::string>{{"engine-2", "10.0.0.8:8000"},
                                                {"engine-3", "10.0.0.8:8000"}}));
}

TEST_F(owner_book_test, a_drain_order_is_taken_once_the_newest_counts) {
  EXPECT_FALSE(book.take_drain_order());
  book.drain({false, {}});
  EXPECT_FALSE(book.take_drain_order()) << "it is not drained";
  book.drain({true, domain::caused_by_program("http")});
  EXPECT_TRUE(book.view().is_drained);
  const auto order = book.take_drain_order();
  ASSERT_TRUE(order);
  EXPECT_TRUE(order->is_drained);
  EXPECT_EQ(order->by, domain::caused_by_program("http"));
  EXPECT_FALSE(book.take_drain_order());
  book.drain({false, {}});
  EXPECT_FALSE(book.view().is_drained);
  EXPECT_FALSE(book.take_drain_order()->is_drained);
}

TEST_F(owner_book_test, shows_every_shard_and_takes_none_that_there_is_not) {
  auto row = row_of("engine-2", 9);
  row.shard = count;
  EXPECT_FALSE(book.take(row));
  const auto all = book.view();
  EXPECT_EQ(all.node, "engine-1");
  EXPECT_EQ(all.address, "10.0.0.7:8000");
  ASSERT_EQ(all.shards.size(), std::size_t{count});
  std::size_t sites = 0;
  for (std::int32_t each = 0; each < count; ++each) {
    EXPECT_EQ(all.shards[static_cast<std::size_t>(each)].shard, each);
    EXPECT_EQ(all.shards[static_cast<std::size_t>(each)].standing, shard_standing::unowned);
    sites += all.shards[static_cast<std::size_t>(each)].sites.size();
  }
  EXPECT_EQ(sites, 2U);
  EXPECT_EQ(owner_book{}.view().shards.size(), 0U) << "nothing is known before the engine runs";
}

namespace {

class owners_of_two : public testing::Test {
protected:
  owners_of_two() : log(adapters::embedded::make_embedded_log()) {
    for (int number = 0; number < 6; ++number)
      sites.push_back(site_named("site-" + std::to_string(number)));
  }
  std::shared_ptr<owner_book> start(engine& node, const std::string& name,
                                    const std::string& address) {
    engine_settings settings;
    settings.name = name;
    settings.address = address;
    settings.owners = std::make_shared<owner_book>();
    const auto started = node.start(sites, log, settings);
    EXPECT_TRUE(started) << started.failure().message;
    return settings.owners;
  }
  /// By site: its owner and where that answers, of those that have one.
  [[nodiscard]] static std::map<std::string, std::string> owners_in(const owner_book& book) {
    std::map<std::string, std::string> found;
    for (const auto& shard : book.view().shards)
      for (const auto& site : shard.sites)
        if (shard.standing != shard_standing::unowned)
          found[site.text()] = shard.owner + " at " + shard.address;
    return found;
  }
  [[nodiscard]] bool are_of_both(const owner_book& book) const {
    const auto all = owners_in(book);
    const auto first = std::ranges::count_if(
        all, [](const auto& each) { return each.second == "engine-1 at 127.0.0.1:8001"; });
    const auto second = std::ranges::count_if(
        all, [](const auto& each) { return each.second == "engine-2 at 127.0.0.1:8002"; });
    return first > 0 && second > 0 && first + second == 6;
  }

  std::shared_ptr<ports::event_log> log;
  std::vector<std::shared_ptr<const domain::site>> sites;
};

} // namespace

TEST_F(owners_of_two, OWN_3_each_node_knows_where_the_owner_of_every_site_answers) {
  engine one;
  engine other;
  const auto ones = start(one, "engine-1", "127.0.0.1:8001");
  ASSERT_TRUE(await([&] { return owners_in(*ones).size() == 6; }));
  const auto others = start(other, "engine-2", "127.0.0.1:8002");
  EXPECT_TRUE(await([&] {
    return are_of_both(*ones) && are_of_both(*others) && owners_in(*ones) == owners_in(*others);
  }));
  other.stop();
  EXPECT_TRUE(await([&] {
    const auto all = owners_in(*ones);
    return all.size() == 6 && std::ranges::all_of(all, [](const auto& each) {
             return each.second == "engine-1 at 127.0.0.1:8001";
           });
  }));
}

TEST_F(owners_of_two, OWN_2_the_owner_writes_its_row_again_after_one_of_an_older_fence) {
  engine one;
  const auto ones = start(one, "engine-1", "127.0.0.1:8001");
  ASSERT_TRUE(await([&] { return owners_in(*ones).size() == 6; }));
  const auto shard = ones->shard_of(sites.front()->id)->shard;
  const domain::shard_owner late{shard, 1, "engine-9", "127.0.0.1:8009", noon};
  // Epochs begin at 1, and another node's fence may be the first: the own one has to be newer.
  one.stop();
  engine again;
  const auto anew = start(again, "engine-1", "127.0.0.1:8001");
  ASSERT_TRUE(await([&] { return owners_in(*anew).size() == 6; }));
  const auto producer = log->producer();
  ASSERT_TRUE(producer.value()->publish(messages::owners_topic, messages::shard_key(shard, count),
                                        messages::encode(late)));
  EXPECT_TRUE(await([&] {
    const auto rows = log->read_all(messages::owners_topic, 1s);
    for (const auto& record : rows.value()) {
      const auto row = messages::owner_of(record);
      if (row && row.value().shard == shard) return row.value().node == "engine-1";
    }
    return false;
  }));
}

} // namespace busbar::node
