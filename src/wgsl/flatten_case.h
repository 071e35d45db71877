// Test data: testdata/flatten/*.case. Files after `--- PATH`, then what flattening entry.wgsl gives, after
// `--- expect FEATURES` or `--- error FEATURES`. Lines before the first heading say what the case claims.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wgsl/flatten.h"

namespace shoal::wgsl {

struct Expectation {
  FeatureNames features;
  bool is_error = false;
  std::string text;
};

struct FlattenCase {
  std::map<std::string, std::string, std::less<>> files;
  std::vector<Expectation> expectations;
};

inline FeatureNames words_of(std::string_view text) {
  FeatureNames words;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.emplace(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

inline FlattenCase parse_flatten_case(std::string_view text) {
  constexpr std::string_view kHeading = "--- ";
  FlattenCase result;
  std::string* section = nullptr;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(kHeading)) {
      if (section) section->append(line) += '\n';
      continue;
    }
    line.remove_prefix(kHeading.size());
    bool is_error = line.starts_with("error");
    if (is_error || line.starts_with("expect")) {
      std::string_view features = line.substr(std::min(line.find(' '), line.size()));
      result.expectations.push_back({words_of(features), is_error, {}});
      section = &result.expectations.back().text;
    } else {
      section = &result.files[std::string(line)];
    }
  }
  return result;
}

}  // namespace shoal::wgsl
