#include "review/rules/same_objects.h"

#include <type_traits>

#include "gpu/payload_hash.h"
#include "review/analysis/object_ids.h"

namespace shoal::review {
namespace {

using namespace gpu;

// What makes a descriptor: all words but the object's own id and label, with each object as the first of its like.
class Descriptor {
 public:
  explicit Descriptor(const std::unordered_map<u32, u32>& first) : first_(first) {}

  template <class Item>
  void add(const Item& item, bool is_command) {
    Item::visit(item, [&](const auto&... fields) {
      [[maybe_unused]] size_t i = 0;
      ((this->add_field(fields, Item::kFields[i], Item::kTypes[i], is_command && i == 0), ++i), ...);
    });
  }
  std::string take() { return std::move(key_); }

 private:
  void put(const void* data, size_t size) { key_.append(static_cast<const char*>(data), size); }
  void put_id(u32 id) {
    const auto found = first_.find(id);
    const u32 same = found == first_.end() ? id : found->second;
    put(&same, sizeof same);
  }

  template <class T>
  void add_field(const T& field, std::string_view name, std::string_view type, bool is_own_id) {
    if (is_own_id || name == "label") return;
    if constexpr (std::is_same_v<T, u32>) {
      if (is_object_id(type)) return put_id(field);
    }
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      put(&field, sizeof field);
    } else if constexpr (requires { T::kFields; }) {
      add(field, false);
    } else {
      const u64 count = field.size();
      put(&count, sizeof count);
      if constexpr (std::is_same_v<T, std::string_view> || std::is_same_v<T, std::span<const std::byte>>) {
        put(field.data(), field.size());
      } else {
        for (const auto& inner : field) {
          if constexpr (requires { inner.kFields; }) {
            add(inner, false);
          } else if (type.starts_with("list id ")) {
            put_id(static_cast<u32>(inner));
          } else {
            put(&inner, sizeof inner);
          }
        }
      }
    }
  }

  const std::unordered_map<u32, u32>& first_;
  std::string key_;
};

}  // namespace

std::vector<MadeAgain> objects_made_again(const TraceModel& model) {
  std::unordered_map<u32, u32> first;          // object -> the first of its like
  std::unordered_map<u64, u32> by_descriptor;  // its hash -> the first
  std::vector<MadeAgain> again;
  model.for_each<CreateBindGroup, CreateTextureView, CreateSampler, CreateBindGroupLayout, CreatePipelineLayout,
                 GetBindGroupLayout, CreateShaderModule, CreateComputePipeline, CreateComputePipelineAsync,
                 CreateRenderPipeline, CreateRenderPipelineAsync>(
      [&]<class C>(u32 step, const Step&, const C& command) {
        u32 id = 0;
        C::visit(command, [&](const u32& own, const auto&...) { id = own; });
        Descriptor descriptor(first);
        descriptor.add(command, true);
        std::string key = descriptor.take();
        key += static_cast<char>(C::kOpcode);
        const auto [known, is_new] = by_descriptor.try_emplace(payload_hash(std::as_bytes(std::span(key))), id);
        if (is_new) return;
        first[id] = known->second;
        again.push_back({step, id, known->second});
      });
  return again;
}

}  // namespace shoal::review
