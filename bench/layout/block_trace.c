// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// A plugin for QEMU (-plugin, "TCG Plugins" in its documentation) that writes
// which blocks of code a program runs: to the file `blocks`, "NUMBER ADDRESS
// SIZE INSTRUCTIONS" of each; to `sequence`, their numbers, four bytes each, in
// the order in which they ran; to `maps`, where files are mapped. All in the
// working folder.
//
// Debian has no header of that interface; what is declared here is what is
// used.

#include <stdint.h>
#include <stdio.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t qemu_plugin_id_t;
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
                                           void (*)(qemu_plugin_id_t,
                                                    struct qemu_plugin_tb*));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb*,
                                          void (*)(unsigned, void*), int,
                                          void*);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t,
                                    void (*)(qemu_plugin_id_t, void*), void*);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb*);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb*,
                                                 size_t);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn*);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

static FILE* sequence;
static FILE* blocks;
static uint32_t next;

static void Run(unsigned cpu, void* block) {
  (void)cpu;
  const uint32_t number = (uint32_t)(uintptr_t)block;
  fwrite_unlocked(&number, sizeof(number), 1, sequence);
}

static void Translate(qemu_plugin_id_t id, struct qemu_plugin_tb* tb) {
  (void)id;
  const size_t count = qemu_plugin_tb_n_insns(tb);
  size_t size = 0;
  for (size_t i = 0; i < count; ++i) {
    size += qemu_plugin_insn_size(qemu_plugin_tb_get_insn(tb, i));
  }
  fprintf(blocks, "%u %llx %zu %zu\n", next,
          (unsigned long long)qemu_plugin_tb_vaddr(tb), size, count);
  qemu_plugin_register_vcpu_tb_exec_cb(tb, Run, 0, (void*)(uintptr_t)next++);
}

static void Finish(qemu_plugin_id_t id, void* unused) {
  (void)id;
  (void)unused;
  FILE* from = fopen("/proc/self/maps", "r");
  FILE* to = fopen("maps", "w");
  for (int c; from != NULL && to != NULL && (c = fgetc(from)) != EOF;)
    fputc(c, to);
  if (from != NULL) fclose(from);
  if (to != NULL) fclose(to);
  fclose(sequence);
  fclose(blocks);
}

__attribute__((visibility("default"))) int qemu_plugin_install(
    qemu_plugin_id_t id, const void* info, int argc, char** argv) {
  (void)info;
  (void)argc;
  (void)argv;
  sequence = fopen("sequence", "w");
  blocks = fopen("blocks", "w");
  if (sequence == NULL || blocks == NULL) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, Translate);
  qemu_plugin_register_atexit_cb(id, Finish, NULL);
  return 0;
}
