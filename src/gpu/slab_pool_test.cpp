// Slabs: budgets, refusals, and holes that become one again.
#include "gpu/slab_pool.h"
#include "gpu/decode.gen.h"

#include <gtest/gtest.h>

namespace shoal::gpu {
namespace {

constexpr u64 kMiB = u64{1} << 20;

// The buffer that the pool has just asked for; 0 when it asked for none.
u32 asked_for(Recorder& recorder, u64* size_bytes = nullptr) {
  u32 buffer = 0;
  EXPECT_TRUE(decode_commands(recorder.words(), [&](const auto& command) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(command)>, CreateBuffer>) {
      buffer = command.buffer;
      EXPECT_EQ(command.reports, 1u);
      if (size_bytes != nullptr) *size_bytes = command.size_bytes;
    }
  }));
  recorder.clear();
  return buffer;
}

View allocate(SlabPool& pool, Recorder& recorder, u64 size_bytes) {
  for (int turn = 0; turn < 2; ++turn) {
    const auto piece = pool.allocate(recorder, size_bytes);
    EXPECT_TRUE(piece);
    if (piece && *piece) return **piece;
    pool.on(BufferReady{.buffer = asked_for(recorder)});
  }
  ADD_FAILURE() << "no piece of " << size_bytes;
  return {};
}

TEST(SlabPool, GivesPiecesOnlyOfSlabsThatAreThere) {
  SlabPool pool(Limits{}, 64 * kMiB);
  Recorder recorder;
  EXPECT_FALSE(*pool.allocate(recorder, 1000));
  EXPECT_FALSE(*pool.allocate(recorder, 1000));
  const u32 buffer = asked_for(recorder);
  EXPECT_FALSE(*pool.allocate(recorder, 1000));
  EXPECT_EQ(asked_for(recorder), 0u);  // one request at a time
  pool.on(BufferReady{.buffer = buffer + 1000});
  EXPECT_FALSE(*pool.allocate(recorder, 1000));
  pool.on(BufferReady{.buffer = buffer});
  const auto piece = pool.allocate(recorder, 1000);
  ASSERT_TRUE(piece && *piece);
  EXPECT_EQ((*piece)->size_bytes, 1024u);
  EXPECT_EQ((*piece)->offset_bytes % 256, 0u);
  EXPECT_EQ(pool.whole(buffer).size_bytes, 32 * kMiB);
  EXPECT_EQ(pool.whole(buffer + 1).buffer, 0u);
}

TEST(SlabPool, MergesHolesOfEveryOrder) {
  constexpr int kOrders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (const auto& order : kOrders) {
    SlabPool pool(Limits{}, 32 * kMiB);
    Recorder recorder;
    View pieces[3];
    for (View& piece : pieces) piece = allocate(pool, recorder, 10 * kMiB);
    EXPECT_EQ(pool.used_bytes(), 30 * kMiB);
    for (const int k : order) pool.free(pieces[k]);
    EXPECT_EQ(pool.used_bytes(), 0u);
    // Only where all holes became one does the whole slab fit.
    const auto whole = pool.allocate(recorder, 32 * kMiB);
    ASSERT_TRUE(whole) << whole.error().message();
    EXPECT_TRUE(*whole);
  }
}

TEST(SlabPool, NamesTheBudgetThatIsTooSmall) {
  SlabPool pool(Limits{}, 40 * kMiB);
  Recorder recorder;
  allocate(pool, recorder, 30 * kMiB);
  allocate(pool, recorder, 7 * kMiB);  // a second slab, of what is left
  EXPECT_EQ(pool.reserved_bytes(), 40 * kMiB);
  const auto refused = pool.allocate(recorder, 3 * kMiB);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kOutOfMemory);
  EXPECT_EQ(
      refused.error().message(),
      "The memory budget of 41.9 MB is too small: 41.9 MB are in use and 3.1 MB more are needed. Give --memory "
      "a larger size.");
}

TEST(SlabPool, RefusesPiecesThatNoBindingHolds) {
  SlabPool pool(Limits{}, u64{1} << 40);
  Recorder recorder;
  const auto refused = pool.allocate(recorder, 128 * kMiB + 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_TRUE(recorder.empty());
  allocate(pool, recorder, 128 * kMiB);
}

TEST(SlabPool, SaysWhatTheAdapterSaid) {
  SlabPool pool(Limits{}, 512 * kMiB);
  Recorder recorder;
  EXPECT_FALSE(*pool.allocate(recorder, 1));
  pool.on(BufferFailed{.buffer = asked_for(recorder), .message = "Not enough memory left."});
  EXPECT_EQ(pool.reserved_bytes(), 0u);
  const auto refused = pool.allocate(recorder, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kOutOfMemory);
  EXPECT_NE(refused.error().message().find("Not enough memory left."), std::string::npos);
}

TEST(SlabPool, DoublesItsSlabsWithinTheLimits) {
  SlabPool pool(Limits{}, 300 * kMiB);
  Recorder recorder;
  for (const u64 wanted : {32 * kMiB, 32 * kMiB, 64 * kMiB, 128 * kMiB, 44 * kMiB}) {
    u64 size_bytes = 0;
    EXPECT_FALSE(*pool.allocate(recorder, 32 * kMiB));
    const u32 buffer = asked_for(recorder, &size_bytes);
    EXPECT_EQ(size_bytes, wanted);
    pool.on(BufferReady{.buffer = buffer});
    while (pool.used_bytes() + 32 * kMiB <= pool.reserved_bytes()) {
      const auto piece = pool.allocate(recorder, 32 * kMiB);
      ASSERT_TRUE(piece && *piece);
    }
  }
}

}  // namespace
}  // namespace shoal::gpu
