// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wav2vec2_labels.h"

#include <string.h>

// Tables, and how one is chosen

#define N_HEADS 6U
#define MAX_LEFT_OUT 4U

typedef struct {
  const char* end;       ///< Of VoxPopuli's files before their ending; "": no file of VoxPopuli
  const char* text;      ///< Labels
  uint32_t    n_outputs; ///< Of the published file
  uint32_t    left_out[MAX_LEFT_OUT]; ///< Of them; 0: no more
} Head;

static const Head heads[N_HEADS] = {
    {"",
     "-\n|\nE\nT\nA\nO\nN\nI\nH\nS\nR\nD\nL\nU\nM\nW\nC\nF\nG\nY\nP\nB\nV\nK\n'\nX\nJ\nQ\n"
     "Z\n",
     32U,
     {1U, 2U, 3U}},
    {"_de.",
     "-\n|\ne\nn\ni\nr\ns\nt\na\nd\nh\nu\nl\ng\nc\nm\no\nb\nw\nf\nk\nz\np\nv\nü\nä\nö\nj\n"
     "ß\ny\nx\nq\n",
     36U,
     {1U, 2U, 3U, 35U}},
    {"_en.",
     "-\n|\ne\nt\no\ni\na\nn\ns\nr\nh\nl\nd\nc\nu\nm\np\nf\ng\nw\ny\nb\nv\nk\nx\nj\nq\nz\n",
     32U,
     {1U, 2U, 3U, 31U}},
    {"_es.",
     "-\n|\ne\na\no\ns\nn\nr\ni\nl\nd\nc\nt\nu\np\nm\nb\nq\ny\ng\nv\nh\nó\nf\ní\ná\nj\nz\n"
     "ñ\né\nx\nú\nk\nw\nü\n",
     39U,
     {1U, 2U, 3U, 35U}},
    {"_fr.",
     "-\n|\ne\ns\nn\ni\nt\nr\na\no\nu\nl\nd\nc\np\nm\né\nv\nq\nf\ng\nb\nh\nx\nà\nj\nè\ny\n"
     "ê\nz\nô\nk\nç\nœ\nû\nù\nî\nâ\nw\nï\në\nü\næ\n",
     46U,
     {1U, 2U, 3U}},
    {"_it.",
     "-\n|\ne\ni\na\no\nn\nt\nr\nl\ns\nc\nd\nu\np\nm\ng\nv\nh\nz\nf\nb\nq\nà\nè\nù\né\nò\n"
     "ì\nk\ny\nx\nw\nj\nó\ní\nï\n",
     40U,
     {1U, 2U, 3U}},
};

static bool
is_left_out(const Head* const head, const uint32_t output) {
  bool is = false;
  for (uint32_t i = 0U; i < MAX_LEFT_OUT; ++i) {
    is = is || (output && head->left_out[i] == output);
  }
  return is;
}

/// Whether this head may have so many outputs; then the outputs of its labels
static bool
fits(const Head* const head, const uint32_t n_outputs, PinnaWav2vec2Labels* const labels) {
  uint32_t n = 0U;
  for (const char* c = head->text; *c; ++c) {
    n += *c == '\n';
  }
  if ((n_outputs != n && n_outputs != head->n_outputs) || n > PINNA_WAV2VEC2_MAX_KNOWN) {
    return false;
  }
  *labels = (PinnaWav2vec2Labels){.text = head->text};
  for (uint32_t i = 0U; i < n_outputs && labels->n < n; ++i) {
    if (n_outputs == n || !is_left_out(head, i)) {
      labels->columns[labels->n++] = i;
    }
  }
  return true;
}

bool
pinna_wav2vec2_labels(const char* const name, const uint32_t n_outputs,
                      PinnaWav2vec2Labels* const labels) {
  const bool is_voxpopuli = strstr(name, "voxpopuli") != NULL;
  for (uint32_t i = 0U; is_voxpopuli && i < N_HEADS; ++i) {
    if (heads[i].end[0] && strstr(name, heads[i].end)) {
      return fits(&heads[i], n_outputs, labels);
    }
  }
  for (uint32_t i = 0U; i < N_HEADS; ++i) { // English first, of the two with 32
    if (fits(&heads[i], n_outputs, labels)) {
      return true;
    }
  }
  return false;
}
