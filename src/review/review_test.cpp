// What a trace says is understood, findings are composed and printed, and a trace that is cut or wrong is survived.
// That each rule finds what it is for, on real programs, is tests/review_programs.py's business.
#include "review/review_trace.h"

#include <array>
#include <cstring>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "review/analysis/fragment_storage.h"
#include "review/analysis/known_bytes.h"
#include "review/analysis/shader_bindings.h"
#include "review/analysis/texture_bytes.h"
#include "review/review_report.h"
#include "review/test_trace.h"

namespace shoal::review {
namespace {

using namespace gpu;
using testing::HasSubstr;

// Frames that upload the same bytes, set the same pipeline, and draw nothing.
TestTrace wasteful(u32 frames) {
  TestTrace trace;
  trace.note(DeviceInfo{.device = 1, .adapter = "a software adapter", .type = "software"});
  trace.say(CreateBuffer{
      .buffer = 1, .label = "table", .size_bytes = 4096, .usage = BufferUsage::kCopyDst | BufferUsage::kUniform});
  trace.say(CreateComputePipeline{.pipeline = 2, .label = "work"});
  const std::vector<std::byte> table(4096, std::byte{7});
  for (u32 frame = 0; frame < frames; ++frame) {
    const u32 base = 100 * (frame + 1);
    trace.say(WriteBuffer{.buffer = 1, .data = table}, 40'000);
    trace.say(CreateCommandEncoder{.encoder = base});
    trace.say(BeginComputePass{.encoder = base, .pass = base + 1, .label = "pass"});
    for (u32 i = 0; i < 20; ++i) trace.say(SetPipeline{.pass = base + 1, .pipeline = 2}, 1000);
    trace.say(DispatchWorkgroups{.pass = base + 1, .x = 0, .y = 1, .z = 1}, 1000);
    trace.say(EndPass{.pass = base + 1});
    trace.say(Finish{.encoder = base, .command_buffer = base + 2});
    const u32 buffers[] = {base + 2};
    trace.say(Submit{.command_buffers = buffers}, 30'000);
    trace.say(FrameMark{});
  }
  return trace;
}

std::vector<std::string_view> rules_of(const Review& review) {
  std::vector<std::string_view> names;
  for (const ReviewedFinding& found : review.findings) names.push_back(found.finding.rule->name);
  return names;
}

TEST(Review, OrdersFindingsByWhatTheyCost) {
  TestTrace file = wasteful(10);
  const auto trace = file.read();
  const TraceModel model(trace);
  EXPECT_EQ(model.frames().size(), 10u);
  EXPECT_EQ(model.submissions().size(), 10u);
  const Review found = review(model);
  EXPECT_THAT(rules_of(found), testing::ElementsAre("unchanged-upload", "redundant-state", "zero-count-draw"));
  // Nine of ten writes, 40 us and 4,096 bytes each, and each the only one before its submission, which is 25 us.
  const double upload_ms = 9 * (40e-3 + 4096 * 0.1e-6 + 25e-3);
  EXPECT_NEAR(found.findings[0].gain.ms, upload_ms, 1e-3);
  EXPECT_EQ(found.findings[0].severity, Severity::kHigh);
  EXPECT_EQ(found.findings[0].frames, 9u);
  double sum = 0;
  for (const ReviewedFinding& finding : found.findings) sum += finding.gain.ms;
  EXPECT_NEAR(found.claimed_ms, sum, 1e-6);  // they claim different steps
}

TEST(Review, NeverClaimsMoreThanAFrameHas) {
  TestTrace trace;
  trace.note(DeviceInfo{.device = 1, .adapter = "a", .type = "software"});
  trace.say(CreateBuffer{.buffer = 1, .label = "b", .size_bytes = 1 << 20, .usage = BufferUsage::kCopyDst});
  const std::vector<std::byte> data(1 << 20, std::byte{1});
  for (u32 frame = 0; frame < 8; ++frame) {
    trace.say(WriteBuffer{.buffer = 1, .data = data}, 1000);  // the model adds 105 us for its bytes
    trace.say(Submit{}, 1000);
    trace.say(FrameMark{});
  }
  const auto read = trace.read();
  const TraceModel model(read);
  const Review found = review(model);
  ASSERT_FALSE(found.findings.empty());
  EXPECT_LE(found.findings[0].gain.ms, found.span_ms);
  EXPECT_LE(found.claimed_ms, found.span_ms);
}

TEST(Review, PrintsEachFormat) {
  TestTrace file = wasteful(10);
  file.note(Unrecorded{.name = "wgpuDoSomething<b>"});
  const auto trace = file.read();
  const TraceModel model(trace);
  const Review found = review(model);
  const auto json = nlohmann::json::parse(format_review(found, model, "a.trace", ReportFormat::kJson));
  EXPECT_EQ(json["findings"].size(), 3u);
  EXPECT_EQ(json["findings"][0]["gain"]["kind"], "estimated");
  EXPECT_EQ(json["findings"][0]["where"]["object"], "buffer 'table'");
  EXPECT_EQ(json["findings"][0]["where"]["frame"], 2);
  EXPECT_THAT(json["notes"][0].get<std::string>(), HasSubstr("wgpuDoSomething"));
  const auto sarif = nlohmann::json::parse(format_review(found, model, "a.trace", ReportFormat::kSarif));
  EXPECT_EQ(sarif["runs"][0]["results"][0]["ruleId"], "unchanged-upload");
  EXPECT_EQ(sarif["runs"][0]["results"][0]["level"], "error");
  EXPECT_EQ(sarif["runs"][0]["tool"]["driver"]["rules"].size(), all_rules().size());
  const std::string html = format_review(found, model, "<i>.trace", ReportFormat::kHtml);
  EXPECT_THAT(html, HasSubstr("&lt;i&gt;.trace"));
  EXPECT_THAT(html, HasSubstr("wgpuDoSomething&lt;b&gt;"));
  EXPECT_THAT(html, HasSubstr("<svg"));
  EXPECT_THAT(html, testing::Not(HasSubstr("http")));  // it needs nothing else
  const std::string text = format_review(found, model, "a.trace", ReportFormat::kText);
  EXPECT_THAT(text, HasSubstr("1. Uploads bytes that did not change [unchanged-upload, high]"));
}

TEST(Review, EveryRuleExplainsItself) {
  for (const Rule* rule : all_rules()) {
    EXPECT_EQ(find_rule(rule->name), rule);
    for (const std::string_view part : {rule->title, rule->why, rule->before, rule->after, rule->when_not}) {
      EXPECT_GT(part.size(), 10u) << rule->name;
    }
    EXPECT_THAT(explain(*rule), HasSubstr(std::string(rule->why)));
  }
  EXPECT_EQ(find_rule("none"), nullptr);
}

TEST(TraceEdit, DropsReplacesAndRenames) {
  TestTrace file;
  file.say(CreateBuffer{.buffer = 1, .label = "a"});
  file.say(CreateBuffer{.buffer = 2, .label = "b"});
  const u32 first[] = {8}, both[] = {8, 9};
  file.say(Submit{.command_buffers = first}, 5);
  file.say(Submit{.command_buffers = both}, 5);
  file.say(CreateBindGroup{.bind_group = 3, .entries = {{.buffer = 2}}});
  const auto trace = file.read();
  const TraceModel model(trace);
  TraceEdit edit;
  edit.drop(1);
  edit.drop(2);
  edit.renamed = {{2, 1}, {9, 7}};
  const EditedTrace edited = apply(model, edit);
  const TraceModel after(edited.trace);
  ASSERT_EQ(after.steps().size(), 3u);
  const auto submit = after.read<Submit>(1);
  EXPECT_THAT(submit.command_buffers, testing::ElementsAre(8, 7));
  EXPECT_EQ(after.steps()[1].duration_ns, 5u);  // its call went with it, and not that of what was dropped
  EXPECT_EQ(after.read<CreateBindGroup>(2).entries[0].buffer, 1u);
}

TEST(TraceEdit, LeavesNumbersOfBlobsAlone) {
  constexpr std::array<std::byte, 4> kBytes{};
  TestTrace file;
  file.blob(kBytes);
  file.blob(std::span(kBytes).first(3));
  file.say(CreateBuffer{.buffer = 1, .label = "never used"});
  file.say(CreateBuffer{.buffer = 2, .label = "b"});
  file.say(CreateBuffer{.buffer = 3, .label = "c"});
  file.say(WriteBufferFromBlob{.buffer = 3, .blob = 1, .size_bytes = 4});
  file.say(WriteBufferFromBlob{.buffer = 3, .blob = 2, .size_bytes = 3});
  const auto trace = file.read();
  const TraceModel model(trace);
  EXPECT_EQ(model.object(1)->uses, 0u);
  EXPECT_EQ(model.object(3)->uses, 2u);
  TraceEdit edit;
  edit.renamed = {{2, 1}, {3, 1}};
  const EditedTrace edited = apply(model, edit);
  const TraceModel after(edited.trace);
  const auto write = after.read<WriteBufferFromBlob>(4);
  EXPECT_EQ(write.buffer, 1u);
  EXPECT_EQ(write.blob, 2u);
}

TEST(FragmentStorage, IsWhatFragmentsName) {
  constexpr std::string_view kShader = R"(
    @group(0) @binding(0) var<storage, read> places: array<vec4f>;
    @group(0) @binding(1) var<storage, read> colors: array<vec4f>;
    @group(0) @binding(2) var picture: texture_storage_2d<rgba8unorm, write>;
    fn color_of(i: u32) -> vec4f { return colors[i]; }
    @vertex fn vs(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f { return places[i]; }
    @fragment fn plain() -> @location(0) vec4f { return vec4f(1); }
    @fragment fn shaded() -> @location(0) vec4f { return color_of(1); }
    @fragment fn painted() { textureStore(picture, vec2u(0), vec4f(1)); })";
  EXPECT_FALSE(fragments_name_storage(kShader, "plain"));
  EXPECT_TRUE(fragments_name_storage(kShader, "shaded"));
  EXPECT_TRUE(fragments_name_storage(kShader, "painted"));
  EXPECT_TRUE(fragments_name_storage(kShader, ""));
  EXPECT_FALSE(fragments_name_storage("@fragment fn fs() {}", "fs"));
  EXPECT_TRUE(fragments_name_storage("var<storage> it cannot be parsed {", "fs"));
}

TEST(FragmentStorage, IsWhatALayoutShowsThem) {
  TestTrace file;
  const auto make = [&](u32 id, ShaderStage visibility, BindingKind kind) {
    const u32 groups[] = {id};
    file.say(CreateBindGroupLayout{.layout = id, .entries = {{.visibility = visibility, .kind = kind}}});
    file.say(CreatePipelineLayout{.layout = id + 1, .bind_group_layouts = groups});
    file.say(CreateRenderPipeline{.pipeline = id + 2, .state = {.layout = id + 1}});
  };
  make(1, ShaderStage::kVertex, BindingKind::kReadOnlyStorage);
  make(11, static_cast<ShaderStage>(3), BindingKind::kReadOnlyStorage);
  make(21, ShaderStage::kFragment, BindingKind::kUniform);
  const auto trace = file.read();
  EXPECT_THAT(pipelines_with_fragment_storage(TraceModel(trace)), testing::ElementsAre(13));
}

TEST(KnownBytes, KeepsWhatWasNotWrittenOver) {
  const auto bytes = [](const char* text) { return std::as_bytes(std::span(text, std::strlen(text))); };
  KnownBytes known;
  known.write(8, bytes("abcdefgh"));
  known.write(12, bytes("XY"));
  EXPECT_TRUE(known.holds(8, bytes("abcdXYgh")));
  EXPECT_FALSE(known.holds(8, bytes("abcdefgh")));
  known.forget(10, 12);
  EXPECT_FALSE(known.holds(8, bytes("abcd")));
  EXPECT_TRUE(known.holds(8, bytes("ab")));
  EXPECT_TRUE(known.holds(12, bytes("XYgh")));
  EXPECT_FALSE(known.holds(14, bytes("ghi")));
  known.forget(0, kWholeSize);
  EXPECT_FALSE(known.holds(8, bytes("a")));
}

TEST(ShaderBindings, KnowsWhatAShaderMayWrite) {
  constexpr std::string_view kShader = R"(
    // @group(0) @binding(7) var<storage, read_write> not_there: u32;
    @group(0) @binding(0) var<storage> a: array<u32>;
    @binding( 1 ) @group(0)
    var<storage ,read_write> b: array<u32>;
    @group(2) @binding(1) var<uniform> c: vec4f;)";
  EXPECT_FALSE(may_write(kShader, 0, 0));
  EXPECT_TRUE(may_write(kShader, 0, 1));
  EXPECT_FALSE(may_write(kShader, 0, 7));
  EXPECT_FALSE(may_write(kShader, 2, 1));
  // A constant's value is not read: it may be this one.
  EXPECT_TRUE(may_write("@group(kFirst) @binding(0) var<storage, read_write> a: u32;", 3, 4));
}

TEST(TextureBytes, CountsBlocksMipsAndSamples) {
  const auto bytes = [](TextureFormat format, u32 side, u32 mips, u32 samples) {
    return texture_bytes({.dimension = TextureDimension::k2d,
                          .format = format,
                          .width = side,
                          .height = side,
                          .depth_or_layers = 1,
                          .mip_level_count = mips,
                          .sample_count = samples});
  };
  EXPECT_EQ(bytes(TextureFormat::kRgba8unorm, 16, 1, 1), 1024u);
  EXPECT_EQ(bytes(TextureFormat::kRgba8unorm, 16, 5, 1), 1024u + 256 + 64 + 16 + 4);
  EXPECT_EQ(bytes(TextureFormat::kRg16float, 16, 1, 4), 4096u);
  EXPECT_EQ(bytes(TextureFormat::kBc1RgbaUnorm, 16, 1, 1), 128u);
  EXPECT_EQ(bytes(TextureFormat::kDepth24plus, 16, 1, 1), 1024u);
  EXPECT_EQ(bytes(static_cast<TextureFormat>(9999), 16, 1, 1), 0u);
}

// Cut anywhere and with words changed anywhere, a trace is reviewed as far as it goes.
TEST(Review, SurvivesCutAndCorruptedTraces) {
  TestTrace file = wasteful(4);
  const std::vector<u32> words = file.file();
  const auto review_words = [](const std::vector<u32>& some) {
    const auto trace = read_trace(std::as_bytes(std::span(some)));
    if (!trace) return;
    const TraceModel model(*trace);
    const Review found = review(model);
    for (const ReportFormat format : {ReportFormat::kText, ReportFormat::kJson, ReportFormat::kHtml}) {
      EXPECT_FALSE(format_review(found, model, "a", format).empty());
    }
    for (const ReviewedFinding& finding : found.findings) {
      EXPECT_LT(finding.finding.step, model.steps().size());
      (void)apply(model, finding.finding.fix);
    }
  };
  std::mt19937 random(1);
  for (u32 i = 0; i < 300; ++i) {
    review_words({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(random() % words.size())});
    std::vector<u32> other = words;
    for (u32 n = 0; n < 3; ++n)
      other[random() % other.size()] =
          random() % 2 == 0 ? static_cast<u32>(random()) : static_cast<u32>(random() % 130);
    review_words(other);
  }
}

}  // namespace
}  // namespace shoal::review
