# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Writes a program whose hot functions lie as badly as can be.

usage: write_synthetic.py FOLDER [COUNT]

FOLDER gets synthetic.s, which has `int64_t run_once(void)`, and order.txt, its hot
functions in the order of their calls, as a linker's symbol ordering file.

There are COUNT (default: 4096) leaves of about 128 bytes. Each is on a page of its
own between cold functions, somewhere on it, so that they use all sets of the
caches. A group calls sixteen of them that are far apart: twelve directly, four
through a table of pointers that relocations fill. run_once calls all groups, all
through such a table. Nothing is random from run to run.
"""

import os
import random
import sys

PAGE = 4096
GROUP = 16
INDIRECT = 4  # of a group's calls
_COLD_SIZES = (192, 1024)

_FUNCTION = """    .section .text.{name},"ax",@progbits
    .p2align 4
    .type {name}, @function
{name}:
    .cfi_startproc
{body}    .cfi_endproc
    .size {name}, .-{name}
"""


def leaf(number, chooser):
  """About 128 bytes that wait for nothing but their own fetch."""
  lines = []
  for turn in range(8):
    constant = chooser.randrange(1, 1 << 30)
    lines += [
        f"    addq ${constant}, %{('rax', 'rdx', 'rsi', 'rdi')[turn % 4]}",
        "    xorq %r8, %rcx" if turn % 2 else "    leaq 1(%r8,%rdi), %r9",
        "    addq %r9, %r8",
    ]
  lines += ["    testq %r8, %r8", f"    je cold{number}", "    ret"]
  return "".join(line + "\n" for line in lines)


def cold(size):
  """Code that never runs; a jump at its end, as real code has them."""
  return (f"    .rept {(size - 8) // 9}\n    movq $1234567, 8(%rsp)\n    .endr\n"
          "    jmp abort@PLT\n")


def group(members):
  """Calls its members, of which every fourth is in the table."""
  lines = ["    subq $8, %rsp", "    .cfi_def_cfa_offset 16"]
  for place, member in enumerate(members):
    if place % (GROUP // INDIRECT) == GROUP // INDIRECT - 1:
      lines.append(f"    call *pointer{member}(%rip)")
    else:
      lines.append(f"    call leaf{member}")
  lines += ["    addq $8, %rsp", "    .cfi_def_cfa_offset 8", "    ret"]
  return "".join(line + "\n" for line in lines)


_RUN_ONCE = """    pushq %rbx
    .cfi_def_cfa_offset 16
    .cfi_offset %rbx, -16
    leaq groups(%rip), %rbx
    xorl %eax, %eax
    xorl %ecx, %ecx
    xorl %edx, %edx
    xorl %esi, %esi
    xorl %edi, %edi
    movl $1, %r8d
1:  call *(%rbx)
    addq $8, %rbx
    leaq groups_end(%rip), %r10
    cmpq %r10, %rbx
    jne 1b
    addq %rcx, %rax
    addq %rdx, %rax
    addq %rsi, %rax
    addq %rdi, %rax
    popq %rbx
    .cfi_def_cfa_offset 8
    ret
"""


class Program:
  """The text of the program and the order of its calls."""

  def __init__(self, count):
    chooser = random.Random(count)
    calls = list(range(count))
    chooser.shuffle(calls)
    groups = [calls[i:i + GROUP] for i in range(0, count, GROUP)]
    # A group lies in front of the leaf that has the number of its place.
    places = {place * GROUP: place for place in range(len(groups))}
    parts = []
    for number in range(count):
      room = PAGE - 160
      if number in places:
        parts.append(self._function(f"group{places[number]}",
                                    group(groups[places[number]])))
        room -= 112
      before = chooser.randrange(room // 2)
      parts.append(self._cold(f"cold{number}", max(64, before)))
      parts.append(self._function(f"leaf{number}", leaf(number, chooser)))
      room -= max(64, before)
      serial = 0
      while room >= _COLD_SIZES[0]:
        size = min(chooser.randrange(*_COLD_SIZES), room)
        parts.append(self._cold(f"cold{number}_{serial}", size))
        room -= size
        serial += 1
    self.text = "".join([
        *parts, "    .globl run_once\n", self._function("run_once", _RUN_ONCE),
        self._tables(groups)])
    self.order = ["run_once"]
    for place, members in enumerate(groups):
      self.order += [f"group{place}", *[f"leaf{member}" for member in members]]

  @staticmethod
  def _function(name, body):
    return _FUNCTION.format(name=name, body=body)

  def _cold(self, name, size):
    return self._function(name, cold(size))

  @staticmethod
  def _tables(groups):
    lines = ['    .section .data.rel.ro,"aw",@progbits', "    .p2align 3",
             "groups:"]
    lines += [f"    .quad group{place}" for place in range(len(groups))]
    lines.append("groups_end:")
    for members in groups:
      for place in range(GROUP // INDIRECT - 1, len(members), GROUP // INDIRECT):
        lines.append(f"pointer{members[place]}: .quad leaf{members[place]}")
    lines.append('    .section .note.GNU-stack,"",@progbits')
    return "".join(line + "\n" for line in lines)


def write(folder, count=4096):
  """Writes synthetic.s and order.txt into `folder`."""
  os.makedirs(folder, exist_ok=True)
  program = Program(count)
  for name, text in (("synthetic.s", program.text),
                     ("order.txt", "\n".join(program.order) + "\n")):
    with open(os.path.join(folder, name), "w", encoding="ascii") as file:
      file.write(text)


def main():
  if len(sys.argv) not in (2, 3) or not all(
      word.isdigit() for word in sys.argv[2:]):
    sys.exit(__doc__.split("\n\n")[1])
  write(sys.argv[1], *[int(word) for word in sys.argv[2:]])


if __name__ == "__main__":
  main()
