#include "ocpp/v16/call_error.hpp"
#include "ocpp/wire/frame_reader.hpp"
#include "ocpp/wire/frame_writer.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace busbar::ocpp::wire {
namespace {

frame_or_fault read(frame_reader& reader, const std::string& text) { return reader.read(text); }

/// What the frame is refused with; empty where it is read.
std::string why_refused(const std::string& text) {
  frame_reader reader;
  const auto read_frame = read(reader, text);
  const auto* fault = std::get_if<frame_fault>(&read_frame);
  if (fault && fault->code != error_code::formation_violation) return "another code";
  return fault ? fault->description : "";
}

std::string id_of_refused(const std::string& text) {
  frame_reader reader;
  const auto read_frame = read(reader, text);
  const auto* fault = std::get_if<frame_fault>(&read_frame);
  return fault ? fault->message_id : "read";
}

} // namespace

TEST(frame, a_call_a_result_and_an_error_are_read_into_their_parts) {
  frame_reader reader;
  const auto call = std::get<frame>(
      read(reader, R"([2,"17","StartTransaction",{"connectorId":1,"idTag":"T"}])"));
  EXPECT_EQ(call.kind, frame_kind::call);
  EXPECT_EQ(call.message_id, "17");
  EXPECT_EQ(call.action, "StartTransaction");
  EXPECT_EQ(std::int64_t(call.payload["connectorId"]), 1);
  const auto result = std::get<frame>(read(reader, R"( [ 3 , "18" , {"status":"Accepted"} ] )"));
  EXPECT_EQ(result.kind, frame_kind::result);
  EXPECT_EQ(std::string_view(result.payload["status"]), "Accepted");
  const auto error = std::get<frame>(
      read(reader, R"([4,"19","NotImplemented","no such thing",{"a":1}])"));
  EXPECT_EQ(error.kind, frame_kind::error);
  EXPECT_EQ(error.error_code, "NotImplemented");
  EXPECT_EQ(error.error_description, "no such thing");
  EXPECT_EQ(std::int64_t(error.error_details["a"]), 1);
}

TEST(frame, OCPP_J_4_2_1_a_payload_of_null_is_the_empty_object) {
  frame_reader reader;
  for (const char* text : {R"([2,"n1","Heartbeat",null])", R"([2,"n1","Heartbeat",{}])",
                           R"([3,"n1",null])"}) {
    const auto heartbeat = std::get<frame>(read(reader, text));
    ASSERT_TRUE(heartbeat.payload.is_object()) << text;
    EXPECT_EQ(simdjson::dom::object(heartbeat.payload).size(), 0U) << text;
  }
}

TEST(frame, an_error_may_lack_its_description_and_details) {
  frame_reader reader;
  for (const char* text :
       {R"([4,"a","GenericError"])", R"([4,"a","GenericError",null])",
        R"([4,"a","GenericError","",null])", R"([4,"a","GenericError","",[]])"}) {
    const auto error = std::get<frame>(read(reader, text));
    EXPECT_EQ(error.error_code, "GenericError") << text;
    EXPECT_EQ(error.error_description, "") << text;
    EXPECT_TRUE(error.error_details.is_object()) << text;
  }
  EXPECT_EQ(std::get<frame>(read(reader, R"([4,"a",null])")).error_code, "");
}

TEST(frame, OCPP_J_4_1_3_an_unknown_message_type_is_no_fault) {
  frame_reader reader;
  for (const char* text :
       {R"([5,"a",{}])", "[0]", R"([-2,"a","Heartbeat",{}])", "[99,1,2,3,4,5,6,7]"})
    EXPECT_EQ(std::get<frame>(read(reader, text)).kind, frame_kind::unknown) << text;
}

