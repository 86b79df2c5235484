#pragma once
// Typed reading of a JSON object with bounds: unknown, missing and wrong fields are faults with
// their JSON pointer. Every field is read before `refusal` is asked. Unknown fields come first,
// with the known one that may be meant; that one is then not told to be missing as well.

#include "adapters/http/server/message.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace busbar::adapters::http::json {

/// A field as another route calls it, and its name in this body.
struct other_name {
  const char* elsewhere;
  const char* here;
};

class body_reader {
public:
  /// `others`: fields of other routes; the name that is meant here is suggested for them.
  explicit body_reader(const server::request& asked, std::span<const other_name> others = {});
  /// For a body that may be left out: nothing at all is an empty object, of any content type.
  [[nodiscard]] static body_reader of_optional(const server::request& asked);
  ~body_reader();
  body_reader(body_reader&&) noexcept;
  body_reader& operator=(body_reader&&) noexcept;

  /// 1 to 64 bytes without control characters.
  [[nodiscard]] std::string required_id(const std::string& name);
  [[nodiscard]] std::optional<std::string> id(const std::string& name);
  [[nodiscard]] std::optional<std::int64_t> number(const std::string& name, std::int64_t least,
                                                   std::int64_t most);
  [[nodiscard]] std::optional<bool> truth(const std::string& name);
  /// The field is true or false. Does not read it.
  [[nodiscard]] bool is_truth(const std::string& name);
  [[nodiscard]] std::optional<domain::instant> time(const std::string& name);
  /// Later than `after`, at most by `most`.
  [[nodiscard]] std::optional<domain::instant> time_after(const std::string& name,
                                                          domain::instant after,
                                                          domain::seconds most);
  [[nodiscard]] std::string required_choice(const std::string& name,
                                            std::span<const char* const> allowed);
  [[nodiscard]] std::optional<std::string> choice(const std::string& name,
                                                  std::span<const char* const> allowed);
  /// One number for all three lines, or an array of three.
  [[nodiscard]] std::optional<domain::per_line<std::int64_t>>
  lines(const std::string& name, std::int64_t least, std::int64_t most);
  /// A number with a fraction, in thousandths, as it is written and rounded down: 16.0459 is
  /// 16 045. So amperes become milliamperes, kilowatts watts, and a ratio permille. The bounds are
  /// in thousandths, too.
  [[nodiscard]] std::optional<std::int64_t> thousandths(const std::string& name, std::int64_t least,
                                                        std::int64_t most);
  /// 1 to `most_bytes` bytes without control characters.
  [[nodiscard]] std::optional<std::string> text(const std::string& name, std::size_t most_bytes);
  /// At most `most` texts, each as an id.
  [[nodiscard]] std::optional<std::vector<std::string>> ids(const std::string& name,
                                                            std::size_t most);
  /// The object of that name, to be read like the body and given back with `close`. Absent where
  /// there is none; another value than an object is a fault.
  [[nodiscard]] std::optional<body_reader> object(const std::string& name);
  /// Takes over the faults of an object that was read, its unknown fields among them.
  void close(const body_reader& inner);
  /// True where the field stands there, null included. Does not read it, but offers its name where
  /// another one is not known.
  [[nodiscard]] bool has(const std::string& name);
  /// True where the field is null; it is read then.
  [[nodiscard]] bool is_null(const std::string& name);
  /// Out of `all`, the names of every form of the body: those that stand there, and those that are
  /// meant by a field which is none of `all`. Does not read them, but offers them.
  [[nodiscard]] std::set<std::string> meant_of(std::span<const char* const> all);
  /// Counts as read. `absent`: fields of which one should stand there; the fault is left out where
  /// a field that is not known is meant to be one of them.
  void refuse(const std::string& name, const std::string& why,
              const std::vector<std::string>& absent = {});

  /// 415, 400 (not JSON) or 422 (every fault of its content), or nothing where all is well.
  [[nodiscard]] std::optional<server::response> refusal(const server::request& asked) const;

private:
  struct document;
  struct own_fault {
    server::input_fault told;
    /// Fields by whose absence it comes; empty: by what stands there.
    std::vector<std::string> absent;
  };
  explicit body_reader(std::unique_ptr<document> body);

  std::unique_ptr<document> body_;
  bool is_left_out_ = false;
};

/// Refuses a value that is none of `allowed`, with the one that may be meant. `what`:
/// "allowed are ".
void refuse_unknown(body_reader& body, const std::string& name, const std::string& value,
                    const std::string& what, const std::vector<std::string>& allowed);

} // namespace busbar::adapters::http::json
