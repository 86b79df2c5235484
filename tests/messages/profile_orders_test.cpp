// What decoders refuse in commands about profiles and phases, and how precisely they say it.

#include "messages/border.hpp"
#include "messages/codec.hpp"
#include "messages/schema/commands_generated.h"
#include "tests/messages/example_messages.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace busbar::messages {

namespace {

using domain::command_kind;
using domain::errc;

/// What decoding says of one set_charging_profile whose profile `change` spoiled.
std::string refusal_of(const std::function<void(domain::charging_profile&)>& change) {
  auto batch = testing::example_orders();
  auto order = *batch.commands[0].profile.order;
  change(*order.installs);
  batch.commands[0].profile.order = std::make_shared<const domain::profile_order>(order);
  const auto decoded = decode_commands(*encode(batch));
  if (decoded) return "taken";
  EXPECT_EQ(decoded.failure().code, errc::out_of_range) << decoded.failure().message;
  return decoded.failure().message;
}

/// One command of `kind` with the given detail, as a foreign writer might send it.
struct foreign {
  schema::CommandKind kind = schema::CommandKind::set_phases;
  std::vector<std::uint32_t> places{0};
  std::uint8_t lines = 0;
  bool installs = false;
  schema::ProfileKind profile_kind = schema::ProfileKind::absolute;
  std::size_t periods = 1;
};

std::string refusal_of(const foreign& what) {
  flatbuffers::FlatBufferBuilder builder;
  const auto site = builder.CreateString("garage");
  const schema::Command command{1, 0, 0, 0, 0, 0, {}, what.kind, schema::FaultKind::unspecified};
  const auto commands = builder.CreateVectorOfStructs(&command, 1);
  flatbuffers::Offset<schema::ChargingProfile> profile = 0;
  if (what.installs) {
    const std::vector<schema::SchedulePeriod> list(what.periods, {0, 60, 0});
    const auto periods = builder.CreateVectorOfStructs(list);
    profile = schema::CreateChargingProfile(
        builder, 1, 0, flatbuffers::nullopt, schema::ProfilePurpose::tx_default, what.profile_kind,
        schema::ProfileRecurrency::unspecified, flatbuffers::nullopt, flatbuffers::nullopt,
        flatbuffers::nullopt, flatbuffers::nullopt, schema::RateUnit::ampere,
        flatbuffers::nullopt, periods);
  }
  std::vector<flatbuffers::Offset<schema::CommandDetail>> list;
  for (const auto place : what.places)
    list.push_back(schema::CreateCommandDetail(builder, place, what.lines, false, profile));
  const auto details = builder.CreateVector(list);
  schema::FinishCommandBatchBuffer(
      builder, schema::CreateCommandBatch(builder, site, 0, 1, 0, commands, 0, details));
  const auto decoded = decode_commands({builder.GetBufferPointer(), builder.GetSize()});
  return decoded ? "taken" : decoded.failure().message;
}

} // namespace

TEST(profile_orders, a_value_outside_its_range_is_named_with_the_range) {
  EXPECT_EQ(refusal_of([](auto&) {}), "taken");
  EXPECT_EQ(refusal_of([](auto& p) { p.stack_level = -1; }),
            "details[0].installs.stack_level is -1, allowed is 0..2147483647");
  EXPECT_EQ(refusal_of([](auto& p) { p.plan.duration = std::chrono::seconds{-1}; }),
            "details[0].installs.duration_s is -1, allowed is 0..3155760000");
  EXPECT_EQ(refusal_of([](auto& p) { p.plan.minimum_tenths = 10'000'000'001; }),
            "details[0].installs.minimum_tenths is 10000000001, allowed is 0..10000000000");
  EXPECT_EQ(refusal_of([](auto& p) {
              p.valid_to = std::chrono::sys_seconds{std::chrono::seconds{253'402'300'801}};
            }),
            "details[0].installs.valid_to_s is 253402300801, allowed is "
            "-62167219200..253402300800");
  EXPECT_EQ(refusal_of([](auto& p) { p.plan.periods.clear(); }),
            "details[0].installs.periods is 0, allowed is 1..1024");
  EXPECT_EQ(refusal_of([](auto& p) { p.plan.periods.resize(1'025); }),
            "details[0].installs.periods is 1025, allowed is 1..1024");
  EXPECT_EQ(refusal_of([](auto& p) { p.plan.periods[1].limit_tenths = -5; }),
            "installs.periods[1].limit_tenths is -5, allowed is 0..10000000000");
  EXPECT_EQ(refusal_of([](auto& p) { p.plan.periods[0].phases = 4; }),
            "installs.periods[0].phases is 4, allowed is 0..3");
}

TEST(profile_orders, a_command_has_the_detail_that_its_kind_needs_and_no_other) {
  using schema::CommandKind;
  EXPECT_EQ(refusal_of(foreign{.lines = 3}), "taken");
  EXPECT_EQ(refusal_of(foreign{.lines = 2}), "details[0].lines is 2, allowed is 3..3");
  EXPECT_EQ(refusal_of(foreign{.lines = 0}), "details[0].lines is 0, allowed is 1..3");
  EXPECT_EQ(refusal_of(foreign{.kind = CommandKind::grant, .lines = 1}),
            "details[0].lines is 1, allowed is 0..0");
  EXPECT_EQ(refusal_of(foreign{.lines = 1, .installs = true}),
            "details[0].installs is 1, allowed is 0..0");
  EXPECT_EQ(refusal_of(foreign{.kind = CommandKind::set_charging_profile}),
            "details[0].installs is 0, allowed is 1..1");
  EXPECT_EQ(refusal_of(foreign{.kind = CommandKind::set_charging_profile, .installs = true}),
            "taken");
  EXPECT_EQ(refusal_of(foreign{.kind = CommandKind::clear_charging_profile}), "taken");
  EXPECT_EQ(refusal_of(foreign{.kind = CommandKind::set_charging_profile,
                               .installs = true,
                               .profile_kind = schema::ProfileKind::unspecified}),
            "details[0].installs.kind is unspecified, allowed is 1..3");
  for (const auto kind : {CommandKind::set_phases, CommandKind::clear_charging_profile})
    EXPECT_EQ(refusal_of(foreign{.kind = kind, .places = {}}),
              std::string{"commands[0] is "} + schema::EnumNameCommandKind(kind) +
                  " and has no entry in details");
}

TEST(profile_orders, a_detail_names_a_command_once) {
  EXPECT_EQ(refusal_of(foreign{.places = {1}, .lines = 1}),
            "details[0].command is 1, allowed is 0..0");
  EXPECT_EQ(refusal_of(foreign{.places = {0, 0}, .lines = 1}),
            "details[1].command is 0, allowed is 1..0");
}

TEST(profile_orders, are_equal_by_value) {
  const auto one = testing::example_orders();
  auto other = testing::example_orders();
  EXPECT_EQ(one, other);
  const auto order =
      std::make_shared<domain::profile_order>(*other.commands[0].profile.order);
  order->installs->plan.periods[1].limit_tenths = 1;
  other.commands[0].profile.order = order;
  EXPECT_NE(one, other);
  other.commands[0].profile.order = nullptr;
  EXPECT_NE(one, other);
}

} // namespace busbar::messages
