// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"
#include "cli/feature.h"
#include "cli/feature_inputs.h"
#include "cli/feature_sink.h"
#include "cli/feature_source.h"
#include "cli/kaldi_ark.h"
#include "cli/npy.h"
#include "cli/progress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// `pinna features`: sound files to arrays, tables, Kaldi archives and pictures

typedef struct {
  CliFeatureOptions feature;
  const char*       list;
  const char*       shard;
  const char*       out;
  const char*       format;
  double            rate;
  unsigned          channel;
  unsigned          width;
  unsigned          height;
  double            range_db;
  bool              skip_existing;
  bool              quiet;
} FeaturesOptions;

typedef struct {
  const FeaturesOptions* options;
  CliInputs              inputs;
  CliSink                sink;
  CliProgress            progress;
  size_t                 at; ///< Input being worked on
  size_t                 n_done;
  size_t                 n_failed;
  size_t                 n_skipped;
  double                 seconds; ///< Of sound
  uint64_t               n_frames;
} Job;

static void
on_read(void* const handle, const double done) {
  Job* const job = (Job*)handle;
  cli_progress_show(&job->progress, ((double)job->at + done) / (double)job->inputs.n);
}

static void
tell(Job* const job, const char* const path, const char* const text) {
  cli_progress_end(&job->progress);
  fprintf(stderr, "pinna: %s%s%s\n", strstr(text, path) ? "" : path, strstr(text, path) ? "" : ": ",
          text);
}

static PinnaStatus
put(Job* const job, const char* const id, const CliMatrix* const matrix,
    const CliFeatureInfo* const info, const char* const path, PinnaError* const error) {
  const FeaturesOptions* const o = job->options;
  char                         subtitle[160];
  snprintf(subtitle, sizeof(subtitle), "%s, %s style, %u frames of %u", o->feature.kind,
           cli_style_names[info->style], matrix->n_rows, matrix->n_cols);
  const char* const       slash = strrchr(path, '/');
  const CliPictureOptions picture = {o->width, o->height, o->range_db, slash ? slash + 1 : path,
                                     subtitle};
  job->n_frames += matrix->n_rows;
  return cli_sink_write(&job->sink, id, matrix, info, &picture, error);
}

static PinnaStatus
do_sound(Job* const job, const CliInput* const input, PinnaError* const error) {
  const FeaturesOptions* const o = job->options;
  CliSound                     sound;
  CliMatrix                    matrix;
  CliFeatureInfo               info;
  char                         warning[256];
  PinnaStatus                  status =
      cli_sound_read(&sound, input->path, o->rate, o->channel, warning, on_read, job, error);
  if (status) {
    return status;
  }
  if (*warning) {
    tell(job, input->path, warning);
  }
  status = cli_feature_compute(&o->feature, (const float* const*)sound.samples, sound.n_ch,
                               sound.n_samples, sound.rate, &matrix, &info, error);
  job->seconds += status ? 0.0 : (double)sound.n_samples / sound.rate;
  cli_sound_free(&sound);
  if (!status) {
    status = put(job, input->id, &matrix, &info, input->path, error);
    free(matrix.values);
  }
  return status;
}

/// Matrices that exist already, in another format
static PinnaStatus
do_matrices(Job* const job, const CliInput* const input, PinnaError* const error) {
  const CliFeatureInfo info = {.style = CLI_STYLE_KALDI,
                               .axis = CLI_AXIS_INDEX,
                               .unit = "value",
                               .row_major = true,
                               .frame_seconds = 0.01};
  CliMapped            mapped;
  CliMatrix            matrix = {0};
  char                 key[CLI_ARK_MAX_KEY];
  size_t               at = 0U;
  PinnaStatus          status = cli_map_file(&mapped, input->path, error);
  while (!status) {
    const char* id = input->id;
    if (input->kind == CLI_INPUT_ARK) {
      status = cli_ark_next(mapped.data, mapped.size, &at, key, &matrix, error);
      id = key;
    } else if (input->kind == CLI_INPUT_NPY) {
      status = cli_npy_read(mapped.data, mapped.size, &matrix, error);
    } else if (input->offset >= mapped.size) {
      status = pinna_fail(error, PINNA_STATUS_BAD_FILE, "the file ends before this matrix");
    } else {
      status = cli_ark_read_matrix((const char*)mapped.data + input->offset,
                                   mapped.size - input->offset, &matrix, &at, error);
    }
    if (!status) {
      status = put(job, id, &matrix, &info, input->path, error);
      free(matrix.values);
    }
    if (input->kind != CLI_INPUT_ARK) {
      break;
    }
  }
  cli_unmap_file(&mapped);
  return status == PINNA_STATUS_END ? PINNA_STATUS_OK : status;
}

