#include "adapters/uploads/upload_file.hpp"

#include "domain/time_text.hpp"
#include "text/json_text.hpp"
#include "text/json_writer.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

namespace busbar::adapters::uploads {

namespace {

domain::error unavailable(const std::string& path, int why) {
  return {domain::errc::unavailable, path + ": " + std::strerror(why)};
}

} // namespace

domain::result<std::unique_ptr<upload_file>> upload_file::make(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return unavailable(path, errno);
  return std::unique_ptr<upload_file>{new upload_file{descriptor, path}};
}

upload_file::~upload_file() { ::close(descriptor_); }

domain::result<void> upload_file::write(std::string_view part) {
  while (!part.empty()) {
    const auto written = ::write(descriptor_, part.data(), part.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return unavailable(path_, errno);
    part.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::optional<ports::upload_bytes> mapped(const std::string& path,
                                          const ports::kept_upload& file) {
  ports::upload_bytes made{file, nullptr, {}};
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  struct stat about{};
  const bool is_whole = ::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) &&
                        std::cmp_equal(about.st_size, file.bytes);
  const auto size = static_cast<std::size_t>(file.bytes);
  void* begin = is_whole && size > 0
                    ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
                    : nullptr;
  ::close(descriptor);
  if (!is_whole || begin == MAP_FAILED) return std::nullopt;
  if (size == 0) return made;
  made.held = {begin, [size](void* at) { ::munmap(at, size); }};
  made.bytes = {static_cast<const char*>(begin), size};
  return made;
}

std::string text_of(const ports::kept_upload& file) {
  text::json_writer json;
  json.begin_object().member("number", file.number).member("identity", file.identity);
  json.member("action", file.action).member("file_name", file.file_name);
  json.member("content_type", file.content_type).member("bytes", file.bytes);
  return json.member("received_at", domain::text_of(file.received_at)).end_object().take();
}

std::optional<ports::kept_upload> upload_from(const std::string& text) {
  domain::fault_list broken;
  const auto read = text::parse_json(text, broken);
  if (!read || !read->is_object()) return std::nullopt;
  const auto text_in = [&](const char* name) {
    const auto found = read->find(name);
    return found != read->end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  const auto number_in = [&](const char* name) {
    const auto found = read->find(name);
    const bool is_number = found != read->end() && found->is_number_unsigned();
    return is_number ? found->get<std::uint64_t>() : std::numeric_limits<std::uint64_t>::max();
  };
  const auto at = domain::instant_from(text_in("received_at"));
  ports::kept_upload made{number_in("number"),      text_in("identity"), text_in("action"),
                          text_in("file_name"),     text_in("content_type"), number_in("bytes"),
                          at.value_or(domain::instant{})};
  constexpr auto beyond = std::numeric_limits<std::uint64_t>::max();
  const bool is_right = at && made.number > 0 && made.number != beyond &&
                        made.bytes <= ports::uploads::file_bytes_max && !made.identity.empty();
  return is_right ? std::optional{made} : std::nullopt;
}

} // namespace busbar::adapters::uploads
