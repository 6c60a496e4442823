// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/manual.h"

#include "cli/command.h"

#include <string.h>

// Writers for roff and bash that walk the table of commands

/// Text for roff: a leading dot or quote and every backslash and dash are protected
static void
roff_text(const char* text, FILE* const out) {
  bool start = true;
  for (; *text; ++text) {
    if (start && (*text == '.' || *text == '\'')) {
      fputs("\\&", out);
    }
    if (*text == '-') {
      fputs("\\-", out);
    } else if (*text == '\\') {
      fputs("\\e", out);
    } else if (*text == '\n' && text[1] == '\n') {
      fputs("\n.PP", out);
    } else {
      fputc(*text, out);
    }
    start = *text == '\n';
  }
  fputc('\n', out);
}

static void
roff_command(const CliCommand* const command, FILE* const out) {
  fprintf(out, ".SS \"pinna %s %s\"\n", command->name, command->operands);
  fprintf(out, "%s.\n.PP\n", command->summary);
  roff_text(command->details, out);
  for (const CliOption* o = command->options; o && o->name; ++o) {
    fputs(".TP\n", out);
    if (o->letter) {
      fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
    }
    fputs("\\fB\\-\\-", out);
    for (const char* c = o->name; *c; ++c) {
      fputs(*c == '-' ? "\\-" : (const char[]){*c, '\0'}, out);
    }
    fprintf(out, "\\fR%s%s%s\n", o->value ? " \\fI" : "", o->value ? o->value : "",
            o->value ? "\\fR" : "");
    fprintf(out, "%s.\n", o->help);
  }
  fputs(".PP\nExamples:\n.PP\n.nf\n.RS\n", out);
  roff_text(command->example, out);
  fputs(".RE\n.fi\n", out);
}

static void
print_man(FILE* const out) {
  fputs(
      ".\\\" Made from the table of commands by pinna --manual man\n"
      ".TH PINNA 1 \"\" \"pinna " PINNA_VERSION "\" \"User Commands\"\n"
      ".SH NAME\npinna \\- realtime audio and speech blocks: host, renderer, tools\n"
      ".SH SYNOPSIS\n.B pinna\n.I COMMAND\n[\\fIARGUMENT\\fR]...\n"
      ".SH DESCRIPTION\n"
      "Pinna runs graphs of LV2 plugins on JACK, PortAudio, files or a clock. A plugin is named by "
      "its URI; Pinna's own may be shortened: \\fBeq:mono\\fR is \\fBurn:pinna:eq:mono\\fR.\n"
      ".SH COMMANDS\n",
      out);
  for (const CliCommand* const* c = cli_commands; *c; ++c) {
    roff_command(*c, out);
  }
  fputs(".SH EXIT STATUS\n.TP\n.B 0\nSuccess.\n.TP\n.B 1\nThe job failed: a file, a plugin, an "
        "operation.\n.TP\n.B 2\nThe command line is wrong.\n.TP\n.B 3\nThe configuration is "
        "wrong.\n.TP\n.B 4\nThe audio server or device was lost and did not come back.\n"
        ".SH ENVIRONMENT\n.TP\n.B LV2_PATH\nFolders searched for plugins, separated by colons.\n"
        ".TP\n.B PINNA_ISA\nLargest instruction set used: c, avx2 or avx512.\n"
        ".TP\n.B STATE_DIRECTORY\nWhere \\fBpinna run\\fR keeps its state.\n"
        ".SH SEE ALSO\n.BR jackd (1),\n.BR lv2ls (1)\n",
        out);
}

static void
print_bash(FILE* const out) {
  fputs("# Made from the table of commands by pinna --manual bash\n"
        "_pinna() {\n  local cur=${COMP_WORDS[COMP_CWORD]} words\n"
        "  if [ \"$COMP_CWORD\" = 1 ]; then\n    words=\"",
        out);
  for (const CliCommand* const* c = cli_commands; *c; ++c) {
    fprintf(out, "%s ", (*c)->name);
  }
  fputs("--help --version\"\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")); return\n  fi\n"
        "  case ${COMP_WORDS[1]} in\n",
        out);
  for (const CliCommand* const* c = cli_commands; *c; ++c) {
    fprintf(out, "    %s) words=\"", (*c)->name);
    for (const CliOption* o = (*c)->options; o && o->name; ++o) {
      fprintf(out, "--%s ", o->name);
    }
    fputs("--help\" ;;\n", out);
  }
  fputs("    *) words=\"\" ;;\n  esac\n"
        "  case $cur in\n    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")) ;;\n"
        "    *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n  esac\n}\n"
        "complete -o filenames -F _pinna pinna\n",
        out);
}

bool
cli_manual_print(const char* const kind, FILE* const out) {
  if (!strcmp(kind, "man")) {
    print_man(out);
    return true;
  }
  if (!strcmp(kind, "bash")) {
    print_bash(out);
    return true;
  }
  return false;
}
