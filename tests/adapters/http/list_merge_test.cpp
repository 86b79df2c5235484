// Lists of several engine nodes as one.

#include "adapters/http/json/list_merge.hpp"
#include "tests/builders/seeds.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace busbar::adapters::http::json {
namespace {

using nlohmann::json;

json list_of(const std::vector<json>& items) {
  return {{"items", items}, {"total", items.size()}, {"next", nullptr}};
}

list_part part(const std::string& node, const std::vector<json>& items) {
  return {node, list_of(items).dump()};
}

json of_site(const std::string& site, int number) { return {{"site", site}, {"number", number}}; }

json merged(const list_merge& how, const std::vector<list_part>& parts,
            const std::vector<std::string>& incomplete = {}) {
  const auto made = merge_lists(how, parts, incomplete);
  EXPECT_TRUE(made) << (made ? "" : made.failure().message);
  return made ? json::parse(made.value()) : json{};
}

TEST(list_merge, items_stand_in_the_order_of_their_sites_whichever_node_holds_them) {
  const auto page = merged({list_order::by_site, {0, 10}, {}},
                           {part("engine-1", {of_site("b", 1), of_site("b", 2)}),
                            part("engine-2", {of_site("a", 3), of_site("c", 4)})});
  std::vector<int> numbers;
  for (const auto& item : page["items"]) numbers.push_back(item["number"]);
  EXPECT_EQ(numbers, (std::vector<int>{3, 1, 2, 4}));
  EXPECT_EQ(page["total"], 4);
  EXPECT_TRUE(page["next"].is_null());
  EXPECT_FALSE(page.contains("incomplete"));
}

// Sites are dealt out to nodes at random: each page is the one of a node that holds all of them.
TEST(list_merge, a_page_is_the_same_as_of_one_node_that_holds_all) {
  std::mt19937_64 chance{tests::seeds_or({20261130}).front()};
  for (int round = 0; round < 200; ++round) {
    std::vector<json> all;
    std::vector<std::vector<json>> dealt(3);
    for (int site = 0; site < 8; ++site) {
      auto& node = dealt[chance() % 3];
      for (int i = 0; i < static_cast<int>(chance() % 4); ++i) {
        all.push_back(of_site("site-" + std::to_string(site), i));
        node.push_back(all.back());
      }
    }
    const list_page page{chance() % 12, 1 + chance() % 6};
    std::vector<list_part> parts;
    for (std::size_t i = 0; i < dealt.size(); ++i) {
      auto first = dealt[i];
      first.resize(std::min<std::size_t>(first.size(), page.offset + page.limit));
      auto list = list_of(first);
      list["total"] = dealt[i].size();
      parts.push_back({"engine-" + std::to_string(i), list.dump()});
    }
    const auto found = merged({list_order::by_site, page, {}}, parts);
    const auto from = std::min<std::size_t>(all.size(), page.offset);
    const auto to = std::min<std::size_t>(all.size(), page.offset + page.limit);
    const std::vector<json> wanted(all.begin() + static_cast<std::ptrdiff_t>(from),
                                   all.begin() + static_cast<std::ptrdiff_t>(to));
    EXPECT_EQ(found["items"], json(wanted));
    EXPECT_EQ(found["total"], all.size());
    EXPECT_EQ(found["next"].is_null(), page.offset + page.limit >= all.size());
  }
}

TEST(list_merge, a_site_that_two_nodes_show_during_a_hand_over_is_shown_by_its_owner) {
  const list_merge how{list_order::by_site, {0, 10}, [](const std::string&) {
                         return std::string{"engine-2"};
                       }};
  const auto page = merged(how, {part("engine-1", {of_site("a", 1), of_site("b", 1)}),
                                 part("engine-2", {of_site("a", 2)})});
  ASSERT_EQ(page["items"].size(), 2U);
  EXPECT_EQ(page["items"][0]["number"], 2);
  EXPECT_EQ(page["items"][1]["number"], 1) << "the owner of b does not show it: this node does";
  EXPECT_EQ(page["total"], 2);
}

TEST(list_merge, what_is_of_no_site_is_of_each_node_and_stands_first) {
  const auto page = merged({list_order::by_site, {0, 10}, {}},
                           {part("engine-1", {of_site("", 1), of_site("a", 2)}),
                            part("engine-2", {of_site("", 3)})});
  EXPECT_EQ(page["items"].size(), 3U);
  EXPECT_EQ(page["items"][1]["number"], 3);
}

TEST(list_merge, a_driver_that_two_nodes_know_is_shown_as_it_was_seen_last) {
  const auto driver = [](const char* name, const char* since) {
    return json{{"driver", name}, {"site", ""}, {"since", since}};
  };
  const auto page = merged(
      {list_order::by_driver, {0, 10}, {}},
      {part("engine-1", {driver("Alice", "2026-05-01T12:00:00.000000Z"),
                         driver("Bob", "2026-05-01T12:00:00.000000Z")}),
       part("engine-2", {driver("Alice", "2026-05-01T12:00:01.000000Z")})});
  ASSERT_EQ(page["items"].size(), 2U);
  EXPECT_EQ(page["items"][0]["since"], "2026-05-01T12:00:01.000000Z");
  EXPECT_EQ(page["total"], 2);
}

TEST(list_merge, sessions_that_have_ended_are_those_of_this_node_and_come_last) {
  const auto session = [](const char* site, const char* state) {
    return json{{"site", site}, {"state", state}};
  };
  const auto page = merged({list_order::open_by_site, {0, 10}, {}},
                           {part("engine-1", {session("b", "open"), session("a", "completed")}),
                            part("engine-2", {session("a", "open")})});
  ASSERT_EQ(page["items"].size(), 3U);
  EXPECT_EQ(page["items"][0], session("a", "open"));
  EXPECT_EQ(page["items"][2], session("a", "completed"));
}

TEST(list_merge, arrays_beside_the_items_are_joined_and_what_is_missing_is_named) {
  auto own = list_of({});
  own["sites"] = {"a"};
  auto other = list_of({});
  other["sites"] = {"b"};
  const auto page = merged({list_order::by_site, {0, 10}, {}},
                           {{"engine-1", own.dump()}, {"engine-2", other.dump()}},
                           {"engine-3", "shard 7"});
  EXPECT_EQ(page["sites"], json({"a", "b"}));
  EXPECT_EQ(page["incomplete"], json({"engine-3", "shard 7"}));
}

TEST(list_merge, an_answer_that_is_no_list_is_named_by_its_node) {
  for (const auto* text : {"", "[]", "{}", R"({"items":[1],"total":1})", R"({"items":[]})",
                           R"({"items":[],"total":1e999})", "{\"items\":[],\"total\":-1}"}) {
    const auto made =
        merge_lists({list_order::by_site, {0, 10}, {}}, {part("engine-1", {}), {"engine-2", text}},
                    {});
    ASSERT_FALSE(made) << text;
    EXPECT_NE(made.failure().message.find("engine-2"), std::string::npos);
  }
}

} // namespace
} // namespace busbar::adapters::http::json