TEST(frame, what_is_no_frame_is_refused_and_says_why) {
  using testing::HasSubstr;
  EXPECT_THAT(why_refused(""), HasSubstr("no JSON document"));
  EXPECT_THAT(why_refused("{}"), HasSubstr("a frame is a JSON array"));
  EXPECT_THAT(why_refused("[]"), HasSubstr("message type"));
  EXPECT_THAT(why_refused(R"(["2","a","Heartbeat",{}])"), HasSubstr("message type"));
  EXPECT_THAT(why_refused("[2]"), HasSubstr("at least 3"));
  EXPECT_THAT(why_refused(R"([2,7,"Heartbeat",{}])"), HasSubstr("message id is not a text"));
  EXPECT_THAT(why_refused(R"([2,"","Heartbeat",{}])"), HasSubstr("message id is empty"));
  EXPECT_THAT(why_refused("[2,\"" + std::string(256, 'i') + R"(","Heartbeat",{}])"),
              HasSubstr("more than 255 bytes"));
  EXPECT_THAT(why_refused(R"([2,"a","Heartbeat"])"), HasSubstr("a CALL has 4 parts"));
  EXPECT_THAT(why_refused(R"([2,"a","Heartbeat",{},{}])"), HasSubstr("a CALL has 4 parts"));
  EXPECT_THAT(why_refused(R"([2,"a",null,{}])"), HasSubstr("action is not a text"));
  EXPECT_THAT(why_refused(R"([2,"a","",{}])"), HasSubstr("action is empty"));
  EXPECT_THAT(why_refused(R"([2,"a","Heartbeat",[]])"), HasSubstr("not an object"));
  EXPECT_THAT(why_refused(R"([3,"a",{},1])"), HasSubstr("a CALLRESULT has 3 parts"));
  EXPECT_THAT(why_refused(R"([4,"a","b","c",{},1])"), HasSubstr("a CALLERROR has 5 parts"));
}

