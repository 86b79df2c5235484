// What is read between the acceptance of a site's revision and its first tick.

#include "ports/view_store.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::ports {
namespace {

std::shared_ptr<const domain::site_view> view_of(std::shared_ptr<const domain::site> site,
                                                 std::uint64_t plan) {
  auto view = std::make_shared<domain::site_view>();
  view->topology = std::move(site);
  view->plan_number = plan;
  return view;
}

TEST(view_store, a_revision_shows_at_once_with_what_was_measured_under_the_one_before) {
  const auto before = tests::site_builder{}.station("CP-001").build();
  domain::site changed = *before;
  changed.stations[0].capability = "another";
  changed.revision = domain::revision_of(changed);
  const auto after = std::make_shared<const domain::site>(changed);
  ASSERT_NE(before->revision, after->revision);
  view_store store{{before->id}};
  store.revise(before->id, after);
  EXPECT_EQ(store.view(before->id), nullptr);
  store.publish(view_of(before, 7));
  EXPECT_EQ(store.view(before->id)->topology, after);
  EXPECT_EQ(store.view(before->id)->plan_number, 7U);
  store.publish(view_of(before, 8));
  EXPECT_EQ(store.view(before->id)->topology, after) << "the one before still plans";
  const auto first = view_of(after, 9);
  store.publish(first);
  EXPECT_EQ(store.view(before->id), first);
}

TEST(view_store, a_revision_with_another_tree_shows_with_its_own_first_view) {
  const auto before = tests::site_builder{}.station("CP-001").build();
  domain::site changed = *before;
  changed.topology_hash += 1;
  changed.revision += 1;
  view_store store{{before->id}};
  store.publish(view_of(before, 7));
  store.revise(before->id, std::make_shared<const domain::site>(changed));
  EXPECT_EQ(store.view(before->id)->topology, before);
}

} // namespace
} // namespace busbar::ports
