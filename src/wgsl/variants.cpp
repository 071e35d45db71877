#include "wgsl/variants.h"

#include <algorithm>

namespace shoal::wgsl {
namespace {

constexpr size_t kMaxFeatures = 6;  // 64 variants: nobody can test more

FeatureNames enabled_by(size_t mask, const std::vector<std::string>& names) {
  FeatureNames enabled;
  for (size_t i = 0; i < names.size(); ++i) {
    if (mask >> i & 1) enabled.insert(names[i]);
  }
  return enabled;
}

Result<Flattened> flatten_variant(std::string_view entry_path, const FeatureNames& enabled,
                                  const ReadSource& read) {
  Result<Flattened> flattened = flatten(entry_path, enabled, read);
  if (flattened || enabled.empty()) return flattened;
  return std::unexpected(while_doing(std::move(flattened).error(),
                                     fmt::format("flattening {} with {}", entry_path, fmt::join(enabled, ", "))));
}

// A name makes a difference when some pair of variants that differ in it alone differ in text.
bool matters(size_t bit, const std::vector<Flattened>& variants) {
  for (size_t mask = 0; mask < variants.size(); ++mask) {
    if (variants[mask].text != variants[mask ^ size_t{1} << bit].text) return true;
  }
  return false;
}

}  // namespace

Result<KernelVariants> flatten_variants(std::string_view entry_path, const ReadSource& read) {
  KernelVariants all;
  // A feature may bring an import whose file asks for further features, so names are gathered until none is new.
  while (true) {
    all.variants.clear();
    FeatureNames mentioned;
    for (size_t mask = 0; mask < size_t{1} << all.feature_names.size(); ++mask) {
      SHOAL_TRY_SET(Flattened variant, flatten_variant(entry_path, enabled_by(mask, all.feature_names), read));
      mentioned.insert(variant.mentioned.begin(), variant.mentioned.end());
      for (const std::string& file : variant.files) {
        if (std::ranges::find(all.files, file) == all.files.end()) all.files.push_back(file);
      }
      all.variants.push_back(std::move(variant));
    }
    if (mentioned.size() == all.feature_names.size()) break;
    if (mentioned.size() > kMaxFeatures) {
      return fail(ErrorCode::kUnsupported, "The conditions of {} name {} features ({}). At most {} are allowed.",
                  entry_path, mentioned.size(), fmt::join(mentioned, ", "), kMaxFeatures);
    }
    all.feature_names.assign(mentioned.begin(), mentioned.end());
  }
  std::vector<size_t> kept;
  for (size_t bit = 0; bit < all.feature_names.size(); ++bit) {
    if (matters(bit, all.variants)) kept.push_back(bit);
  }
  KernelVariants result;
  result.files = std::move(all.files);
  for (size_t bit : kept) result.feature_names.push_back(all.feature_names[bit]);
  for (size_t mask = 0; mask < size_t{1} << kept.size(); ++mask) {
    size_t source = 0;
    for (size_t i = 0; i < kept.size(); ++i) source |= (mask >> i & 1) << kept[i];
    result.variants.push_back(std::move(all.variants[source]));
  }
  return result;
}

}  // namespace shoal::wgsl
