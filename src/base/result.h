// What can fail returns Result<T>: a value, or an Error that says what, and while doing what.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace shoal {

// Stable names: `--json` prints them, tests and embedders compare them.
enum class ErrorCode {
  kInvalidArgument,  // the caller asked for something that makes no sense
  kNotFound,         // a file, a column, an adapter that is not there
  kUnsupported,      // sensible, but not something shoal does (yet); says what instead
  kCorrupt,          // input that breaks its own format
  kIo,               // the operating system or the network said no
  kOutOfMemory,      // a budget or the adapter's memory is exhausted
  kDevice,           // WebGPU refused a command
  kDeviceLost,       // the adapter went away
  kInternal,         // our mistake
};
std::string_view error_code_name(ErrorCode code);

// `message` is a whole sentence: the thing, the value, the remedy. `context` grows outwards as the error
// is passed up; message() reads "SENTENCE (while INNER, while OUTER)".
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string sentence;
  std::vector<std::string> context;

  std::string message() const;
};

template <class T>
using Result = std::expected<T, Error>;

template <class... Args>
[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...), {}});
}

[[nodiscard]] inline Error while_doing(Error error, std::string context) {
  error.context.push_back(std::move(context));
  return error;
}

}  // namespace shoal

// SHOAL_TRY(f());           leaves the function with f's error
// SHOAL_TRY_SET(auto v, f());  the same, and v is f's value
#define SHOAL_CONCAT_INNER(a, b) a##b
#define SHOAL_CONCAT(a, b) SHOAL_CONCAT_INNER(a, b)
#define SHOAL_TRY(...)                                                                                             \
  do {                                                                                                             \
    if (auto shoal_result = (__VA_ARGS__); !shoal_result) return std::unexpected(std::move(shoal_result).error()); \
  } while (false)
#define SHOAL_TRY_SET(declaration, ...)                                               \
  auto SHOAL_CONCAT(shoal_result_, __LINE__) = (__VA_ARGS__);                         \
  if (!SHOAL_CONCAT(shoal_result_, __LINE__))                                         \
    return std::unexpected(std::move(SHOAL_CONCAT(shoal_result_, __LINE__)).error()); \
  declaration = *std::move(SHOAL_CONCAT(shoal_result_, __LINE__))
