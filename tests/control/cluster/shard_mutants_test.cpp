#include "tests/control/cluster/shard_search.hpp"

#include <gtest/gtest.h>

namespace busbar::control::cluster::testing {
namespace {

struct mutant {
  const char* name;
  mutation wrong;
  const char* breach;
};

class shard_mutants : public ::testing::TestWithParam<mutant> {};

TEST_P(shard_mutants, OWN_2_OWN_3_OWN_4_OWN_5_the_search_finds_what_a_wrong_node_or_gate_breaks) {
  const auto result = search({1, 1, 1}, GetParam().wrong);
  EXPECT_EQ(result.breach, GetParam().breach) << result.where;
}

INSTANTIATE_TEST_SUITE_P(
    all, shard_mutants,
    ::testing::Values(
        mutant{"awaits_no_fence", {.awaits_no_fence = true},
               "OWN-2: two accepted commanders"},
        mutant{"gate_takes_newer_epochs", {.gate_takes_newer_epochs = true},
               "OWN-2: a forged epoch counts"},
        mutant{"releases_before_flush", {.releases_before_flush = true},
               "OWN-4: it gives the shard back before its checkpoint is kept"},
        mutant{"lets_go_too_early", {.lets_go_too_early = true},
               "OWN-4: the owner is silent without need"},
        mutant{"reads_one_short", {.reads_one_short = true},
               "OWN-3: it commands without all that was commanded"},
        mutant{"does_not_look_after_pause", {.does_not_look_after_pause = true},
               "OWN-5: it commands without having looked"},
        mutant{"is_never_silent", {.is_never_silent = true},
               "OWN-5: it commands without having looked"},
        mutant{"does_not_purge", {.does_not_purge = true},
               "OWN-4: it gives the shard back before its checkpoint is kept"},
        mutant{"own_fence_counts_as_foreign", {.own_fence_counts_as_foreign = true},
               "no commander is left"},
        mutant{"ignores_foreign_fences", {.ignores_foreign_fences = true},
               "no commander is left"}),
    [](const auto& each) { return each.param.name; });

} // namespace
} // namespace busbar::control::cluster::testing
