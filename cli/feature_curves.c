// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "cli/feature_kinds.h"
#include "dsp/loudness.h"
#include "dsp/pitch_nccf.h"
#include "dsp/vad.h"
#include "dsp/vad_torchaudio.h"
#include "dsp/yin.h"

#include <math.h>
#include <stdlib.h>

// Curves over time: loudness, pitch, voice activity

static const double voiced = 0.75; ///< Confidence from which a pitch is one

static PinnaStatus
refused(const PinnaStatus status, PinnaError* const error) {
  return status == PINNA_STATUS_BAD_ARG
             ? pinna_fail(error, status, "not for this sample rate, or options out of range")
             : status;
}

static double
step_of(const CliFeatureCall* const call, const double usual) {
  return call->options->frame_shift > 0.0 ? 0.001 * call->options->frame_shift : usual;
}

/// Sample at which row r is read
static size_t
end_of(const CliFeatureCall* const call, const double step, const size_t r) {
  return (size_t)llround((double)(r + 1U) * step * call->rate);
}

static size_t
count_rows(const CliFeatureCall* const call, const double step) {
  size_t n = (size_t)((double)call->n_samples / call->rate / step) + 1U;
  while (n && end_of(call, step, n - 1U) > call->n_samples) {
    --n;
  }
  return n;
}

static void
describe(CliFeatureInfo* const info, const double step, const double first,
         const char* const unit) {
  info->frame_seconds = step;
  info->first_seconds = first;
  info->unit = unit;
  info->axis = CLI_AXIS_CURVE;
  info->row_major = info->style == CLI_STYLE_PINNA;
}

static PinnaStatus
build_loudness(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_loudness_init((PinnaLoudness**)object, arena, (const PinnaLoudnessConfig*)config);
}

PinnaStatus
cli_feature_loudness(const CliFeatureCall* const call, CliMatrix* const out,
                     CliFeatureInfo* const info, PinnaError* const error) {
  const PinnaLoudnessConfig config = {.sample_rate = call->rate, .n_ch = call->n_ch};
  const double              step = step_of(call, 0.1);
  void*                     memory = NULL;
  void*                     object = NULL;
  PinnaStatus               status = pinna_arena_build(&memory, &object, build_loudness, &config);
  if (status) {
    return refused(status, error);
  }
  PinnaLoudness* const self = (PinnaLoudness*)object;
  status = cli_feature_make(call, out, count_rows(call, step), 5U, error);
  size_t at = 0U;
  for (size_t r = 0U; !status && r < out->n_rows; ++r) {
    const float*         in[PINNA_LOUDNESS_MAX_CHANNELS];
    const size_t         end = end_of(call, step, r);
    PinnaLoudnessReading reading;
    for (uint32_t c = 0U; c < call->n_ch; ++c) {
      in[c] = call->in[c] + at;
    }
    pinna_loudness_run(self, in, (uint32_t)(end - at));
    pinna_loudness_read(self, &reading);
    const float row[5] = {(float)reading.momentary, (float)reading.short_term,
                          (float)reading.integrated, (float)reading.range,
                          (float)reading.true_peak};
    for (uint32_t i = 0U; i < 5U; ++i) {
      out->values[5U * r + i] = row[i];
    }
    at = end;
  }
  pinna_arena_free(memory);
  describe(info, step, step, "LUFS");
  static const char* const names[] = {"momentary", "short_term", "integrated", "range_lu",
                                      "true_peak_dbtp"};
  for (uint32_t i = 0U; i < 5U; ++i) {
    info->columns[i] = names[i];
  }
  info->n_shown = 3U;
  return status;
}

PinnaStatus
cli_feature_loudness_torchaudio(const CliFeatureCall* const call, CliMatrix* const out,
                                CliFeatureInfo* const info, PinnaError* const error) {
  double      lkfs = NAN;
  PinnaStatus status = pinna_loudness_torchaudio(call->in, call->n_ch, call->n_samples,
                                                 (uint32_t)lround(call->rate), &lkfs);
  status = status ? refused(status, error) : cli_feature_make(call, out, 1U, 1U, error);
  if (!status) {
    out->values[0] = (float)lkfs;
  }
  describe(info, (double)call->n_samples / call->rate, 0.0, "LKFS");
  info->columns[0] = "lkfs";
  return status;
}

static PinnaStatus
build_yin(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_yin_init((PinnaYin**)object, arena, (const PinnaYinConfig*)config);
}