static bool
exists(const Job* const job, const CliInput* const input) {
  char path[4096];
  return job->options->skip_existing && job->sink.format != CLI_FORMAT_ARK &&
         !cli_sink_path(&job->sink, input->id, path, sizeof(path), NULL) && !access(path, F_OK);
}

static void
do_input(Job* const job, const CliInput* const input) {
  PinnaError  error = {{0}};
  PinnaStatus status = PINNA_STATUS_OK;
  if (input->is_double) {
    status =
        pinna_fail(&error, PINNA_STATUS_BAD_ARG,
                   "an earlier recording is called '%s' too; name them in a --list", input->id);
  } else if (exists(job, input)) {
    ++job->n_skipped;
    return;
  } else {
    status = input->kind == CLI_INPUT_SOUND ? do_sound(job, input, &error)
                                            : do_matrices(job, input, &error);
  }
  if (status) {
    ++job->n_failed;
    tell(job, input->path, error.text[0] ? error.text : pinna_strerror(status));
  } else {
    ++job->n_done;
  }
}

static void
summarise(const Job* const job) {
  FILE* const  text = !strcmp(job->sink.out, "-") ? stderr : stdout;
  const double taken = cli_seconds() - job->progress.started;
  fprintf(text, "%zu of %zu recordings", job->n_done, job->inputs.n);
  if (job->inputs.n_shards > 1U) {
    fprintf(text, " (shard %u of %u, %zu in all)", job->inputs.shard, job->inputs.n_shards,
            job->inputs.n_all);
  }
  fprintf(text, ", %.1f s of sound, %llu frames", job->seconds, (unsigned long long)job->n_frames);
  if (job->n_skipped) {
    fprintf(text, ", %zu there already", job->n_skipped);
  }
  if (job->n_failed) {
    fprintf(text, ", %zu FAILED", job->n_failed);
  }
  if (job->seconds > 0.0) {
    fprintf(text, "; %.0f x real time", job->seconds / (taken > 1e-6 ? taken : 1e-6));
  }
  fputc('\n', text);
}

static PinnaStatus
run(Job* const job, const char* const* const args, const unsigned n_args, PinnaError* const error) {
  const FeaturesOptions* const o = job->options;
  PinnaStatus                  status = cli_feature_check(&o->feature, error);
  if (!status && !n_args && !o->list) {
    status = pinna_fail(error, PINNA_STATUS_BAD_ARG, "no input: name sound files, or a --list");
  }
  if (!status) {
    status = cli_inputs_gather(&job->inputs, args, n_args, o->list, o->shard, error);
  }
  if (!status) {
    status = cli_sink_open(&job->sink, o->out, o->format, job->inputs.n_all, job->inputs.shard,
                           job->inputs.n_shards, error);
  }
  if (!status) {
    for (job->at = 0U; job->at < job->inputs.n; ++job->at) {
      do_input(job, &job->inputs.items[job->at]);
      cli_progress_show(&job->progress, (double)(job->at + 1U) / (double)job->inputs.n);
    }
    cli_progress_end(&job->progress);
  }
  const PinnaStatus closed = cli_sink_close(&job->sink, error);
  return status ? status : closed;
}

static CliExit
features_main(const CliCommand* const command, const void* const options,
              const char* const* const args, const unsigned n_args) {
  (void)command;
  FeaturesOptions o = *(const FeaturesOptions*)options;
  PinnaError      error = {{0}};
  o.feature.kind = o.feature.kind ? o.feature.kind : "mel";
  Job               job = {.options = &o, .progress = cli_progress_start("features", o.quiet)};
  const PinnaStatus status = run(&job, args, n_args, &error);
  if (!status && !o.quiet) {
    summarise(&job);
  }
  cli_inputs_free(&job.inputs);
  if (status) {
    return cli_failed(status, &error);
  }
  return job.n_failed ? CLI_EXIT_FAILED : CLI_EXIT_OK;
}

#define OPTION(field) offsetof(FeaturesOptions, field)
#define FEATURE(field) offsetof(FeaturesOptions, feature.field)

