// What decoders refuse, and how precisely they say it.

#include "messages/border.hpp"
#include "messages/codec.hpp"
#include "messages/schema/commands_generated.h"
#include "messages/schema/events_generated.h"
#include "messages/schema/requests_generated.h"
#include "messages/schema/results_generated.h"
#include "messages/schema/telemetry_generated.h"
#include "messages/schema/vocabulary_generated.h"
#include "tests/messages/random_messages.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace busbar::messages {

namespace {

using domain::errc;

domain::telemetry_batch batch_with(const domain::reading& reading) {
  domain::telemetry_batch batch;
  batch.site = domain::site_id{"garage"};
  domain::reading good;
  good.state = domain::connector_state::supplying;
  batch.readings = {good, good, reading};
  return batch;
}

domain::reading good_reading() {
  domain::reading reading;
  reading.state = domain::connector_state::supplying;
  return reading;
}

/// Encoders write what they are given, so that wrong values can be made with them.
template <class Message, class Decode>
void expect_refused(const Message& message, Decode decode, errc code, const std::string& text) {
  const auto decoded = decode(*encode(message));
  ASSERT_FALSE(decoded) << text;
  EXPECT_EQ(decoded.failure().code, code) << decoded.failure().message;
  EXPECT_EQ(decoded.failure().message, text);
}

} // namespace

TEST(refusals, bytes_that_are_too_short_are_malformed) {
  for (std::size_t size = 0; size < 8; ++size) {
    const std::vector<std::uint8_t> bytes(size, 0);
    EXPECT_EQ(decode_event(bytes).failure().code, errc::malformed) << size;
  }
}

TEST(refusals, another_topics_message_has_the_wrong_identifier) {
  const auto decoded = decode_telemetry(*encode(testing::random_messages(1).event()));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.failure().code, errc::wrong_identifier);
  EXPECT_EQ(decoded.failure().message, "file identifier is 'BBE1', allowed is 'BBT1'");
}

TEST(refusals, every_truncation_is_refused) {
  const auto bytes = encode(testing::random_messages(3).telemetry());
  for (std::size_t size = 0; size < bytes->size(); ++size)
    ASSERT_FALSE(decode_telemetry(bytes_view{*bytes}.subspan(0, size))) << size;
}

