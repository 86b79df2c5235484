#include "apps/doors/json_text.hpp"

#include <set>
#include <vector>

namespace busbar::apps::doors {

using nlohmann::json;

namespace {

constexpr std::size_t shown_max = 200;

/// Where nlohmann's parser stopped, in its own words without its code. It quotes all that it read
/// of the last token, however long.
std::string syntax_fault(const json::parse_error& error) {
  std::string text = error.what();
  const auto start = text.find("at line");
  if (start != std::string::npos) text.erase(0, start);
  if (text.size() > shown_max) text = text.substr(0, shown_max - 3) + "...";
  return "/: " + text + ": a JSON document";
}

/// Looks on while nlohmann's parser reads. Equal names in one object would be read as the last of
/// them, and what is nested without end could not be shown or freed without an end of the stack.
class watch {
public:
  explicit watch(fault_list& faults) : faults_(faults) {}

  /// False: the parser leaves that part out.
  bool operator()(int depth, json::parse_event_t event, const json& part) {
    using kind = json::parse_event_t;
    if (is_too_deep_) return false;
    if (event == kind::object_start || event == kind::array_start)
      return enter(depth, event == kind::object_start);
    if (event == kind::object_end) open_.pop_back();
    if (event == kind::key && !open_.back().insert(part.get<std::string>()).second)
      faults_.push_back("/: " + shown(part) + ": a name stands once in an object");
    return true;
  }

private:
  bool enter(int depth, bool is_object) {
    is_too_deep_ = depth >= json_depth_max;
    if (is_too_deep_)
      faults_.push_back("/: nested more than " + std::to_string(json_depth_max) +
                        " deep: objects and lists of at most that depth");
    else if (is_object) open_.emplace_back();
    return !is_too_deep_;
  }

  fault_list& faults_;
  std::vector<std::set<std::string>> open_;
  bool is_too_deep_ = false;
};

} // namespace

std::optional<json> parse_json(const std::string& text, fault_list& faults) {
  const auto before = faults.size();
  watch watching(faults);
  try {
    auto document = json::parse(text, std::ref(watching));
    if (faults.size() == before) return document;
  } catch (const json::parse_error& error) {
    faults.resize(before);
    faults.push_back(syntax_fault(error));
  }
  return std::nullopt;
}

} // namespace busbar::apps::doors
