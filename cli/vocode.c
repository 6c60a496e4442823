// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"
#include "cli/copy_voice.h"
#include "cli/feature.h"
#include "cli/feature_source.h"
#include "cli/fold_voice.h"
#include "cli/picture.h"
#include "cli/precision.h"
#include "cli/progress.h"
#include "host/audio_file.h"
#include "models/vocoder_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// `pinna vocode`: a recording taken apart into mel frames and spoken again

#define PICTURE_GAP_S 0.25

typedef struct {
  const char* model;
  const char* precision;
  const char* picture;
  const char* format;
  const char* subformat;
  unsigned    seed;
  unsigned    folds;
  bool        quiet;
} VocodeOptions;

typedef struct {
  const VocodeOptions* options;
  CliProgress          progress;
  PinnaLoadedVocoder   loaded;
  CliSound             in;      ///< One channel at the vocoder's rate
  float*               out;     ///< [in.n_samples]
  double               seconds; ///< That the vocoder took
} Vocode;

static void
on_copied(void* const handle, const double done) {
  cli_progress_show(&((Vocode*)handle)->progress, done);
}

static PinnaStatus
copy_voice(Vocode* const v, PinnaError* const error) {
  const size_t n = v->in.n_samples;
  v->out = (float*)calloc(n, sizeof(float));
  if (!v->out) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for the new voice");
  }
  const CliFolds    folds = {v->options->model, v->options->folds, v->options->seed};
  const double      start = cli_seconds();
  const PinnaStatus status =
      folds.n_folds
          ? cli_fold_voice(&v->loaded, &folds, v->in.samples[0], v->out, n, on_copied, v, error)
          : cli_copy_voice(&v->loaded.vocoder, v->in.samples[0], v->out, n, on_copied, v, error);
  v->seconds = cli_seconds() - start;
  return status;
}

static PinnaStatus
write_sound(const Vocode* const v, const char* const path, PinnaError* const error) {
  const PinnaAudioWriterConfig config = {.path = path,
                                         .format = v->options->format,
                                         .subformat = v->options->subformat,
                                         .sample_rate = v->in.rate,
                                         .n_channels = 1U,
                                         .n_frames = v->in.n_samples};
  PinnaAudioWriter*            writer = NULL;
  PinnaStatus                  status = pinna_audio_writer_open(&writer, &config, error);
  for (size_t at = 0U; at < v->in.n_samples && !status;) {
    const size_t       left = v->in.n_samples - at;
    const uint32_t     n = left < 65536U ? (uint32_t)left : 65536U;
    const float* const from[] = {v->out + at};
    status = pinna_audio_writer_write(writer, from, n, error);
    at += n;
  }
  const PinnaStatus closed = pinna_audio_writer_close(writer, status ? NULL : error);
  return status ? status : closed;
}

/// Before and after, one behind the other on the same scale
static PinnaStatus
draw(const Vocode* const v, PinnaError* const error) {
  const size_t            n = v->in.n_samples;
  const size_t            n_gap = (size_t)(PICTURE_GAP_S * v->in.rate);
  const CliFeatureOptions options = {.kind = "spectrogram",
                                     .style = "torchaudio",
                                     .n_fft = 1024U,
                                     .hop_length = 128U,
                                     .f_min = NAN,
                                     .f_max = NAN,
                                     .power = NAN,
                                     .frame_length = NAN,
                                     .frame_shift = NAN,
                                     .dither = NAN};
  CliMatrix               matrix;
  CliFeatureInfo          info;
  float* const            both = (float*)calloc(2U * n + n_gap, sizeof(float));
  if (!both) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for the picture");
  }
  memcpy(both, v->in.samples[0], n * sizeof(float));
  memcpy(both + n + n_gap, v->out, n * sizeof(float));
  const float* const in[] = {both};
  PinnaStatus        status =
      cli_feature_compute(&options, in, 1U, 2U * n + n_gap, v->in.rate, &matrix, &info, error);
  if (!status) {
    const CliPictureOptions picture = {.title = "the recording, and behind it its new voice",
                                       .subtitle = v->loaded.kind};
    status = cli_picture_write(v->options->picture, &matrix, &info, &picture, error);
    free(matrix.values);
  }
  free(both);
  return status;
}

static void
on_read(void* const handle, const double done) {
  (void)done;
  cli_progress_show(&((Vocode*)handle)->progress, 0.0);
}

