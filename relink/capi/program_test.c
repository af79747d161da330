// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Programs that take the place of a process.

#include <sys/wait.h>
#include <unistd.h>

#include "relink/capi/expect.h"

static void program_is_started(void) {
  const char* const arguments[] = {"true", "argument", NULL};
  const char* const environment[] = {"NAME=value", NULL};
  relink_error* error;
  relink_program* program =
      relink_program_load("/bin/true", arguments, environment, &error);
  EXPECT_OK(error);
  EXPECT(relink_program_entry(program) != 0);
  EXPECT(strstr(relink_program_interpreter(program), "ld-linux") != NULL);
  relink_program_free(program);

  const pid_t child = fork();
  if (child == 0) {
    const char* const test[] = {"test", "-n", "", NULL};
    program = relink_program_load("/usr/bin/test", test, NULL, NULL);
    if (program != NULL) relink_program_start(program);
    _exit(99);
  }
  int status = 0;
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static void failures_say_what_is_wrong(void) {
  relink_error* error;
  EXPECT(relink_program_load("/no/such", NULL, NULL, &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "/no/such");
  EXPECT(relink_program_load("/etc/passwd", NULL, NULL, &error) == NULL);
  EXPECT_ERROR(error, RELINK_PERMISSION_DENIED, "/etc/passwd");
}

int main(void) {
  program_is_started();
  failures_say_what_is_wrong();
  return EXPECT_RESULT();
}
