#include "schema_cases.hpp"

#include "ocpp/v16/message_check.hpp"
#include "ocpp/wire/frame_reader.hpp"
#include "ocpp/wire/frame_writer.hpp"

namespace busbar::ocpp::v16 {

using nlohmann::json;

namespace {

constexpr const char* a_time = "2026-05-01T12:00:00Z";

json example_of(const json& whole, const json& part_or_reference, bool with_optional) {
  const auto& part = resolved(whole, part_or_reference);
  const auto type = part.at("type").get<std::string>();
  if (type == "array") return json::array({example_of(whole, part.at("items"), with_optional)});
  if (type == "integer") return 7;
  if (type == "number") return 16.1;
  if (type == "boolean") return true;
  if (type == "string") {
    if (part.contains("enum")) return part.at("enum").front();
    const auto format = part.value("format", json(""));
    return format == "date-time" ? a_time : format == "uri" ? "ftp://host/path" : "text";
  }
  json object = json::object();
  const auto required = part.value("required", std::vector<std::string>{});
  const auto properties = part.value("properties", json::object());
  for (const auto& member : properties.items()) {
    const bool is_required =
        std::find(required.begin(), required.end(), member.key()) != required.end();
    if (is_required || with_optional)
      object[member.key()] = example_of(whole, member.value(), with_optional);
  }
  return object;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

/// Values that some rule of `part` tells apart.
std::vector<json> values_for(const json& whole, const json& part_or_reference) {
  const auto& part = resolved(whole, part_or_reference);
  std::vector<json> values{nullptr, true, 7, -1, 0, 1.5, 2.0, "", "text", json::object(),
                           json::array(), json::array({7}), json{{"x", 1}}, 3'000'000'000,
                           18'446'744'073'709'551'615U, a_time, "ftp://host/a%20b"};
  if (part.contains("maxLength")) {
    const auto length = part.at("maxLength").get<std::size_t>();
    for (const char* character : {"x", "\xC3\xA9", "\xF0\x9F\x94\x8C", "\x01"}) {
      values.emplace_back(repeated(character, length));
      values.emplace_back(repeated(character, length + 1));
    }
  }
  for (const auto& choice : part.value("enum", json::array())) {
    values.push_back(choice);
    values.emplace_back(choice.get<std::string>() + "x");
    values.emplace_back(" " + choice.get<std::string>());
  }
  for (const char* time :
       {"2026-05-01T12:00:00+02:00", "2026-05-01t12:00:00.123z", "2026-05-01T12:00:00",
        "2026-05-01 12:00:00Z", "2026-05-01", "12:00:00Z", "2026-13-01T12:00:00Z",
        "2026-02-30T12:00:00Z", "2026-05-01T25:00:00Z", "222222017-05-01T12:00:00Z",
        "2026-05-01T12:00:00+0200", "1970-01-01T00:00:00Z", "no uri", "mailto:a@b"})
    values.emplace_back(time);
  if (part.contains("multipleOf"))
    for (const double number : {0.1, 0.3, 15.3, 16.1, 6.05, 16.15, 32.0, 0.05, 1e6, 1e300, -0.1,
                                10.000001, 99'999.9, 11'040.7})
      values.emplace_back(number);
  if (part.contains("items")) {
    const auto item = example_of(whole, part.at("items"), true);
    values.push_back(json::array({item, item}));
  }
  return values;
}

/// Walks schema and payload together.
class case_maker {
public:
  case_maker(const schema& of, json base, std::vector<schema_case>& cases)
      : whole_(of.text), base_(std::move(base)), cases_(cases) {}

  void visit(const json& part_or_reference, const json::json_pointer& at) {
    const auto& part = resolved(whole_, part_or_reference);
    if (!at.empty())
      for (const auto& value : values_for(whole_, part)) with(at, value);
    if (part.contains("items")) visit(part.at("items"), at / 0);
    if (part.at("type") != "object") return;
    with(at / "furtherMember", 1);
    const auto properties = part.value("properties", json::object());
    for (const auto& member : properties.items()) {
      without(at, member.key());
      if (base_.contains(at / member.key())) visit(member.value(), at / member.key());
      else with(at / member.key(), example_of(whole_, member.value(), true));
    }
  }

private:
  void with(const json::json_pointer& at, const json& value) {
    json payload = base_;
    payload[at] = value;
    cases_.push_back({at.to_string() + " = " + value.dump(), std::move(payload)});
  }

  void without(const json::json_pointer& at, const std::string& name) {
    json payload = base_;
    payload.at(at).erase(name);
    cases_.push_back({(at / name).to_string() + " left out", std::move(payload)});
  }

  const json& whole_;
  json base_;
  std::vector<schema_case>& cases_;
};

} // namespace

std::vector<schema_case> cases_of(const schema& of) {
  std::vector<schema_case> cases;
  for (const bool with_optional : {true, false}) {
    auto base = example_of(of.text, of.text, with_optional);
    cases.push_back({with_optional ? "all members" : "required members", base});
    case_maker(of, std::move(base), cases).visit(of.text, json::json_pointer{});
  }
  return cases;
}

std::string checked(const schema& by, const json& payload) {
  static wire::frame_reader reader;
  const auto frame = reader.read(wire::write_result("id", payload.dump()));
  if (const auto* fault = std::get_if<wire::frame_fault>(&frame)) return name_of(fault->code);
  const auto found = check(action_from(by.name).value(), by.way,
                           std::get<wire::frame>(frame).payload, tolerance_set::none());
  return found.is_accepted() ? "" : name_of(found.faults.front().code);
}

} // namespace busbar::ocpp::v16
