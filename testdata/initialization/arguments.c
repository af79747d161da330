// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int argument_count;
char** arguments;
char** environment;

__attribute__((constructor)) static void initialize(int argc, char** argv,
                                                    char** envp) {
  argument_count = argc;
  arguments = argv;
  environment = envp;
}
