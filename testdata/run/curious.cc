// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Asks in many ways where its functions are, and prints the answers, which are
// the same however it is started.

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

void Throw(int depth);
void Call(void (*function)());
void* AddressOfThrow();
bool IsTakenEarly();
bool KnowsItself();

namespace {

void ThrowNumber() { throw 42; }
void OnSignal(int /*signal*/) {
  if (write(1, "signal\n", 7) != 7) _exit(1);
}

void Exceptions() {
  try {
    Throw(3);
  } catch (const std::exception& error) {
    std::printf("caught %s\n", error.what());
  }
  try {
    Call(ThrowNumber);
  } catch (int number) {
    std::printf("caught %d\n", number);
  }
}

void Pointers() {
  void* const own = reinterpret_cast<void*>(&Throw);
  std::printf(
      "same function %d, by name %d, of libc %d, taken early %d, itself %d\n",
      AddressOfThrow() == own, dlsym(RTLD_DEFAULT, "_Z5Throwi") == own,
      dlsym(RTLD_DEFAULT, "puts") == reinterpret_cast<void*>(&puts),
      IsTakenEarly(), KnowsItself());
  Dl_info info;
  const int found = dladdr(own, &info);
  std::printf("dladdr %d: %s in %s, at the address %d\n", found, info.dli_sname,
              std::strrchr(info.dli_fname, '/') + 1, info.dli_saddr == own);
  struct link_map* map = nullptr;
  dladdr1(own, &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP);
  std::printf("link map of it %d\n",
              std::strstr(map->l_name, "curious_library") != nullptr);
}

void Backtrace() {
  void* frames[64];
  const int count = backtrace(frames, 64);
  char** names = backtrace_symbols(frames, count);
  std::printf("%d frames, the last in the program %d\n", count,
              std::strstr(names[count - 1], "curious") != nullptr);
  std::free(names);
}

void Threads() {
  std::vector<std::thread> threads;
  std::vector<int> sums(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&sums, i] {
      for (int j = 0; j < 100; ++j) {
        try {
          throw j;
        } catch (int thrown) {
          sums[static_cast<size_t>(i)] += thrown;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("thrown in threads %d\n", sums[0] + sums[1] + sums[2] + sums[3]);
  pthread_t waiting;
  pthread_create(
      &waiting, nullptr,
      [](void*) -> void* {
        struct Witness {
          ~Witness() { std::puts("cancelled, unwound"); }
        } witness;
        for (;;) sleep(1);
      },
      nullptr);
  pthread_cancel(waiting);
  pthread_join(waiting, nullptr);
}

void Processes() {
  signal(SIGUSR1, OnSignal);
  std::fflush(stdout);
  raise(SIGUSR1);
  const pid_t child = fork();
  if (child == 0) {
    try {
      Throw(1);
    } catch (...) {
      std::fflush(stdout);
      execl("/bin/sh", "sh", "-c", "exit 7", nullptr);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::printf("child %d, system %d\n", WEXITSTATUS(status),
              WEXITSTATUS(std::system("exit 5")));
}

void Plugin() {
  // By this program's RUNPATH.
  void* const plugin = dlopen("libcurious_plugin.so", RTLD_NOW);
  if (plugin == nullptr) {
    std::printf("dlopen: %s\n", dlerror());
    return;
  }
  using Check = void(void*);
  reinterpret_cast<Check*>(dlsym(plugin, "CheckPointer"))(
      reinterpret_cast<void*>(&puts));
  try {
    reinterpret_cast<void (*)()>(dlsym(plugin, "PluginThrow"))();
  } catch (const std::runtime_error& error) {
    std::printf("caught %s\n", error.what());
  }
  dlclose(plugin);
}

}  // namespace

int main() {
  Exceptions();
  Pointers();
  Backtrace();
  Threads();
  Processes();
  for (int i = 0; i < 3; ++i) Plugin();
  return 3;
}
