#include <filesystem>
#include <memory>

#include "base/text.h"
#include "base/write_file.h"
#include "cli/commands.h"
#include "cli/emit_measured.h"
#include "emit/emit.h"

namespace shoal::cli {
namespace {

struct EmitOptions {
  bool json = false;
  std::string pipeline, lang = "cpp", type, name, subgroups = "none", output, adapter;
  u32 capacity = 1u << 20;
  bool is_gpu = false, with_main = false, measures = false;
};

constexpr const char* kFooter = R"(A pipeline is primitives with | between them, each with settings behind its name:
  shoal emit "compact keep=flags | sort type=f32 descending"

  The first array that a stage reads is the first that the stage before wrote, and its count is that stage's.
  SETTING=VALUE   what calls take: type=f32, k=100, bin_count=256, quantiles=1/2,99/100, keep=run_starts
  SETTING         the same as SETTING=true
  ARRAY=NAME      calls an array or a count; what has the name of an earlier one is that one
  keep=@FILE      a test of rows, or monoid=@FILE an operation, in WGSL

docs/emit.md lists what there is. `--lang wgsl` writes a file a kernel; the others write one file.)";

Result<u32> subgroup_size(const std::string& text) {
  if (text == "none") return 0;
  for (u32 size = 4; size <= 128; size *= 2) {
    if (text == std::to_string(size)) return size;
  }
  return fail(
      ErrorCode::kInvalidArgument,
      "Subgroups are {}. Give the smallest size that the device may have, 4, 8, 16, 32, 64 or 128, or none.",
      quote(text));
}

Result<emit::Language> language(const std::string& text) {
  if (text == "wgsl") return emit::Language::kWgsl;
  if (text == "cpp") return emit::Language::kCpp;
  if (text == "ts") return emit::Language::kTypeScript;
  return fail(ErrorCode::kInvalidArgument, "There is no language {}. Choose of wgsl, cpp and ts.", quote(text));
}

// What a shell would have to be told.
std::string command_text(const EmitOptions& options) {
  std::string text = fmt::format("shoal emit \"{}\" --lang {}", options.pipeline, options.lang);
  if (!options.type.empty()) text += " --type " + options.type;
  if (!options.name.empty()) text += " --name " + options.name;
  if (options.subgroups != "none") text += " --subgroups " + options.subgroups;
  if (options.is_gpu) text += " --gpu";
  if (options.with_main) text += " --with-main";
  return fmt::format("{} --capacity {}", text, options.capacity);
}

Result<void> write_files(const std::vector<emit::EmittedFile>& files, const std::string& output, bool is_folder) {
  for (const emit::EmittedFile& file : files) {
    const std::string path = is_folder ? (std::filesystem::path(output) / file.name).string() : output;
    SHOAL_TRY(write_text_file(path, file.text));
    fmt::print("{}\n", path);
  }
  return {};
}

Result<void> run(const EmitOptions& options) {
  emit::EmitRequest request{.pipeline = {.text = options.pipeline,
                                         .type = options.type,
                                         .name = options.name,
                                         .capacity = options.capacity},
                            .target = {.is_gpu = options.is_gpu},
                            .with_main = options.with_main,
                            .command = command_text(options),
                            .measured = {}};
  SHOAL_TRY_SET(request.target.subgroup_size, subgroup_size(options.subgroups));
  SHOAL_TRY_SET(request.language, language(options.lang));
  if (options.measures) {
    SHOAL_TRY_SET(const emit::Pipeline pipeline, emit::make_pipeline(request.pipeline));
    SHOAL_TRY_SET(request.measured, measured_sentences(pipeline, request.target, options.adapter));
  } else {
    request.measured = {"What share of an adapter's roof it reaches was not measured: --measure does that."};
  }
  SHOAL_TRY_SET(const std::vector<emit::EmittedFile> files, emit::emit_pipeline(request));
  if (options.output.empty()) {
    for (const emit::EmittedFile& file : files) {
      if (files.size() > 1) fmt::print("// ==== {}\n", file.name);
      fmt::print("{}", file.text);
    }
    return {};
  }
  std::error_code ignored;
  const bool is_folder = request.language == emit::Language::kWgsl || options.output.ends_with('/') ||
                         std::filesystem::is_directory(options.output, ignored);
  if (is_folder) std::filesystem::create_directories(options.output, ignored);
  return write_files(files, options.output, is_folder);
}

}  // namespace

Command emit_command(CLI::App& program) {
  const auto options = std::make_shared<EmitOptions>();
  CLI::App* parsed = program.add_subcommand("emit", "Primitives, and pipelines of them, as code that stands alone");
  parsed->add_option("PIPELINE", options->pipeline, "A primitive, or several with | between them")->required();
  parsed->add_option("--lang", options->lang, "cpp (webgpu.h), ts (navigator.gpu) or wgsl (the kernels)");
  parsed->add_option("--type", options->type, "Of the first stage's elements: u32, i32, f32, u64 or i64");
  parsed->add_option("--capacity", options->capacity, "The most elements that the code will take");
  parsed->add_option("--subgroups", options->subgroups, "The smallest subgroups of the device, or none");
  parsed->add_flag("--gpu", options->is_gpu, "Forms that suit GPUs alone, with 32 KiB of workgroup memory");
  parsed->add_option("--name", options->name, "What the emitted namespace or class is called");
  parsed->add_flag("--with-main", options->with_main, "With an example that runs");
  parsed->add_option("-o,--output", options->output, "A file, or a folder; else standard output");
  parsed->add_flag("--measure", options->measures, "Measure on this adapter what share of its roof is reached");
  parsed->add_option("--adapter", options->adapter,
                     "The adapter that is measured: a number, or a part of its name");
  parsed->footer(kFooter);
  return {parsed, [options] { return run(*options); }, &options->json};
}

}  // namespace shoal::cli