static const CliOption features_options[] = {
    {"kind", 'k', CLI_TEXT, FEATURE(kind), "KIND",
     "mel (default), mfcc, lfcc, fbank, spectrogram, kaldi-spectrogram, centroid, pitch, loudness, "
     "vad, descriptors, level",
     0, 0},
    {"style", 's', CLI_TEXT, FEATURE(style), "STYLE",
     "Whose defaults and formulas: torchaudio, librosa, kaldi; pinna for pitch, loudness, vad", 0,
     0},
    {"out", 'o', CLI_TEXT, OPTION(out), "PATH",
     "Folder (default: here), file, or - (csv, npy, ark)", 0, 0},
    {"format", 'f', CLI_TEXT, OPTION(format), "FORMAT",
     "npy (default), csv, ark (with scp) or png; also by the ending of --out", 0, 0},
    {"list", 'l', CLI_TEXT, OPTION(list), "FILE",
     "Inputs, one a line: PATH, or ID PATH; - is stdin", 0, 0},
    {"shard", 0, CLI_TEXT, OPTION(shard), "I/N", "Only every N-th input from the I-th on (1 to N)",
     0, 0},
    {"rate", 'r', CLI_NUMBER, OPTION(rate), "HZ", "Resample to this rate first", 1000, 768000},
    {"channel", 'c', CLI_COUNT, OPTION(channel), "N", "This channel only (default: their mean)", 1,
     1024},
    {"n_fft", 0, CLI_COUNT, FEATURE(n_fft), "N", "Transform length (400; librosa 2048)", 2,
     1048576},
    {"win_length", 0, CLI_COUNT, FEATURE(win_length), "N", "Window (n_fft)", 1, 1048576},
    {"hop_length", 0, CLI_COUNT, FEATURE(hop_length), "N",
     "Samples from frame to frame (half the window; librosa a quarter)", 1, 1048576},
    {"n_mels", 0, CLI_COUNT, FEATURE(n_mels), "N", "Filters (128; kaldi 23)", 1, 4096},
    {"n_mfcc", 0, CLI_COUNT, FEATURE(n_mfcc), "N", "Coefficients (40; librosa 20; kaldi 13)", 1,
     4096},
    {"f_min", 0, CLI_NUMBER, FEATURE(f_min), "HZ", "Lowest filter's edge (0; kaldi 20)", 0, 384000},
    {"f_max", 0, CLI_NUMBER, FEATURE(f_max), "HZ", "Highest filter's edge (half the rate)", 1,
     384000},
    {"power", 0, CLI_NUMBER, FEATURE(power), "P",
     "Exponent of the magnitude (2; librosa's spectrogram 1)", 0.01, 10},
    {"no_center", 0, CLI_FLAG, FEATURE(no_center), NULL, "First frame begins at sample 0", 0, 0},
    {"log", 0, CLI_FLAG, FEATURE(log), NULL, "Decibels, for mel and spectrogram", 0, 0},
    {"frame_length", 0, CLI_NUMBER, FEATURE(frame_length), "MS", "kaldi: window (25)", 0.1, 10000},
    {"frame_shift", 0, CLI_NUMBER, FEATURE(frame_shift), "MS",
     "Step, of kaldi and curves (10; loudness 100)", 0.1, 10000},
    {"dither", 0, CLI_NUMBER, FEATURE(dither), "AMOUNT", "kaldi: noise before all (0)", 0, 1000},
    {"no_snip_edges", 0, CLI_FLAG, FEATURE(no_snip_edges), NULL, "kaldi: mirror the ends", 0, 0},
    {"use_energy", 0, CLI_FLAG, FEATURE(use_energy), NULL, "kaldi: the frame's energy too", 0, 0},
    {"width", 0, CLI_COUNT, OPTION(width), "PIXELS", "Of a picture (1200)", 240, 20000},
    {"height", 0, CLI_COUNT, OPTION(height), "PIXELS", "Of a picture (560)", 180, 20000},
    {"range", 0, CLI_NUMBER, OPTION(range_db), "DB", "Of a picture's colours (80)", 1, 300},
    {"skip-existing", 0, CLI_FLAG, OPTION(skip_existing), NULL,
     "Leave out recordings whose file is there: continue a broken job", 0, 0},
    {"quiet", 'q', CLI_FLAG, OPTION(quiet), NULL, "Print nothing but errors", 0, 0},
    {0},
};

const CliCommand cli_features = {
    .name = "features",
    .operands = "IN...",
    .least_args = 0U,
    .most_args = 1000000U,
    .summary = "Compute features of sound files",
    .details =
        "Reads sound files (any format libsndfile knows) and writes one file of features for each: "
        ".npy for NumPy, .csv, a .png picture, or all of them into one Kaldi archive with its scp "
        "file. Values equal TorchAudio's, librosa's or Kaldi's for the same options, which have "
        "their names. Arrays of torchaudio and librosa style are [features, frames], of kaldi "
        "style "
        "[frames, features], in Kaldi's 16-bit units. Channels are averaged unless --channel picks "
        "one. A file that cannot be read is named and the others go on; the exit code is 1 then. "
        "Inputs that are features already (.ark, .scp, .npy) are converted to the format asked "
        "for. "
        "An .scp of sound files is a list with names.",
    .example = "pinna features speech.flac --kind mel --n_mels 80 --rate 16000\n"
               "pinna features speech.flac --kind spectrogram --out speech.png\n"
               "pinna features --list corpus.txt --kind fbank --n_mels 80 --out feats --format ark "
               "--shard "
               "3/16\n"
               "pinna features feats/feats.scp --out pictures --format png",
    .options = features_options,
    .options_size = sizeof(FeaturesOptions),
    .main = features_main,
};
