#include "adapters/config/site_file.hpp"

#include "control/stations/capability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace busbar::adapters::config {

namespace {

const std::string small_site = R"([site]
id = "garage"

[[node]]
id = "service"
kind = "service"
limits = [{ source = "rating", a = [100, 90, 80.5] }, { source = "operator", w = 40000 }]

[[node]]
id = "f1"
kind = "feeder"
parent = "service"
limits = [{ source = "breaker", a = 63 }]

[[station]]
id = "CP-{n}"
count = 3
node = "f1"
rotate = true
price_per_kwh = 0.35
[[station.connector]]
phases = ["L1", "L2", "L3"]
max_a = 16
)";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto place = text.find(what);
  EXPECT_NE(place, std::string::npos) << what;
  return text.replace(place, what.size(), by);
}

/// The faults of `text`, one a line.
std::string faults_of(const std::string& text) {
  std::string lines;
  for (const auto& fault : parse_site(text, "site.toml").faults) lines += text_of(fault) + "\n";
  return lines;
}

} // namespace

TEST(site_file, a_site_is_read_whole) {
  const auto loaded = parse_site(small_site, "site.toml");
  ASSERT_TRUE(loaded.site) << faults_of(small_site);
  const auto& site = *loaded.site;
  ASSERT_EQ(site.nodes.size(), 2U);
  EXPECT_EQ((*site.nodes[0].limits[0].current)[2], domain::milliamperes{80'500});
  EXPECT_EQ(site.nodes[0].limits[1].power, domain::watts{40'000});
  EXPECT_EQ(site.nodes[1].parent, domain::node_index{0U});
  ASSERT_EQ(site.stations.size(), 3U);
  EXPECT_EQ(site.stations[2].id.text(), "CP-003");
  EXPECT_EQ(site.stations[0].price_per_kwh, domain::micro_currency{350'000});
  EXPECT_EQ(site.connectors[1].id.text(), "CP-002-1");
  // rotate: the second copy's L1 lies on the site's L2
  EXPECT_EQ(site.connectors[1].lines[0], domain::line::l2);
  EXPECT_EQ(site.topology_hash, topology_hash_of(site));
  EXPECT_EQ(site.revision, revision_of(site));
}

TEST(site_file, power_alone_gives_the_current_at_the_sites_side) {
  const auto text = replaced(small_site, "max_a = 16", "kind = \"dc\"\npower_w = 50000");
  const auto loaded = parse_site(text, "site.toml");
  ASSERT_TRUE(loaded.site);
  // 50 000 W / (3 * 230 V) = 72.4637... A, rounded up
  EXPECT_EQ(loaded.site->connectors[0].current_max, domain::milliamperes{72'464});
}

TEST(site_file, children_may_stand_before_their_parents) {
  const auto text = replaced(small_site, "kind = \"feeder\"\nparent = \"service\"",
                             "kind = \"feeder\"\nparent = \"p1\"") +
                    "[[node]]\nid = \"p1\"\nkind = \"panel\"\nparent = \"service\"\n";
  const auto loaded = parse_site(text, "site.toml");
  ASSERT_TRUE(loaded.site) << faults_of(text);
  EXPECT_EQ(loaded.site->nodes[2].id.text(), "f1");
  EXPECT_EQ(loaded.site->nodes[2].parent, domain::node_index{1U});
}

TEST(site_file, every_fault_is_reported_in_one_go_with_its_place) {
  auto text = replaced(small_site, "a = 63", "a = -63");
  text = replaced(text, "max_a = 16", "max_a = 16\nbogus = 1");
  text = replaced(text, "node = \"f1\"", "node = \"f9\"");
  EXPECT_EQ(faults_of(text),
            "site.toml:13:37: node f1 limit: `a` is -63: allowed is 0 to 100000 A\n"
            "site.toml:18:8: station CP-{n}: `node` is f9: allowed is the id of a [[node]]\n"
            "site.toml:24:1: station CP-{n} connector: unknown field `bogus`\n");
}

TEST(site_file, quotes_around_a_number_are_named_as_the_fault) {
  EXPECT_EQ(faults_of(replaced(small_site, "max_a = 16", "max_a = \"16\"")),
            "site.toml:23:9: station CP-{n} connector: `max_a` is '16' in quotes, a text: allowed "
            "is 0 to 10000 A\n");
  const auto count = faults_of(replaced(small_site, "count = 3", "count = \"3\""));
  EXPECT_NE(count.find("`count` is '3' in quotes, a text"), std::string::npos) << count;
}

TEST(site_file, an_unknown_name_is_answered_with_the_one_that_is_meant) {
  EXPECT_EQ(faults_of(replaced(small_site, "max_a = 16", "max_a = 16\nstep_A = 1")),
            "site.toml:24:1: station CP-{n} connector: unknown field `step_A` (did you mean "
            "`step_a`?)\n");
  const auto kind = faults_of(replaced(small_site, "kind = \"feeder\"", "kind = \"feder\""));
  EXPECT_NE(kind.find("(did you mean `feeder`?)"), std::string::npos) << kind;
}

TEST(site_file, one_misspelt_name_is_one_fault) {
  const auto one = [](const std::string& right, const std::string& wrong) {
    const auto faults = faults_of(replaced(small_site, right, wrong));
    EXPECT_EQ(std::ranges::count(faults, '\n'), 1) << faults;
    EXPECT_NE(faults.find("(did you mean"), std::string::npos) << faults;
  };
  one("max_a = 16", "mxa_a = 16");
  one("[site]", "[siet]");
  one("kind = \"feeder\"", "knid = \"feeder\"");
  one("kind = \"service\"", "knid = \"service\"");
  one("parent = \"service\"", "paernt = \"service\"");
  one("[[station.connector]]", "[[station.conector]]");
  one("node = \"f1\"", "noed = \"f1\"");
  // What no other name stands for is missing all the same.
  EXPECT_NE(faults_of(replaced(small_site, "max_a = 16", "stpe_a = 1")).find("`max_a` and"),
            std::string::npos);
}

TEST(site_file, of_200000_faults_the_first_100_stand_and_the_rest_are_counted) {
  std::string text = small_site + "[extra]\n";
  for (int i = 0; i < 200'000; ++i) text += "maks_" + std::to_string(i) + " = 1\n";
  text = replaced(text, "[extra]", "[[station.connector]]\nmax_a = 16");
  const auto loaded = parse_site(text, "site.toml");
  ASSERT_EQ(loaded.faults.size(), domain::fault_list::kept_max);
  EXPECT_EQ(loaded.more_faults, 199'900U);
  EXPECT_NE(loaded.faults.front().message.find("unknown field `maks_0`"), std::string::npos);
  EXPECT_NE(loaded.faults.back().message.find("unknown field `maks_99`"), std::string::npos);
  EXPECT_EQ(lines_of(loaded).more_text(), "and 199,900 more");
}

TEST(site_file, a_syntax_error_has_its_line) {
  const auto text = replaced(small_site, "count = 3", "count = = 3");
  EXPECT_NE(faults_of(text).find("site.toml:17:"), std::string::npos) << faults_of(text);
}

TEST(site_file, what_the_library_asserts_against_is_refused_with_its_line) {
  // Two bytes on which toml++ 3.3 aborts.
  EXPECT_EQ(faults_of("[&"),
            "site.toml:1:1: is no TOML: a key, a value or a bracket is missing here\n");
  const auto text = replaced(small_site, "count = 3", "[&");
  EXPECT_EQ(faults_of(text).rfind("site.toml:17:", 0), 0U) << faults_of(text);
}

TEST(site_file, a_node_that_is_nearly_named_is_suggested) {
  EXPECT_EQ(faults_of(replaced(small_site, "parent = \"service\"", "parent = \"servcie\"")),
            "site.toml:12:10: node f1: `parent` is servcie: allowed is the id of a node that leads "
            "to the service in at most 16 steps (did you mean `service`?)\n"
            "site.toml:18:8: station CP-{n}: `node` is f1: allowed is the id of a [[node]]\n");
  EXPECT_NE(faults_of(replaced(small_site, "node = \"f1\"", "node = \"srevice\""))
                .find("allowed is the id of a [[node]] (did you mean `service`?)"),
            std::string::npos);
}

TEST(site_file, a_cycle_of_nodes_is_refused) {
  const auto text = small_site + "[[node]]\nid = \"a\"\nkind = \"panel\"\nparent = \"b\"\n"
                                 "[[node]]\nid = \"b\"\nkind = \"panel\"\nparent = \"a\"\n";
  EXPECT_NE(faults_of(text).find("node a: `parent` is b: allowed is the id of a node that leads"),
            std::string::npos)
      << faults_of(text);
}

TEST(site_file, two_services_are_refused) {
  const auto text = small_site + "[[node]]\nid = \"s2\"\nkind = \"service\"\n";
  EXPECT_NE(faults_of(text).find("has 2 nodes of kind \"service\""), std::string::npos);
}

TEST(site_file, an_id_that_is_there_already_is_refused) {
  const auto text = small_site + "[[station]]\nid = \"CP-002\"\nnode = \"f1\"\n"
                                 "[[station.connector]]\nmax_a = 16\n";
  EXPECT_NE(faults_of(text).find("CP-002: `id` is there already"), std::string::npos);
}

TEST(site_file, a_delta_load_lies_between_two_lines) {
  const auto text = replaced(small_site, "max_a = 16", "wiring = \"delta\"\nmax_a = 16");
  EXPECT_NE(faults_of(text).find("a delta load lies between exactly two"), std::string::npos);
}

TEST(site_file, LIM_4_fallbacks_that_do_not_fit_are_refused_with_the_node_and_the_numbers) {
  // three connectors at 16 A each: 48 A on each line of a feeder of 40 A
  const auto text = replaced(replaced(small_site, "a = 63", "a = 40"), "rotate = true",
                             "rotate = true\nfallback = { action = \"maintain\" }");
  const auto faults = faults_of(text);
  EXPECT_NE(faults.find("site.toml:9:1: f1 L1: fallbacks 48 A, breaker allows 40 A; "
                        "2 of 3 connectors at 16 A would fit, or 13.3 A each"),
            std::string::npos)
      << faults;
}

TEST(site_file, FAIR_2_a_fallback_below_the_minimum_is_a_fault_of_the_file) {
  const auto with = [](const std::string& current) {
    return faults_of(replaced(small_site, "rotate = true",
                              "rotate = true\nfallback = { action = \"reduce\", current_a = " +
                                  current + " }"));
  };
  EXPECT_NE(with("5.9").find("`current_a` is 5.9 A: allowed is 0, or at least the connectors' "
                             "minimum, 6 A"),
            std::string::npos)
      << with("5.9");
  EXPECT_EQ(with("6"), "");
  EXPECT_EQ(with("0"), "");
}

TEST(site_file, every_point_of_the_demo_states_what_it_can_do) {
  const auto loaded = load_site(BUSBAR_SOURCE_DIR "/examples/autonomous.toml");
  ASSERT_TRUE(loaded.site);
  for (const auto& station : loaded.site->stations) {
    const auto* profile = control::stations::find_capability(*loaded.site, station.capability);
    ASSERT_NE(profile, nullptr) << station.id.text();
    EXPECT_EQ(profile->kind,
              loaded.site->connectors[station.first_connector.value()].kind)
        << station.id.text();
  }
}

TEST(site_file, the_examples_are_right) {
  for (const std::string name :
       {"depot.toml", "caltech/site.toml", "autonomous.toml", "garage.toml"}) {
    const auto loaded = load_site(BUSBAR_SOURCE_DIR "/examples/" + name);
    EXPECT_TRUE(loaded.site) << name << ": "
                             << (loaded.faults.empty() ? "" : text_of(loaded.faults.front()));
  }
}

TEST(site_file, a_file_that_is_not_there_is_named) {
  const auto loaded = load_site("no/such/site.toml");
  ASSERT_EQ(loaded.faults.size(), 1U);
  EXPECT_NE(text_of(loaded.faults[0]).find("no/such/site.toml:0:0: cannot be read: No such file"),
            std::string::npos);
}

TEST(site_file, a_reload_without_a_file_is_a_conflict) {
  EXPECT_EQ(reload_site("no/such/site.toml").failure().code, domain::errc::conflict);
  EXPECT_EQ(reload_site(BUSBAR_SOURCE_DIR).failure().code, domain::errc::conflict);
  EXPECT_EQ(reload_site(BUSBAR_SOURCE_DIR "/README.md").failure().code, domain::errc::malformed);
}

TEST(site_file, a_folder_is_no_site_file) {
  const auto loaded = load_site(BUSBAR_SOURCE_DIR);
  ASSERT_EQ(loaded.faults.size(), 1U);
  EXPECT_NE(text_of(loaded.faults[0]).find(":0:0: cannot be read"), std::string::npos);
}

} // namespace busbar::adapters::config