PinnaStatus
cli_feature_pitch(const CliFeatureCall* const call, CliMatrix* const out,
                  CliFeatureInfo* const info, PinnaError* const error) {
  const double         step = step_of(call, 0.01);
  const PinnaYinConfig config = {.sample_rate = call->rate,
                                 .f_min = call->options->f_min,
                                 .f_max = call->options->f_max,
                                 .interval = fmin(fmax(0.5 * step, 0.001), 0.1)};
  void*                memory = NULL;
  void*                object = NULL;
  PinnaStatus          status = pinna_arena_build(&memory, &object, build_yin, &config);
  if (status) {
    return refused(status, error);
  }
  PinnaYin* const self = (PinnaYin*)object;
  const double    delay = pinna_yin_delay(self) / call->rate;
  status = cli_feature_make(call, out, count_rows(call, step), 2U, error);
  size_t at = 0U;
  for (size_t r = 0U; !status && r < out->n_rows; ++r) {
    const float* const in = call->in[0] + at;
    const size_t       end = end_of(call, step, r);
    pinna_yin_run(self, &in, (uint32_t)(end - at));
    const PinnaYinResult result = pinna_yin_result(self);
    out->values[2U * r] = result.confidence >= voiced ? (float)result.f0 : 0.0f;
    out->values[2U * r + 1U] = (float)result.confidence;
    at = end;
  }
  pinna_arena_free(memory);
  describe(info, step, step - delay, "Hz");
  info->columns[0] = "f0";
  info->columns[1] = "confidence";
  info->n_shown = 1U;
  info->zero_is_gap = true;
  return status;
}

static PinnaStatus
build_nccf(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_pitch_nccf_init((PinnaPitchNccf**)object, arena,
                               (const PinnaPitchNccfConfig*)config);
}

PinnaStatus
cli_feature_pitch_torchaudio(const CliFeatureCall* const call, CliMatrix* const out,
                             CliFeatureInfo* const info, PinnaError* const error) {
  const CliFeatureOptions* const o = call->options;
  PinnaPitchNccfConfig           config = pinna_pitch_nccf_config((uint32_t)lround(call->rate));
  config.frame_time = step_of(call, config.frame_time);
  config.win_length = o->win_length ? o->win_length : config.win_length;
  config.freq_low = o->f_min > 0.0 ? (uint32_t)o->f_min : config.freq_low;
  config.freq_high = o->f_max > 0.0 ? (uint32_t)o->f_max : config.freq_high;
  void*       memory = NULL;
  void*       object = NULL;
  PinnaStatus status = pinna_arena_build(&memory, &object, build_nccf, &config);
  if (status) {
    return refused(status, error);
  }
  const PinnaPitchNccf* const self = (const PinnaPitchNccf*)object;
  status = cli_feature_make(call, out, pinna_pitch_nccf_n_frames(self, call->n_samples), 1U, error);
  if (!status) {
    status = pinna_pitch_nccf_run(self, call->in[0], call->n_samples, out->values);
  }
  pinna_arena_free(memory);
  describe(info, config.frame_time, 0.5 * config.frame_time, "Hz");
  info->columns[0] = "f0";
  return status;
}

static PinnaStatus
build_vad(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_vad_init((PinnaVad**)object, arena, (const PinnaVadConfig*)config);
}

PinnaStatus
cli_feature_vad(const CliFeatureCall* const call, CliMatrix* const out, CliFeatureInfo* const info,
                PinnaError* const error) {
  const PinnaVadConfig config = {.sample_rate = call->rate};
  const double         step = step_of(call, 0.01);
  void*                memory = NULL;
  void*                object = NULL;
  PinnaStatus          status = pinna_arena_build(&memory, &object, build_vad, &config);
  if (status) {
    return refused(status, error);
  }
  PinnaVad* const self = (PinnaVad*)object;
  status = cli_feature_make(call, out, count_rows(call, step), 2U, error);
  size_t at = 0U;
  for (size_t r = 0U; !status && r < out->n_rows; ++r) {
    const size_t end = end_of(call, step, r);
    pinna_vad_run(self, call->in[0] + at, (uint32_t)(end - at));
    out->values[2U * r] = pinna_vad_probability(self);
    out->values[2U * r + 1U] = pinna_vad_is_active(self) ? 1.0f : 0.0f;
    at = end;
  }
  pinna_arena_free(memory);
  describe(info, step, step, "probability of speech");
  info->columns[0] = "probability";
  info->columns[1] = "active";
  return status;
}

typedef struct {
  PinnaVadTorchaudioConfig config;
  uint32_t                 n_ch;
} VadBuild;

static PinnaStatus
build_vad_torchaudio(void** const object, PinnaArena* const arena, const void* const data) {
  const VadBuild* const build = (const VadBuild*)data;
  return pinna_vad_torchaudio_init((PinnaVadTorchaudio**)object, arena, &build->config,
                                   build->n_ch);
}

/// Where functional.vad() would begin, in seconds
PinnaStatus
cli_feature_vad_torchaudio(const CliFeatureCall* const call, CliMatrix* const out,
                           CliFeatureInfo* const info, PinnaError* const error) {
  const VadBuild build = {pinna_vad_torchaudio_config((uint32_t)lround(call->rate)), call->n_ch};
  void*          memory = NULL;
  void*          object = NULL;
  PinnaStatus    status = pinna_arena_build(&memory, &object, build_vad_torchaudio, &build);
  if (status) {
    return refused(status, error);
  }
  PinnaVadTorchaudio* const self = (PinnaVadTorchaudio*)object;
  status = cli_feature_make(call, out, 1U, 1U, error);
  if (!status) {
    const size_t start = pinna_vad_torchaudio_run(self, call->in, call->n_samples);
    out->values[0] = (float)((double)start / call->rate);
  }
  pinna_arena_free(memory);
  describe(info, (double)call->n_samples / call->rate, 0.0, "s");
  info->columns[0] = "speech_start";
  return status;
}
