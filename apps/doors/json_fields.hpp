#pragma once
// Reads a door's JSON strictly: every field is asked for by name, with its type and range; what was
// not asked for is unknown and a fault. Faults are "/json/pointer: value: what is allowed".

#include "domain/fault_list.hpp"
#include "domain/time.hpp"
#include "text/json_text.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace busbar::apps::doors {

using text::pointer_part;
using text::shown;
using domain::fault_list;

struct integer_range {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// One object of the document. Fields that it reads are known from then on; `end` reports the rest.
class json_fields {
public:
  /// A fault when `value` is no object: then every field is absent without further faults.
  json_fields(const nlohmann::json& value, std::string pointer, fault_list& faults);

  /// The raw member; null pointer: absent.
  const nlohmann::json* find(const char* name);
  const nlohmann::json* required(const char* name);

  /// Absent where the field is, or is null, or is at fault.
  std::optional<std::int64_t> integer(const char* name, integer_range range);
  std::int64_t required_integer(const char* name, integer_range range);
  /// A number with up to three decimals, in thousandths.
  std::optional<std::int64_t> thousandths(const char* name, integer_range range);
  std::optional<bool> boolean(const char* name);
  std::optional<domain::instant> time(const char* name);
  std::optional<std::string> text(const char* name);
  /// Text of 1 to 64 bytes.
  std::string required_id(const char* name);
  /// The members of a required array; empty where it is at fault.
  const nlohmann::json& required_array(const char* name, std::size_t size_max);

  void fail(const std::string& name, const nlohmann::json& value, const std::string& allowed);
  /// Told by `end`, unless a field that is not known is meant to be this one.
  void fail_absent(const std::string& name, const std::string& allowed);
  /// "one of equal, priority (did you mean `equal`?)"
  void fail_choice(const std::string& name, const nlohmann::json& value,
                   const std::vector<std::string>& allowed);
  [[nodiscard]] std::string at(const std::string& name) const;
  /// Reports every field that was not read, and what is absent. Call once, last.
  void end();

private:
  const nlohmann::json& value_;
  std::string pointer_;
  fault_list& faults_;
  std::set<std::string> known_;
  /// Name and fault.
  std::vector<std::pair<std::string, std::string>> absent_;
  bool is_object_;
};

/// An integer in `range`, whole numbers written with a fraction of zero included.
[[nodiscard]] std::optional<std::int64_t> whole(const nlohmann::json& value, integer_range range);
[[nodiscard]] std::string text_of(integer_range range);

} // namespace busbar::apps::doors