TEST(frame, hostile_text_is_refused_and_never_crashes) {
  const std::string nul(1, '\0');
  const std::string long_name(70'000, 'n');
  EXPECT_NE(why_refused(nul), "");
  EXPECT_NE(why_refused(R"([2,"a","Heartbeat",{"k":")" + nul + R"("}])"), "");
  EXPECT_NE(why_refused(R"([2,"a","Heartbeat",{}])" + nul), "");
  EXPECT_NE(why_refused("[2,\"a\",\"Heartbeat\",{\"k\":\"\xC3(\"}]"), "");
  EXPECT_NE(why_refused("[2,\"a\",\"Heartbeat\",{\"k\":\"\xED\xA0\x80\"}]"), "");
  EXPECT_NE(why_refused(R"([2,"a","Heartbeat",{"k":"\ud800"}])"), "");
  EXPECT_NE(why_refused(R"([2,"a","Heartbeat",{"k":1e999}])"), "");
  EXPECT_NE(why_refused(R"([2,"a","Heartbeat",{"k":99999999999999999999}])"), "");
  EXPECT_NE(why_refused(R"([2,"a","Heartbeat",{"k":NaN}])"), "");
  EXPECT_NE(why_refused(R"([2,"a","Heartbeat",{"k":01}])"), "");
  EXPECT_NE(why_refused(R"([2,"a","Heartbeat",{}]])"), "");
  EXPECT_NE(why_refused(R"([2,"a","Heartbeat",{}][])"), "");
  EXPECT_NE(why_refused(R"([2,"a","Heart)"), "");
  EXPECT_NE(why_refused(std::string(60'000, '[')), "");
  EXPECT_NE(why_refused("[2,\"a\",\"Heartbeat\",{\"k\":" + std::string(100, '[') +
                        std::string(100, ']') + "}]"),
            "");
  EXPECT_THAT(why_refused("[2,\"a\",\"Heartbeat\",{\"" + long_name + "\":1}]"),
              testing::HasSubstr("at most 65,536"));
}

TEST(frame, a_name_that_stands_twice_in_one_object_is_refused_wherever_it_stands) {
  using testing::HasSubstr;
  EXPECT_THAT(why_refused(R"([2,"a","X",{"k":1,"k":2}])"), HasSubstr("`k` stands twice"));
  EXPECT_THAT(why_refused(R"([2,"a","X",{"k":1,"\u006b":2}])"), HasSubstr("`k` stands twice"));
  EXPECT_THAT(why_refused(R"([2,"a","X",{"l":[{"m":{"k":1,"k":1}}]}])"), HasSubstr("`k`"));
  EXPECT_THAT(why_refused(R"([4,"a","X","",{"k":1,"k":2}])"), HasSubstr("`k` stands twice"));
  EXPECT_EQ(why_refused(R"([2,"a","X",{"k":1,"l":{"k":1},"m":[{"k":1},{"k":1}]}])"), "");
  // More members than are compared each with each.
  std::string many = R"([2,"a","X",{)";
  for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_EQ(why_refused(many + R"("z":1}])"), "");
  EXPECT_THAT(why_refused(many + R"("k7":1}])"), HasSubstr("`k7` stands twice"));
  // What is shown of a name is bounded and on one line.
  const std::string name = std::string(500, 'n') + R"(\n)";
  const auto why = why_refused(R"([2,"a","X",{")" + name + "\":1,\"" + name + "\":2}]");
  EXPECT_LE(why.size(), error_description_max);
}

TEST(frame, a_fault_names_the_message_that_it_belongs_to_where_that_can_be_read) {
  EXPECT_EQ(id_of_refused(R"([2,"id-1","Heartbeat",[]])"), "id-1");
  EXPECT_EQ(id_of_refused(R"([2,"id-2","Heartbeat",{"k":1e999}])"), "id-2");
  EXPECT_EQ(id_of_refused(R"([ 2 , "id-3" , "Heart)"), "id-3");
  EXPECT_EQ(id_of_refused(R"([2,"id-4","X",{"k":1,"k":2}])"), "id-4");
  EXPECT_EQ(id_of_refused("[2,\"id-5\",\"X\",\"" + std::string(70'000, 'x') + "\"]"), "id-5");
  EXPECT_EQ(id_of_refused(R"([2,"not\"plain","X",)"), "");
  EXPECT_EQ(id_of_refused(R"([2,"never ends)"), "");
  EXPECT_EQ(id_of_refused(R"([2,)"), "");
  EXPECT_EQ(id_of_refused("nonsense"), "");
  frame_reader reader;
  EXPECT_EQ(std::get<frame_fault>(read(reader, R"([3,"r",{)")).kind, frame_kind::result);
  EXPECT_EQ(std::get<frame_fault>(read(reader, R"([3,"r",7])")).kind, frame_kind::result);
}

TEST(frame, a_reader_reads_on_after_a_fault) {
  frame_reader reader;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(std::holds_alternative<frame_fault>(read(reader, "[2,\"a\",")));
    EXPECT_TRUE(std::holds_alternative<frame>(read(reader, R"([2,"a","Heartbeat",{}])")));
  }
}

TEST(frame, what_is_written_is_read_back) {
  frame_reader reader;
  const auto call = write_call("id\"1", "Reset", R"({"type":"Soft"})");
  EXPECT_EQ(call, R"([2,"id\"1","Reset",{"type":"Soft"}])");
  EXPECT_EQ(std::get<frame>(reader.read(call)).message_id, "id\"1");
  EXPECT_EQ(write_result("7", "{}"), R"([3,"7",{}])");
  const auto error = write_error("7", "NotImplemented", "no \n such \x01 thing");
  EXPECT_EQ(error, R"([4,"7","NotImplemented","no \u000a such \u0001 thing",{}])");
  EXPECT_EQ(std::get<frame>(reader.read(error)).error_description, "no \n such \x01 thing");
}

TEST(frame, OCPP_J_4_2_3_the_description_of_an_error_has_at_most_255_characters) {
  frame_reader reader;
  const auto error = write_error("7", "GenericError", std::string(1'000, 'x'));
  EXPECT_EQ(std::get<frame>(reader.read(error)).error_description.size(), 255U);
}

TEST(frame, an_error_code_is_understood_in_every_spelling) {
  using enum error_code;
  EXPECT_EQ(error_code_from("OccurenceConstraintViolation"), occurence_constraint_violation);
  EXPECT_EQ(error_code_from("OccurrenceConstraintViolation"), occurence_constraint_violation);
  EXPECT_EQ(error_code_from("FormatViolation"), formation_violation);
  EXPECT_EQ(error_code_from("formationViolation"), formation_violation);
  EXPECT_EQ(error_code_from("NOT_IMPLEMENTED"), not_implemented);
  EXPECT_EQ(error_code_from("Not Supported"), not_supported);
  EXPECT_EQ(error_code_from("SecurityError"), security_error);
  EXPECT_EQ(error_code_from(""), generic_error);
  EXPECT_EQ(error_code_from("VendorSpecificFailure17"), generic_error);
  EXPECT_EQ(error_code_from(std::string(5'000, 'N')), generic_error);
}

TEST(frame, every_error_code_of_1_6_is_read_back_as_it_is_spelt) {
  for (std::uint8_t code = 0; code < error_code_count; ++code) {
    const auto meant = static_cast<error_code>(code);
    EXPECT_EQ(error_code_from(v16::name_of(meant)), meant) << v16::name_of(meant);
  }
}

} // namespace busbar::ocpp::wire
