#include "query/filter_inputs.h"

#include "gpu/device.h"
#include "query/aggregate_program_layout.gen.h"

namespace shoal::query {

void FilterInputs::write(gpu::Device& device, const CompiledFilter& filter, const BlocksToRead& read) {
  std::vector<u32> words = filter.words;
  const AggregateParams params{.filter_words = 0, .block_words = static_cast<u32>(words.size())};
  words.insert(words.end(), read.bits.begin(), read.bits.end());
  params_.reserve(device, sizeof params);
  device.recorder.write(params_.first(sizeof params), std::as_bytes(std::span(&params, 1)));
  words_.reserve(device, words.size() * 4);
  device.recorder.write(words_.first(words.size() * 4), std::as_bytes(std::span(words)));
}

std::array<gpu::View, 2> FilterInputs::views() const {
  return {params_.first(sizeof(AggregateParams)), words_.all()};
}

}  // namespace shoal::query
