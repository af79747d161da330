// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_CAPI_MODULE_DATA_H_
#define RELINK_CAPI_MODULE_DATA_H_

#include <any>
#include <memory>
#include <utility>

namespace relink::capi {

// The user data of every module that the C API loads: it keeps the linker's
// hooks for as long as they may be told of the module, and a pointer of the
// caller's.
class ModuleData {
 public:
  explicit ModuleData(std::shared_ptr<const void> hooks)
      : hooks_(std::move(hooks)) {}
  ModuleData(const ModuleData&) = delete;
  ModuleData& operator=(const ModuleData&) = delete;
  ~ModuleData() { Set(nullptr, nullptr); }

  // Gives back what was there.
  void Set(void* data, void (*release)(void*)) {
    void* const old = std::exchange(data_, data);
    if (auto* const give_back = std::exchange(release_, release)) {
      give_back(old);
    }
  }
  void* get() const { return data_; }

  // Those in `user_data` of a module; null if it has none.
  static ModuleData* In(std::any& user_data) {
    auto* const data = std::any_cast<std::shared_ptr<ModuleData>>(&user_data);
    return data == nullptr ? nullptr : data->get();
  }
  // The same, made if need be.
  static ModuleData& Of(std::any& user_data) {
    if (In(user_data) == nullptr) {
      user_data = std::make_shared<ModuleData>(nullptr);
    }
    return *In(user_data);
  }

 private:
  std::shared_ptr<const void> hooks_;
  void* data_ = nullptr;
  void (*release_)(void*) = nullptr;
};

}  // namespace relink::capi

#endif  // RELINK_CAPI_MODULE_DATA_H_
