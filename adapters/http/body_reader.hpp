#pragma once
// Typed reading of a JSON object with bounds: unknown, missing and wrong fields are faults with
// their JSON pointer. Every field is read before `refusal` is asked. Unknown fields come first,
// with the known one that may be meant: a slip explains why another one is missing.

#include "adapters/http/message.hpp"
#include "adapters/http/problem.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace busbar::adapters::http {

class body_reader {
public:
  explicit body_reader(const request& asked);
  /// For a body that may be left out: nothing at all is an empty object, of any content type.
  [[nodiscard]] static body_reader of_optional(const request& asked);
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
  /// Counts as read.
  void refuse(const std::string& name, const std::string& why);

  /// 415, 400 (not JSON) or 422 (every fault of its content), or nothing where all is well.
  [[nodiscard]] std::optional<response> refusal(const request& asked) const;

private:
  struct document;
  body_reader(std::unique_ptr<document> body, std::string prefix);
  [[nodiscard]] std::vector<input_fault> all_faults() const;

  std::unique_ptr<document> body_;
  /// JSON pointer of this object; empty for the body.
  std::string prefix_;
  std::vector<std::string> known_;
  /// Asked for and not read: of another form of the body, perhaps.
  std::vector<std::string> offered_;
  std::vector<input_fault> faults_;
  bool is_left_out_ = false;
};

} // namespace busbar::adapters::http
