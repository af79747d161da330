// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_DLOPENED_LIBRARY_H_
#define RELINK_LINK_DLOPENED_LIBRARY_H_

#include <dlfcn.h>

#include <string>

namespace relink {

// For tests: a library as the system's own loader gives it, to compare with. It
// joins the process's modules while it lives, so load with Relink first.
class DlopenedLibrary {
 public:
  explicit DlopenedLibrary(const std::string& path, int flags = RTLD_LOCAL)
      : handle_(dlopen(path.c_str(), RTLD_NOW | flags)) {
    if (handle_ == nullptr) error_ = dlerror();
  }
  DlopenedLibrary(const DlopenedLibrary&) = delete;
  DlopenedLibrary& operator=(const DlopenedLibrary&) = delete;
  ~DlopenedLibrary() {
    if (handle_ != nullptr) dlclose(handle_);
  }

  bool ok() const { return handle_ != nullptr; }
  const std::string& error() const { return error_; }

  // Null if there is no such symbol.
  template <typename T>
  T* Get(const char* name) const {
    return reinterpret_cast<T*>(dlsym(handle_, name));
  }
  template <typename T>
  T* Get(const char* name, const char* version) const {
    return reinterpret_cast<T*>(dlvsym(handle_, name, version));
  }

 private:
  void* handle_;
  std::string error_;
};

}  // namespace relink

#endif  // RELINK_LINK_DLOPENED_LIBRARY_H_