TEST(refusals, each_field_of_a_reading_outside_its_range_is_named_with_its_value) {
  struct wrong {
    std::function<void(domain::reading&)> make;
    errc code;
    std::string text;
  };
  const auto out = [](const std::string& what) { return "readings[2]." + what; };
  for (const auto& [make, code, text] : std::vector<wrong>{
           {[](auto& to) { to.power_w = 2'000'001; }, errc::out_of_range,
            out("power_w is 2000001, allowed is -2000000..2000000")},
           {[](auto& to) { to.current_ma[1] = -2'000'001; }, errc::out_of_range,
            out("current_l2_ma is -2000001, allowed is -2000000..2000000")},
           {[](auto& to) { to.voltage_mv = -1; }, errc::out_of_range,
            out("voltage_mv is -1, allowed is 0..2000000")},
           {[](auto& to) { to.energy_wh = -1; }, errc::out_of_range,
            out("energy_wh is -1, allowed is 0..1000000000000000")},
           {[](auto& to) { to.has_soc = true, to.soc_permille = 1'001; }, errc::out_of_range,
            out("soc_permille is 1001, allowed is 0..1000")},
           {[](auto& to) { to.has_temperature = true, to.temperature_mc = 250'001; },
            errc::out_of_range, out("temperature_mc is 250001, allowed is -60000..250000")},
           {[](auto& to) { to.measured_at = domain::instant{domain::microseconds{-5}}; },
            errc::out_of_range, out("measured_at_us is -5, allowed is 0..253402300799999999")},
           {[](auto& to) { to.state = domain::connector_state::unspecified; },
            errc::missing_field, out("state is unspecified, allowed is 1..5")},
           {[](auto& to) { to.state = static_cast<domain::connector_state>(6); },
            errc::out_of_range, out("state is 6, allowed is 1..5")}}) {
    auto reading = good_reading();
    make(reading);
    expect_refused(batch_with(reading), decode_telemetry, code, text);
  }
}

TEST(refusals, meters_and_health_are_checked_as_well) {
  auto batch = batch_with(good_reading());
  batch.meters.push_back({});
  batch.meters[0].frequency_mhz = 39'999;
  expect_refused(batch, decode_telemetry, errc::out_of_range,
                 "meters[0].frequency_mhz is 39999, allowed is 40000..70000");
  batch.meters.clear();
  batch.health.push_back({{}, domain::station_index{}, true, 1});
  expect_refused(batch, decode_telemetry, errc::out_of_range,
                 "health[0].failures is 1, allowed is 0..0");
}

TEST(refusals, names_are_utf8_without_control_characters_and_at_most_64_bytes) {
  auto event = testing::random_messages(5).event();
  event.kind = "";
  expect_refused(event, decode_event, errc::missing_field, "kind is empty");
  event.kind = "a\nb";
  expect_refused(event, decode_event, errc::out_of_range, "kind has a control character");
  event.kind = "\xC3\x28";
  expect_refused(event, decode_event, errc::out_of_range, "kind is not UTF-8");
  event.kind = "fault";
  event.caused_by = domain::caused_by_token("a\nb");
  expect_refused(event, decode_event, errc::out_of_range, "cause_name has a control character");
  event.kind = std::string(65, 'x');
  expect_refused(event, decode_event, errc::out_of_range,
                 "kind has 65 bytes, at most 64 are allowed");
}

TEST(refusals, the_profiles_of_a_site_state_are_bounded_by_station_and_together) {
  domain::site_state state;
  state.site = domain::site_id{"garage"};
  const auto add = [&](std::uint32_t station, std::size_t bytes) {
    state.profiles.push_back({domain::station_index{station},
                              std::make_shared<const std::vector<std::uint8_t>>(bytes)});
  };
  add(0, 0);
  expect_refused(state, decode_site_state, errc::out_of_range,
                 "profiles[0].memory size is 0, allowed is 1..65536");
  state.profiles.clear();
  add(0, 65'537);
  expect_refused(state, decode_site_state, errc::out_of_range,
                 "profiles[0].memory size is 65537, allowed is 1..65536");
  state.profiles.clear();
  for (std::uint32_t station = 0; station < 16; ++station) add(station, 65'536);
  EXPECT_TRUE(decode_site_state(*encode(state))) << "16 x 65 536 = 1 048 576";
  add(16, 1);
  expect_refused(state, decode_site_state, errc::out_of_range,
                 "profiles[16].memory size of all is 1048577, allowed is 1..1048576");
}

TEST(refusals, a_batch_with_more_entries_than_allowed_is_too_large) {
  auto batch = batch_with(good_reading());
  batch.readings.resize(bounds::batch_entries_max + 1, good_reading());
  expect_refused(batch, decode_telemetry, errc::too_large,
                 "readings has size 16385, at most 16384 is allowed");
}

TEST(refusals, a_reference_beyond_the_texts_of_a_batch_is_out_of_range) {
  flatbuffers::FlatBufferBuilder builder;
  const auto site = builder.CreateString("garage");
  const schema::CommandResult entry{1, 0, 0, 1, schema::Outcome::refused};
  const auto results = builder.CreateVectorOfStructs(&entry, 1);
  schema::FinishResultBatchBuffer(builder,
                                  schema::CreateResultBatch(builder, site, 0, 0, results, 0));
  const auto decoded = decode_results({builder.GetBufferPointer(), builder.GetSize()});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.failure().message, "results[0].why_text is 1, allowed is 0..0");
}

TEST(refusals, entries_that_stand_at_an_odd_place_are_malformed) {
  // The verifier lets a vector begin 4 bytes beside the place that its entries need. Somewhere in
  // these bytes stands the offset that does it; the time of the first reading becomes the size.
  auto batch = batch_with(good_reading());
  batch.readings[0].measured_at = domain::instant{domain::microseconds{2}};
  const auto bytes = encode(batch);
  std::size_t misplaced = 0;
  for (std::size_t place = 8; place < bytes->size(); ++place) {
    for (const int delta : {-4, 4}) {
      auto moved = *bytes;
      moved[place] = static_cast<std::uint8_t>(moved[place] + delta);
      const auto decoded = decode_telemetry(moved);
      if (!decoded && decoded.failure().message.ends_with("where its entries may")) ++misplaced;
    }
  }
  EXPECT_GE(misplaced, 1U);
}

TEST(refusals, a_current_or_lease_that_no_command_may_carry_is_out_of_range) {
  domain::command_batch batch;
  batch.site = domain::site_id{"garage"};
  batch.commands.resize(1);
  batch.commands[0].kind = domain::command_kind::grant;
  batch.commands[0].current = domain::milliamperes{-1};
  expect_refused(batch, decode_commands, errc::out_of_range,
                 "commands[0].current_ma is -1, allowed is 0..2000000");
  batch.commands[0].current = domain::milliamperes{16'000};
  batch.commands[0].lease = domain::seconds{86'401};
  expect_refused(batch, decode_commands, errc::out_of_range,
                 "commands[0].lease_s is 86401, allowed is 0..86400");
}

TEST(refusals, texts_for_people_are_cut_between_characters) {
  auto event = testing::random_messages(5).event();
  for (int shift = 0; shift < 4; ++shift) {
    event.text = std::string(static_cast<std::size_t>(shift), 'x');
    while (event.text.size() <= bounds::text_bytes_max) event.text += "🔌";
    const auto decoded = decode_event(*encode(event));
    ASSERT_TRUE(decoded) << decoded.failure().message;
    EXPECT_GT(decoded.value().text.size(), bounds::text_bytes_max - 4);
    EXPECT_TRUE(event.text.starts_with(decoded.value().text));
  }
}

TEST(utf8, is_what_rfc_3629_says) {
  for (const char* good : {"", "a", "é", "€", "🔌", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3",
                          "\xE2\x82", "\xF0\x9F\x94", "a\xFF"})
    EXPECT_FALSE(is_utf8(bad));
}

TEST(vocabulary, every_enumerator_of_the_domain_has_one_in_the_schema) {
  const auto name_after = [](auto last, auto of_domain) {
    using domain_enum = decltype(of_domain);
    return std::string(name_of(static_cast<domain_enum>(static_cast<int>(last) + 1)));
  };
  EXPECT_EQ(name_after(schema::Rule::MAX, domain::rule{}), "unspecified");
  EXPECT_EQ(name_after(schema::BindingLine::MAX, domain::binding_line{}), "unspecified");
  EXPECT_EQ(name_after(schema::LimitSource::MAX, domain::limit_source{}), "unspecified");
  EXPECT_EQ(name_after(schema::CommandKind::MAX, domain::command_kind{}), "unspecified");
  EXPECT_EQ(name_after(schema::FaultKind::MAX, domain::fault_kind{}), "unspecified");
  EXPECT_EQ(name_after(schema::ConnectorState::MAX, domain::connector_state{}), "unspecified");
  EXPECT_EQ(name_after(schema::RequestKind::MAX, domain::request_kind{}), "unspecified");
  EXPECT_EQ(name_after(schema::Outcome::MAX, domain::outcome{}), "unspecified");
  EXPECT_EQ(name_after(schema::Role::MAX, domain::speaker{}), "unspecified");
  EXPECT_EQ(name_after(schema::Severity::MAX, domain::severity{}), "unspecified");
  EXPECT_EQ(name_after(schema::CauseKind::MAX, domain::cause_kind{}), "unspecified");
}

} // namespace busbar::messages
