#include "review/record/recording.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "gpu/native/string_view.h"
#include "gpu/payload_hash.h"
#include "review/webgpu_names.gen.h"

namespace shoal::review {
namespace {

thread_local bool t_is_inside = false;
thread_local u32 t_thread = 0;
// On the heap, never freed: a thread may call until its very end.
thread_local StackCache* t_stacks = nullptr;
std::atomic<bool> g_is_forked{false};

u64 monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

std::string file_name_of(const void* address) {
  Dl_info info{};
  return dladdr(address, &info) != 0 && info.dli_fname != nullptr ? info.dli_fname : "";
}

gpu::Process describe_process(std::string& program, std::vector<std::string>& arguments, std::string& library) {
  char path[4096];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  program.assign(path, size > 0 ? static_cast<size_t>(size) : 0);
  std::ifstream file("/proc/self/cmdline");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\0', at), text.size());
    arguments.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  library = file_name_of(reinterpret_cast<const void*>(real().wgpuCreateInstance));
  gpu::Process process{.program = program,
                       .pid = static_cast<u32>(::getpid()),
                       .recorder = "shoal " SHOAL_VERSION,
                       .library = library,
                       .library_version = real().wgpuGetVersion()};
  for (const std::string& argument : arguments) process.arguments.push_back({.name = argument});
  return process;
}

}  // namespace

Recording* recording() {
  // Never destroyed: a program may call from its last destructor.
  static Recording* const started = []() -> Recording* {
    const char* path = std::getenv("SHOAL_RECORD_TO");
    if (path == nullptr || *path == '\0') return nullptr;
    std::string problem;
    auto trace = LiveTrace::create(path, problem);
    if (trace == nullptr) {
      // Another process of the same program was first.
      const std::string own = std::string(path) + "." + std::to_string(::getpid());
      trace = LiveTrace::create(own, problem);
    }
    if (trace == nullptr) {
      std::fprintf(stderr, "shoal record: nothing is recorded, since %s cannot be written (%s).\n", path,
                   problem.c_str());
      return nullptr;
    }
    // A child that was forked shares the file, so only its parent goes on.
    ::pthread_atfork(nullptr, nullptr, [] { g_is_forked = true; });
    auto* recorder = new Recording;
    recorder->begin(std::move(trace));
    return recorder;
  }();
  if (started == nullptr || t_is_inside || g_is_forked.load(std::memory_order_relaxed)) return nullptr;
  return started;
}

void Recording::begin(std::unique_ptr<LiveTrace> opened) {
  trace = std::move(opened);
  began_ns_ = monotonic_ns();
  std::string program, library;
  std::vector<std::string> arguments;
  trace->note(0, describe_process(program, arguments, library));
}

u64 Recording::now_ns() const { return monotonic_ns() - began_ns_; }

u32 Recording::thread() {
  if (t_thread == 0) {
    t_thread = ++last_thread_;
    char name[64] = {};
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    trace->note(now_ns(), gpu::Thread{.thread = t_thread, .name = name});
  }
  return t_thread;
}

Caller::Caller(void* return_address, void* frame) : return_address_(return_address), frame_(frame) {
  if (recording() != nullptr) python_ = python_stack();
}

u32 Recording::stack_of(const Caller& caller, u64 now) {
  const u32 native = native_stack_of(caller, now);
  if (caller.python_.empty()) return native;
  // One native stack serves all that Python calls from its interpreter.
  key_.assign(1, native);
  for (const PythonFrame& frame : caller.python_) key_.push_back(python_frame_of(frame, now));
  const u64 hash = gpu::payload_hash(std::as_bytes(std::span(key_)));
  const auto known = python_stacks_.find(hash);
  if (known != python_stacks_.end()) return known->second;
  std::vector<u32> numbers(key_.begin() + 1, key_.end());
  const std::vector<u32>& frames = native_frames_[native];
  numbers.insert(numbers.end(), frames.begin(), frames.end());
  return python_stacks_[hash] = number_of_stack(numbers, now);
}

u32 Recording::python_frame_of(const PythonFrame& frame, u64 now) {
  // Its address without the bits that alignment leaves empty, and 20 bits of the line.
  const u64 key = (reinterpret_cast<std::uintptr_t>(frame.code) >> 4 << 20) ^ static_cast<u32>(frame.line);
  const auto [known, is_new] = python_frames_.try_emplace(key, last_frame_ + 1);
  if (!is_new) return known->second;
  ++last_frame_;
  trace->note(now, gpu::StackFrame{.frame = known->second,
                                   .function = frame.code->function,
                                   .module = frame.code->file,
                                   .file = frame.code->file,
                                   .line = static_cast<u32>(std::max(frame.line, 0))});
  return known->second;
}

u32 Recording::number_of_stack(const std::vector<u32>& frames, u64 now) {
  const u64 hash = gpu::payload_hash(std::as_bytes(std::span(frames)));
  const auto [known, is_new] = stacks_.try_emplace(hash, static_cast<u32>(stacks_.size() + 1));
  if (is_new) trace->note(now, gpu::Stack{.stack = known->second, .frames = frames});
  return known->second;
}

u32 Recording::native_stack_of(const Caller& caller, u64 now) {
  if (t_stacks == nullptr) t_stacks = new StackCache;
  StackCache::Entry& entry = t_stacks->find(caller);
  if (entry.id != 0) return entry.id;
  std::vector<u32> numbers;
  for (const auto& [place, address] : entry.frames) numbers.push_back(frame_of(address, now));
  entry.id = number_of_stack(numbers, now);
  native_frames_[entry.id] = std::move(numbers);
  return entry.id;
}

u32 Recording::frame_of(std::uintptr_t address, u64 now) {
  const auto [known, is_new] = frames_.try_emplace(address, last_frame_ + 1);
  if (!is_new) return known->second;
  ++last_frame_;
  Dl_info info{};
  // The call is what returns to the address, so it lies before it.
  const bool is_found = dladdr(reinterpret_cast<const void*>(address - 1), &info) != 0;
  std::string function = is_found && info.dli_sname != nullptr ? info.dli_sname : "";
  int status = -1;
  if (char* readable = abi::__cxa_demangle(function.c_str(), nullptr, nullptr, &status); readable != nullptr) {
    if (status == 0) function = readable;
    std::free(readable);
  }
  trace->note(now, gpu::StackFrame{.frame = known->second,
                                   .function = function,
                                   .module = is_found && info.dli_fname != nullptr ? info.dli_fname : "",
                                   .offset_bytes = address - reinterpret_cast<std::uintptr_t>(info.dli_fbase)});
  return known->second;
}

void Recording::check_chain(u32 object, const WGPUChainedStruct* chain, std::initializer_list<u32> known) {
  for (; chain != nullptr; chain = chain->next) {
    const u32 type = static_cast<u32>(chain->sType);
    if (std::ranges::find(known, type) != known.end()) continue;
    const auto name = std::ranges::find(kChainedStructNames, type, &NumberName::value);
    use_unsupported(object, name != std::end(kChainedStructNames) ? "WGPU" + std::string(name->name)
                                                                  : fmt::format("chained struct {:#x}", type));
  }
}

Inside::Inside(bool is_inside) : before_(t_is_inside) { t_is_inside = is_inside; }
Inside::~Inside() { t_is_inside = before_; }

void add_reference(const void* object) {
  Recording* recorder = recording();
  if (recorder == nullptr) return;
  const std::lock_guard lock(recorder->mutex);
  if (Object* known = recorder->find(object); known != nullptr) ++known->references;
}

void give_up(gpu::ObjectKind kind, const void* object, const Caller& caller) {
  Recording* recorder = recording();
  if (recorder == nullptr) return;
  const std::lock_guard lock(recorder->mutex);
  Object* known = recorder->find(object);
  if (known == nullptr || known->kind != kind || --known->references > 0) return;
  const u64 now = recorder->now_ns();
  u32* duration = recorder->say(known->device, now, recorder->stack_of(caller, now),
                                gpu::Release{.kind = kind, .object = known->id});
  *duration = 0;  // forwarded behind it, without a clock of its own
  recorder->forget(object);
  recorder->buffers.erase(object);
}

void set_label(const void* object, WGPUStringView label, const Caller& caller) {
  Recording* recorder = recording();
  if (recorder == nullptr) return;
  const std::lock_guard lock(recorder->mutex);
  const Object* known = recorder->find(object);
  if (known == nullptr) return;
  const u64 now = recorder->now_ns();
  u32* duration = recorder->say(known->device, now, recorder->stack_of(caller, now),
                                gpu::SetLabel{.object = known->id, .label = gpu::std_text(label)});
  *duration = 0;
}

void note_unrecorded(std::string_view name, std::atomic<bool>& is_noted) {
  Recording* recorder = recording();
  if (recorder == nullptr || is_noted.exchange(true)) return;
  const std::lock_guard lock(recorder->mutex);
  recorder->trace->note(recorder->now_ns(), gpu::Unrecorded{.name = name});
}

}  // namespace shoal::review
