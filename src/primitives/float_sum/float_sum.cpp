#include "primitives/float_sum/float_sum.h"

#include <limits>
#include <optional>

#include "primitives/float_sum/exact_sum.h"
#include "primitives/float_sum/float_sum.kernel.h"

namespace shoal::primitives {
namespace {

constexpr size_t kStateLimbs = std::tuple_size_v<decltype(FloatSumState::limbs)> / 2;
constexpr size_t kFirstLimb = 1;  // in ExactSum, whose unit is 32 bits finer

using Limbs = std::array<u32, ExactSum::kLimbs>;
static_assert(kFirstLimb + kStateLimbs + 2 <= ExactSum::kLimbs);

// Passes the carries on. `first`: of the state's limbs.
Limbs carried(const FloatSumState& state, size_t first) {
  Limbs limbs = {};
  u64 carry = 0;
  for (size_t i = 0; i < kStateLimbs; ++i) {
    carry += state.limbs[first + i];
    limbs[kFirstLimb + i] = static_cast<u32>(carry);
    carry = (carry >> 32) + state.carries[first + i];
  }
  limbs[kFirstLimb + kStateLimbs] = static_cast<u32>(carry);
  limbs[kFirstLimb + kStateLimbs + 1] = static_cast<u32>(carry >> 32);
  return limbs;
}

bool is_less(const Limbs& a, const Limbs& b) {
  for (size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i];
  }
  return false;
}

ExactSum difference(const Limbs& positive, const Limbs& negative) {
  ExactSum sum{.limbs = {}, .is_negative = is_less(positive, negative)};
  const Limbs& larger = sum.is_negative ? negative : positive;
  const Limbs& smaller = sum.is_negative ? positive : negative;
  u64 borrow = 0;
  for (size_t i = 0; i < larger.size(); ++i) {
    const u64 word = u64{larger[i]} - smaller[i] - borrow;
    sum.limbs[i] = static_cast<u32>(word);
    borrow = word >> 63;
  }
  return sum;
}

// Divided by how many there are, or by 1.
double quotient(const FloatSumState& state, u32 divisor) {
  const bool has_both = state.positive_infinities > 0 && state.negative_infinities > 0;
  if (state.nans > 0 || has_both || divisor == 0) return std::numeric_limits<double>::quiet_NaN();
  if (state.positive_infinities > 0) return std::numeric_limits<double>::infinity();
  if (state.negative_infinities > 0) return -std::numeric_limits<double>::infinity();
  return rounded_quotient(difference(carried(state, 0), carried(state, kStateLimbs)), divisor);
}

}  // namespace

Result<void> prepare_float_sum(gpu::Device& device, const ElementProgram& program, ElementFold& fold) {
  return fold.prepare(device, float_sum_kernel(), program);
}

double float_sum(const FloatSumState& state) { return quotient(state, 1); }
double float_mean(const FloatSumState& state) { return quotient(state, state.count); }

}  // namespace shoal::primitives
