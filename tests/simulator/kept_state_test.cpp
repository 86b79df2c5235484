// KEEP-3: the bytes of a site's state as they stand in tests/simulator/golden/ are read by every
// later version, whole. WRITE_GOLDEN=1 writes them anew: only where the version of
// site/part_memory.cpp has become another one.
#include "messages/codec.hpp"
#include "simulator/presets.hpp"
#include "site/part_memory.hpp"
#include "tests/builders/site_builder.hpp"
#include "tests/simulator/model_yard.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace busbar::simulator {
namespace {

const std::string path = BUSBAR_SOURCE_DIR "/tests/simulator/golden/state-1.bin";

/// What tells its file from others is stated: the golden bytes are of this one.
std::shared_ptr<const domain::site> yard_site() {
  tests::site_builder made;
  made.meter(30'000).transformer("t1", 69'000).feeder("f1", 63'000, "t1");
  for (const auto* id : {"A", "B", "C"}) made.station(id, 2);
  auto site = *made.build();
  site.revision = 1;
  site.topology_hash = 1;
  return std::make_shared<const domain::site>(std::move(site));
}

domain::site_state state_of(const std::vector<std::uint8_t>& bytes) {
  auto state = messages::decode_site_state(bytes);
  EXPECT_TRUE(state);
  return std::move(state.value());
}

std::vector<std::uint8_t> golden() {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_golden() {
  tests::model_yard it{yard_site(), unruly(), 3};
  it.pass(600);
  const auto bytes = messages::encode(it.engine.model().checkpoint(it.now()));
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes->data()),
             static_cast<std::streamsize>(bytes->size()));
}

domain::site_state read_back(const domain::site_state& state) {
  site::site_model model{site::lay_out(yard_site()), state.owner};
  model.restore(state);
  return model.checkpoint(state.at);
}

TEST(kept_state, KEEP_3_a_state_of_this_format_is_read_whole_by_every_version) {
  if (std::getenv("WRITE_GOLDEN") != nullptr) write_golden();
  const auto kept = state_of(golden());
  EXPECT_FALSE(kept.told.empty());
  EXPECT_FALSE(kept.sessions.empty());
  EXPECT_TRUE(site::sections_of(kept, *yard_site(), 1));
  const auto again = read_back(kept);
  EXPECT_EQ(again.part_memory, kept.part_memory);
  EXPECT_EQ(*messages::encode(again), golden());
}

TEST(kept_state, KEEP_3_a_state_of_before_the_parts_is_read_and_its_parts_begin_anew) {
  auto kept = state_of(golden());
  kept.part_memory.clear();
  const auto again = read_back(kept);
  EXPECT_EQ(again.told, kept.told);
  EXPECT_EQ(again.sessions, kept.sessions);
  EXPECT_EQ(again.planner_memory, kept.planner_memory);
  EXPECT_NE(again.part_memory, state_of(golden()).part_memory);
}

TEST(kept_state, KEEP_3_parts_of_another_site_file_of_another_version_or_broken_are_not_read) {
  const auto site = yard_site();
  auto other = *site;
  other.revision = 2;
  const auto kept = state_of(golden());
  EXPECT_FALSE(site::sections_of(kept, other, 1));
  for (std::size_t place = 0; place < kept.part_memory.size(); ++place) {
    auto broken = kept;
    broken.part_memory[place] ^= 1;
    EXPECT_FALSE(site::sections_of(broken, *site, 1)) << place;
  }
  for (std::size_t size = 0; size < kept.part_memory.size(); ++size) {
    auto cut = kept;
    cut.part_memory.resize(size);
    EXPECT_FALSE(site::sections_of(cut, *site, 1)) << size;
  }
}

TEST(kept_state, KEEP_3_rows_are_left_out_where_a_state_would_be_too_large) {
  const auto site = yard_site();
  site::part_sections all;
  all.desk = {1, 2, 3};
  all.bays = {std::vector<std::uint8_t>(domain::site_state::part_memory_bytes_max)};
  domain::site_state state;
  state.part_memory = site::encode(all, *site);
  const auto found = site::sections_of(state, *site, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->desk, all.desk);
  EXPECT_TRUE(found->bays.at(0).empty());
}

} // namespace
} // namespace busbar::simulator
