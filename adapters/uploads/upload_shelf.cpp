#include "adapters/uploads/upload_shelf.hpp"

#include "adapters/uploads/upload_file.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace busbar::adapters::uploads {

namespace {

namespace fs = std::filesystem;
using domain::errc;
using domain::error;
using domain::instant;
using ports::kept_upload;

constexpr std::size_t token_bytes = 32;
constexpr std::size_t shown_bytes_max = 255;
/// What is known of a file is small.
constexpr std::uintmax_t text_bytes_max = 4'096;

/// 32 random bytes as 64 digits.
std::string new_token() {
  std::array<unsigned char, token_bytes> drawn{};
  if (RAND_bytes(drawn.data(), static_cast<int>(drawn.size())) != 1) std::abort();
  std::string made;
  for (const auto byte : drawn) {
    made += "0123456789abcdef"[byte >> 4];
    made += "0123456789abcdef"[byte & 15];
  }
  return made;
}

bool are_equal(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

/// As people may see it.
std::string printable(std::string_view text) {
  std::string shown{text.substr(0, shown_bytes_max)};
  for (auto& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  return shown;
}

bool is_address(const std::string& text) {
  const auto begin = text.starts_with("http://")    ? std::size_t{7}
                     : text.starts_with("https://") ? std::size_t{8}
                                                    : std::string::npos;
  if (begin == std::string::npos || begin == text.size()) return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._:[]",
                                begin) == std::string::npos;
}

} // namespace

/// The file under its first name, until it is whole.
class upload_shelf::writer : public ports::upload_writer {
public:
  writer(std::shared_ptr<upload_shelf> shelf, std::string token, kept_upload about,
         std::unique_ptr<upload_file> file)
      : shelf_(std::move(shelf)), token_(std::move(token)), about_(std::move(about)),
        file_(std::move(file)) {}
  ~writer() override {
    file_.reset();
    std::error_code ignored;
    if (!is_kept_) fs::remove(shelf_->path_of(about_.number, ".part"), ignored);
    shelf_->end(token_, is_kept_ || is_too_large_);
  }
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  domain::result<void> write(std::string_view part) override {
    about_.bytes += part.size();
    is_too_large_ = about_.bytes > ports::uploads::file_bytes_max;
    if (is_too_large_) return error{errc::too_large, "the file is too large"};
    return file_->write(part);
  }
  domain::result<kept_upload> finish(instant now) override {
    file_.reset();
    about_.received_at = now;
    auto kept = shelf_->keep(about_);
    is_kept_ = kept.has_value();
    return kept;
  }

private:
  const std::shared_ptr<upload_shelf> shelf_;
  const std::string token_;
  kept_upload about_;
  std::unique_ptr<upload_file> file_;
  bool is_too_large_ = false;
  bool is_kept_ = false;
};

domain::result<std::shared_ptr<upload_shelf>>
upload_shelf::open_folder(const std::string& folder, const std::string& address) {
  if (!is_address(address))
    return error{errc::out_of_range,
                 "'" + address + "': allowed is http://HOST:PORT or https://HOST:PORT, as stations "
                 "reach this process"};
  std::shared_ptr<upload_shelf> made{new upload_shelf{folder, address}};
  if (auto done = made->take_stock(); !done) return done.failure();
  return made;
}

domain::result<void> upload_shelf::take_stock() {
  std::error_code failure;
  if (fs::create_directories(folder_, failure) && !failure)
    fs::permissions(folder_, fs::perms::owner_all, failure);
  std::vector<std::string> names;
  if (!failure)
    for (fs::directory_iterator at{folder_, failure}, end; !failure && at != end;
         at.increment(failure))
      names.push_back(at->path().filename().string());
  if (failure) return error{errc::unavailable, folder_ + ": " + failure.message()};
  for (const auto& each : names) take_stock_of(each);
  make_room();
  return {};
}

/// A file without what is known of it is one that was left unfinished.
void upload_shelf::take_stock_of(const std::string& name) {
  const fs::path path = fs::path{folder_} / name;
  std::error_code ignored;
  if (!name.starts_with("upload-")) return;
  if (path.extension() != ".json") {
    auto text = path;
    const bool is_known = path.extension() == ".bin" &&
                          fs::exists(text.replace_extension(".json"), ignored);
    if (!is_known) fs::remove(path, ignored);
    return;
  }
  if (fs::file_size(path, ignored) > text_bytes_max) return;
  std::ifstream from{path};
  const auto read = upload_from({std::istreambuf_iterator<char>{from}, {}});
  if (!read || path.string() != path_of(read->number, ".json")) return;
  kept_[read->number] = *read;
  last_ = std::max(last_, read->number);
}

std::string upload_shelf::path_of(std::uint64_t number, const char* ending) const {
  return (fs::path{folder_} / ("upload-" + std::to_string(number) + ending)).string();
}

domain::result<std::string> upload_shelf::expect(const std::string& identity,
                                                 const std::string& action, instant until) {
  const std::lock_guard lock{guard_};
  if (places_.size() >= expected_max)
    return error{errc::full, std::to_string(expected_max) + " files of stations are expected"};
  places_.push_back({new_token(), identity, action, until, false});
  return address_ + "/uploads/" + places_.back().token;
}

void upload_shelf::forget(const std::string& url) {
  const std::lock_guard lock{guard_};
  remove(url.substr(url.rfind('/') + 1));
}

void upload_shelf::remove(const std::string& token) {
  std::erase_if(places_, [&](const place& each) { return are_equal(each.token, token); });
}

upload_shelf::place* upload_shelf::find(std::string_view token) {
  place* found = nullptr;
  for (auto& each : places_)
    if (are_equal(each.token, token)) found = &each;
  return found;
}

domain::result<std::unique_ptr<ports::upload_writer>>
upload_shelf::open(const ports::offered_upload& offered, instant now) {
  const std::lock_guard lock{guard_};
  std::erase_if(places_, [&](const place& each) { return !each.is_open && each.until <= now; });
  auto* found = find(offered.token);
  if (found == nullptr || found->is_open)
    return error{errc::unknown_reference, "no file is expected here"};
  if (offered.bytes.value_or(0) > file_bytes_max) {
    remove(offered.token);
    return error{errc::too_large, "the file is too large"};
  }
  if (open_count_ >= open_max)
    return error{errc::full, std::to_string(open_max) + " files come already"};
  const auto number = ++last_;
  auto file = upload_file::make(path_of(number, ".part"));
  if (!file) return file.failure();
  ++open_count_;
  found->is_open = true;
  kept_upload about{number, found->identity, found->action, printable(offered.file_name),
                    printable(offered.content_type), 0, {}};
  return std::unique_ptr<ports::upload_writer>{std::make_unique<writer>(
      shared_from_this(), offered.token, std::move(about), std::move(file.value()))};
}

void upload_shelf::end(const std::string& token, bool is_used) {
  const std::lock_guard lock{guard_};
  --open_count_;
  if (is_used) return remove(token);
  if (auto* found = find(token)) found->is_open = false;
}

domain::result<kept_upload> upload_shelf::keep(kept_upload file) {
  const std::lock_guard lock{guard_};
  {
    std::ofstream about{path_of(file.number, ".json")};
    about << text_of(file);
    about.flush();
    if (!about) return error{errc::unavailable, folder_ + ": cannot be written"};
  }
  std::error_code failure;
  fs::rename(path_of(file.number, ".part"), path_of(file.number, ".bin"), failure);
  if (failure) {
    std::error_code ignored;
    fs::remove(path_of(file.number, ".json"), ignored);
    return error{errc::unavailable, folder_ + ": " + failure.message()};
  }
  kept_[file.number] = file;
  make_room();
  return file;
}

void upload_shelf::make_room() {
  std::uint64_t bytes = 0;
  for (const auto& [number, each] : kept_) bytes += each.bytes;
  while (kept_.size() > kept_max || bytes > kept_bytes_max) {
    const auto& oldest = kept_.begin()->second;
    bytes -= oldest.bytes;
    std::error_code ignored;
    fs::remove(path_of(oldest.number, ".json"), ignored);
    fs::remove(path_of(oldest.number, ".bin"), ignored);
    kept_.erase(kept_.begin());
  }
}

std::vector<kept_upload> upload_shelf::of(const std::string& identity) const {
  const std::lock_guard lock{guard_};
  std::vector<kept_upload> made;
  for (const auto& [number, each] : kept_)
    if (each.identity == identity) made.push_back(each);
  std::ranges::reverse(made);
  return made;
}

std::optional<ports::upload_bytes> upload_shelf::read(const std::string& identity,
                                                      std::uint64_t number) const {
  const std::lock_guard lock{guard_};
  const auto found = kept_.find(number);
  if (found == kept_.end() || found->second.identity != identity) return std::nullopt;
  return mapped(path_of(number, ".bin"), found->second);
}

} // namespace busbar::adapters::uploads
