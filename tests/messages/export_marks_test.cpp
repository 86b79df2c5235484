// Directions that a foreign writer might send where none belong.

#include "messages/border.hpp"
#include "messages/codec.hpp"
#include "messages/schema/commands_generated.h"
#include "messages/schema/decisions_generated.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace busbar::messages {

namespace {

std::string refusal_of_detail(schema::CommandKind kind, bool is_export) {
  flatbuffers::FlatBufferBuilder builder;
  const auto site = builder.CreateString("garage");
  const schema::Command command{1, 0, 0, 0, 0, 0, {}, kind, schema::FaultKind::unspecified};
  const auto commands = builder.CreateVectorOfStructs(&command, 1);
  schema::CommandDetailBuilder detail(builder);
  detail.add_is_export(is_export);
  const auto only = detail.Finish();
  const auto details = builder.CreateVector(&only, 1);
  schema::FinishCommandBatchBuffer(
      builder, schema::CreateCommandBatch(builder, site, 0, 1, 0, commands, 0, details));
  const auto decoded = decode_commands({builder.GetBufferPointer(), builder.GetSize()});
  return decoded ? "taken" : decoded.failure().message;
}

std::string refusal_of_marks(const std::vector<std::uint32_t>& marks) {
  flatbuffers::FlatBufferBuilder builder;
  const auto site = builder.CreateString("garage");
  const std::vector<schema::DecidedGrant> two(2, {0, 0, 0, 0, {}});
  const auto grants = builder.CreateVectorOfStructs(two);
  const auto exporting = builder.CreateVector(marks);
  schema::FinishDecisionBuffer(
      builder, schema::CreateDecision(builder, site, 0, 1, 1, 0, 0, 0, grants, exporting));
  const auto decoded = decode_decision({builder.GetBufferPointer(), builder.GetSize()});
  if (!decoded) return decoded.failure().message;
  return std::to_string(decoded.value().grants[0].is_export) +
         std::to_string(decoded.value().grants[1].is_export);
}

} // namespace

TEST(export_marks, only_a_grant_has_a_direction) {
  EXPECT_EQ(refusal_of_detail(schema::CommandKind::grant, true), "taken");
  EXPECT_EQ(refusal_of_detail(schema::CommandKind::stop, false), "taken");
  EXPECT_EQ(refusal_of_detail(schema::CommandKind::stop, true),
            "details[0].is_export is 1, allowed is 0..0");
}

TEST(export_marks, places_rise_and_are_those_of_entries) {
  EXPECT_EQ(refusal_of_marks({}), "00");
  EXPECT_EQ(refusal_of_marks({1}), "01");
  EXPECT_EQ(refusal_of_marks({0, 1}), "11");
  EXPECT_EQ(refusal_of_marks({2}), "exporting is 2, allowed is 0..1");
  EXPECT_EQ(refusal_of_marks({1, 1}), "exporting is 1, allowed is 2..1");
}

} // namespace busbar::messages
