// Finds kernels that write outside of what they were handed, or rely on what scratch holds. For tests, and for
// whoever writes monoids, tests of rows or primitives of their own; a call takes about twice as long and as much
// memory.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gpu/device.h"
#include "gpu/memory_watch.h"

namespace shoal::primitives {

struct Step;

// While it lives, every dispatch of the device, of a primitive or not, runs on copies of the arrays that it may
// write, each between guard words, and primitives' scratch is filled with a pattern before each use. What lies in
// an array but is not written stays as it was. Not seen are arrays that the device could not bind with guard words.
class Sanitizer final : public gpu::MemoryWatch {
 public:
  // Like the prepare functions of primitives.
  static Result<bool> prepare(gpu::Device& device);

  // `device` must outlive it, and `prepare` have said true. Arrays of more than `most_bytes` stay where they are,
  // without guard words: large ones are what takes time.
  explicit Sanitizer(gpu::Device& device, u64 most_bytes = ~u64{0});
  ~Sanitizer() override;
  Sanitizer(const Sanitizer&) = delete;
  Sanitizer& operator=(const Sanitizer&) = delete;

  // Appends, outside of passes, the reading of what was found since the last one.
  gpu::Ticket read(gpu::Frame& frame);
  // What its bytes mean. Errors: kInternal naming the primitive, the argument and the first word that was written
  // outside of it.
  Result<void> judge(std::span<const std::byte> report) const;

  void name(std::string_view work, std::string_view argument, const gpu::View& view) override;
  void poison(gpu::Frame& frame, const gpu::View& view) override;
  void lend(gpu::Frame& frame, std::string_view work, std::span<Use> uses) override;
  void take_back(gpu::Frame& frame) override;

 private:
  struct Loan {
    gpu::View array;
    u32 name = 0;
    u64 lent_offset_bytes = 0;  // of its first guard word
    gpu::GrowingBuffer* lender = nullptr;
  };
  u32 name_of(std::string_view work, const Use& use);
  void run(gpu::Frame& frame, const Loan& loan, const gpu::Kernel* kernel);
  void run_alone(gpu::Frame& frame, u32 words, const Step& step);

  gpu::Device& device_;
  u64 most_bytes_;
  std::vector<const gpu::Kernel*> kernels_;
  std::map<std::pair<std::string, std::string>, gpu::View, std::less<>> arguments_;  // by work and argument
  std::vector<std::string> names_;                                                   // what reports name, by number
  std::vector<std::unique_ptr<gpu::GrowingBuffer>> lenders_;  // one for each buffer that arrays lie in
  std::vector<Loan> loans_;
  u32 report_ = 0;
};

}  // namespace shoal::primitives
