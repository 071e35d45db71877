#include "emit/emit.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emit/kernel_text.h"
#include "emit/stages.h"

namespace shoal::emit {
namespace {

using testing::HasSubstr;
using testing::Not;

Result<std::vector<EmittedFile>> emitted(std::string text, Language language = Language::kCpp,
                                         TargetOptions target = {}) {
  return emit_pipeline({.pipeline = {.text = std::move(text), .type = {}, .name = {}},
                        .target = target,
                        .language = language,
                        .with_main = true,
                        .command = "shoal emit",
                        .measured = {}});
}

std::string message_of(std::string text) {
  const auto result = emitted(std::move(text));
  return result ? "nothing" : result.error().message();
}

Program program_of(std::string text, TargetOptions target = {}) {
  Pipeline pipeline = make_pipeline({.text = std::move(text), .type = {}, .name = {}}).value();
  const std::vector<u32> words = record_pipeline(pipeline, capabilities_for(target)).value();
  return make_program(pipeline, words).value();
}

std::string program_file() {
  const std::string path = testing::TempDir() + "emit_test_states.wgsl";
  std::ofstream(path) << R"(struct State { count: u32, most: u32 }
@group(1) @binding(0) var<storage, read> numbers: array<u32>;
fn identity() -> State { return State(0u, 0u); }
fn lift(row: u32) -> State { return State(1u, numbers[row]); }
fn combine(a: State, b: State) -> State { return State(a.count + b.count, max(a.most, b.most)); }
)";
  return path;
}

// Settings that a primitive cannot do without.
std::string settings_of(const Primitive& primitive) {
  std::string text(primitive.name);
  for (const Field& field : primitive.fields) {
    const bool is_told = field.name == "column_count" || field.name == "run_count";
    if (is_told && field.type == "u32") text += fmt::format(" {}=100", field.name);
    if (field.name == "program") text += " program=@" + program_file();
    if (field.type == "quantiles") text += " quantiles=1/2,9/10";
  }
  return text;
}

TEST(Emit, WritesEveryPrimitiveInEveryLanguage) {
  for (const Primitive& primitive : all_primitives()) {
    for (const Language language : {Language::kCpp, Language::kTypeScript, Language::kWgsl}) {
      for (const TargetOptions target : {TargetOptions{}, {.subgroup_size = 32, .is_gpu = true}}) {
        const auto files = emitted(settings_of(primitive), language, target);
        ASSERT_TRUE(files) << primitive.name << ": " << files.error().message();
        for (const EmittedFile& file : *files) {
          EXPECT_GT(file.text.size(), 1000u) << primitive.name;
          EXPECT_THAT(file.text, Not(HasSubstr("//@slot"))) << primitive.name;
          EXPECT_THAT(file.text, Not(HasSubstr("@NAME@"))) << primitive.name;
        }
      }
    }
  }
}

TEST(Emit, DispatchesKernelsWithoutParametersForTheCapacity) {
  for (const std::string text : {"sum_floats", "compact keep=flags type=f32 | sum_floats"}) {
    const Program program = program_of(text);
    const auto step = std::ranges::find(program.steps, "float_sum",
                                        [&](const Step& of) { return program.kernels[of.kernel].name; });
    ASSERT_NE(step, program.steps.end()) << text;
    EXPECT_EQ(step->count_by, CountBy::kFixed) << text;
    EXPECT_EQ(step->workgroups, (1u << 20) / 4096) << text;
    EXPECT_EQ(std::ranges::count_if(program.kernels,
                                    [](const Kernel& kernel) { return !has_parameters(kernel.groups[0]); }),
              1)
        << text;
  }
}

TEST(Emit, TakesAnyCountOfTheHostWithoutADispatchForIt) {
  for (const Step& step : program_of("scan").steps) {
    EXPECT_EQ(step.count_by, CountBy::kHost);
    EXPECT_EQ(step.most, 1u << 20);
  }
  EXPECT_FALSE(program_of("scan").has_gpu_counts());
}

TEST(Emit, KeepsCountsOfTheGpuOnTheGpu) {
  const Program program = program_of("compact | sort");
  ASSERT_TRUE(program.has_gpu_counts());
  std::vector<std::string> names;
  for (const Step& step : program.steps) names.push_back(program.kernels[step.kernel].name);
  const auto grid = std::ranges::find(names, "count_grid");
  ASSERT_NE(grid, names.end());
  EXPECT_EQ(std::ranges::count(names, "count_grid"), 1);
  const size_t at = static_cast<size_t>(grid - names.begin());
  const Step& step = program.steps[at];
  EXPECT_EQ(step.count_by, CountBy::kFixed);
  EXPECT_EQ(step.workgroups, program.steps.size() - at - 1) << "a workgroup for each step behind it";
  EXPECT_EQ(step.block[1], at + 1) << "the first of their slots";
  for (size_t i = at + 1; i < program.steps.size(); ++i) EXPECT_EQ(program.steps[i].count_by, CountBy::kGpu);
}

TEST(Emit, BindsNoMoreScratchThanIsUsed) {
  for (const std::string text : {"sort", "top_k k=100", "quantiles quantiles=1/2 | scan"}) {
    const Program program = program_of(text);
    u64 end = 0;
    for (const Part& part : program.parts) {
      if (program.buffers[part.buffer].name == "scratch") end = std::max(end, part.offset_bytes + part.size_bytes);
    }
    EXPECT_EQ(scratch_bytes(program), end) << text;
    EXPECT_GT(end, 0u) << text;
  }
}

TEST(Emit, LetsAStageReadWhatTheOneBeforeWrote) {
  const Pipeline pipeline =
      make_pipeline({.text = "compact keep=flags | sort | unique", .type = "f32", .name = {}}).value();
  std::vector<std::string> callers, own;
  for (const Array& array : pipeline.arrays) {
    (array.role == Role::kBetween ? own : callers).push_back(array.name + " " + array.type);
  }
  EXPECT_THAT(callers, testing::ElementsAre("flags u32", "values f32", "unique_result f32", "result_count u32"));
  EXPECT_THAT(own, testing::ElementsAre("result f32", "kept_count u32", "sorted_keys f32"));
  EXPECT_THAT(pipeline.counts, testing::SizeIs(1));
}

TEST(Emit, TellsWhatAPipelineCannotBe) {
  EXPECT_THAT(message_of("sorts"), HasSubstr("There is no primitive 'sorts'. Did you mean 'sort'?"));
  EXPECT_THAT(message_of("sort | "), HasSubstr("Stage 2 of the pipeline is empty"));
  EXPECT_THAT(message_of("sort keys=a keys=b"), HasSubstr("sort is given 'keys' twice"));
  EXPECT_THAT(message_of("sort key=a"), HasSubstr("sort takes no 'key'. Did you mean 'keys'?"));
  EXPECT_THAT(message_of("sort keys="), HasSubstr("'keys' of sort has no value"));
  EXPECT_THAT(message_of("sort keys=class"), HasSubstr("keys of sort cannot be called 'class'"));
  EXPECT_THAT(message_of("sort sorted_keys=keys"),
              HasSubstr("sorted_keys of sort is to be 'keys', which there is"));
  EXPECT_THAT(message_of("sort type=f16"), HasSubstr("The type 'f16' is none of elements"));
  EXPECT_THAT(message_of("sort end_bit=some"), HasSubstr("end_bit of sort is 'some', which is no number"));
  EXPECT_THAT(message_of("sort descending=yes"), HasSubstr("descending of sort is 'yes'. Write true or false"));
  EXPECT_THAT(message_of("sort begin_bit=40"), HasSubstr("`begin_bit` and `end_bit` enclose no bits"));
  EXPECT_THAT(message_of("scan op=product"), HasSubstr("op of scan is 'product'. Choose of sum, min, max"));
  EXPECT_THAT(message_of("scan monoid=file.wgsl"), HasSubstr("Write monoid=@FILE"));
  EXPECT_THAT(message_of("scan monoid=@/no/such/file"), HasSubstr("cannot be read from '/no/such/file'"));
  EXPECT_THAT(message_of("compact keep=some"), HasSubstr("keep of compact is 'some'. Choose of flags, bits"));
  EXPECT_THAT(message_of("quantiles"), HasSubstr("quantiles are not said"));
  EXPECT_THAT(message_of("quantiles quantiles=0.5"), HasSubstr("'0.5' is no quantile"));
  EXPECT_THAT(message_of("envelope"), HasSubstr("envelope needs column_count"));
  EXPECT_THAT(message_of("top_k k=100000"), HasSubstr("`k`"));
}

TEST(KernelText, SaysWhatEachBarrierIsFor) {
  const std::string text = readable_text(R"(var<workgroup> sums: array<u32, 64>;
@compute @workgroup_size(64)
fn total(@builtin(local_invocation_index) lane: u32) {
  sums[lane] = lane;
  workgroupBarrier();
  let other = sums[63u - lane];
  workgroupBarrier();
  sums[lane] = other;
  // Said already.
  workgroupBarrier();
  {
    sums[0] += 1u;
  }
}
)")
                               .value();
  EXPECT_EQ(text, R"(var<workgroup> sums: array<u32, 64>;
@compute @workgroup_size(64)
fn total(@builtin(local_invocation_index) lane: u32) {
  sums[lane] = lane;
  // What all invocations put into sums is there from here on.
  workgroupBarrier();
  let other = sums[63u - lane];
  // All have read sums, which may be written again.
  workgroupBarrier();
  sums[lane] = other;
  // Said already.
  workgroupBarrier();
  sums[0] += 1u;
}
)");
}

TEST(KernelText, LeavesABlockThatDeclaresSomething) {
  const std::string code = "fn f() -> u32 {\n  {\n    let a = 1u;\n    return a;\n  }\n}\n";
  EXPECT_EQ(readable_text(code).value(), code);
}

}  // namespace
}  // namespace shoal::emit