static PinnaStatus
vocode(Vocode* const v, const char* const from, const char* const to, PinnaError* const error) {
  PinnaVocoderLoad load = {.path = v->options->model,
                           .n_frames = 16U,
                           .seed = v->options->seed,
                           .precision = PINNA_PRECISION_F16};
  char             warning[256];
  PinnaStatus      status =
      cli_precision(v->options->precision, PINNA_PRECISION_INT8, &load.precision, error);
  if (!status) {
    status = pinna_vocoder_load(&v->loaded, &load, error);
  }
  if (!status) {
    status = cli_sound_read(&v->in, from, v->loaded.vocoder.features.sample_rate, 1U, warning,
                            on_read, v, error);
  }
  if (!status && *warning) {
    fprintf(stderr, "pinna: %s: %s\n", from, warning);
  }
  if (!status) {
    status = copy_voice(v, error);
  }
  cli_progress_end(&v->progress);
  if (!status) {
    status = write_sound(v, to, error);
  }
  if (!status && v->options->picture) {
    status = draw(v, error);
  }
  return status;
}

static CliExit
main_vocode(const CliCommand* const command, const void* const options,
            const char* const* const args, const unsigned n_args) {
  const VocodeOptions* const o = (const VocodeOptions*)options;
  Vocode                     v = {.options = o, .progress = cli_progress_start(args[0], o->quiet)};
  PinnaError                 error = {{0}};
  (void)command;
  (void)n_args;
  const PinnaStatus status = vocode(&v, args[0], args[1], &error);
  if (!status && !o->quiet) {
    const double length = (double)v.in.n_samples / v.in.rate;
    fprintf(strcmp(args[1], "-") ? stdout : stderr,
            "%s: %.1f s of sound by %s at %.0f Hz, %.1f x real time\n", args[1], length,
            v.loaded.kind, v.in.rate, length / fmax(v.seconds, 1e-9));
  }
  free(v.out);
  cli_sound_free(&v.in);
  pinna_vocoder_unload(&v.loaded);
  return status ? cli_failed(status, &error) : CLI_EXIT_OK;
}

#define FIELD(field) offsetof(VocodeOptions, field)

static const CliOption vocode_options[] = {
    {"model", 'm', CLI_TEXT, FIELD(model), "FILE",
     "Weights of HiFi-GAN or WaveRNN, or ones of Pinna's own network; without it the one that is "
     "built in",
     0.0, 0.0},
    {"precision", 0, CLI_TEXT, FIELD(precision), "NAME",
     "WaveRNN's weights as float, half (the default) or int8", 0.0, 0.0},
    {"seed", 0, CLI_COUNT, FIELD(seed), "N", "Of the numbers that WaveRNN draws", 0.0,
     4294967295.0},
    {"folds", 0, CLI_COUNT, FIELD(folds), "N",
     "WaveRNN in float, in N pieces side by side that fade over: quickest where float is wanted",
     0.0, 64.0},
    {"picture", 'p', CLI_TEXT, FIELD(picture), "PNG",
     "Write both spectrograms, before and after, as a picture", 0.0, 0.0},
    {"format", 0, CLI_TEXT, FIELD(format), "NAME", "wav, flac and so on; else by OUT's ending", 0.0,
     0.0},
    {"subformat", 0, CLI_TEXT, FIELD(subformat), "NAME", "float, pcm16 and so on", 0.0, 0.0},
    {"quiet", 'q', CLI_FLAG, FIELD(quiet), NULL, "Print no progress and no summary", 0.0, 0.0},
    {0}};

const CliCommand cli_vocode = {
    .name = "vocode",
    .operands = "IN OUT",
    .least_args = 2U,
    .most_args = 2U,
    .summary = "Take a voice apart into mel frames and speak it again with a neural vocoder",
    .details = "Copy synthesis: what a vocoder makes of a recording's own mel frames. The first "
               "channel of IN is read at the vocoder's sample rate (16 kHz for the built-in one) "
               "and OUT has as many samples, in step with it.",
    .example = "pinna vocode speech.wav again.wav --picture both.png\n"
               "pinna vocode speech.wav again.wav --model hifigan_vocoder_v3_ljspeech.pth",
    .options = vocode_options,
    .options_size = sizeof(VocodeOptions),
    .main = main_vocode};
