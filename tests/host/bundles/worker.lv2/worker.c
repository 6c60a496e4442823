// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <lv2/worker/worker.h>

#include <stdio.h>
#include <stdlib.h>

// Asks its worker to double each new question, answers on a port, counts end_run and refusals, and
// leaves in PINNA_TEST_WORKER_LOST how many jobs that were taken were never done

typedef struct {
  Ports                      ports;
  const LV2_Worker_Schedule* schedule;
  float                      question;
  float                      answer;
  uint32_t                   n_ends;
  uint32_t                   n_refused;
  uint32_t                   n_taken;
  uint32_t                   n_done;
} Worker;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  Worker* const worker = (Worker*)calloc(1U, sizeof(Worker));
  worker->schedule = (const LV2_Worker_Schedule*)feature(features, LV2_WORKER__schedule);
  return worker;
}

static void
ask(Worker* const worker, const float question) {
  const unsigned is_refused =
      worker->schedule->schedule_work(worker->schedule->handle, sizeof(question), &question) !=
      LV2_WORKER_SUCCESS;
  worker->n_refused += is_refused;
  worker->n_taken += !is_refused;
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  Worker* const worker = (Worker*)handle;
  const float   question = control(handle, 2U);
  if (question != worker->question) {
    worker->question = question;
    ask(worker, question);
  }
  for (uint32_t i = 0U; i < (uint32_t)control(handle, 6U); ++i) {
    ask(worker, question);
  }
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
  report(handle, 3U, worker->answer);
  report(handle, 4U, (float)worker->n_ends);
  report(handle, 5U, (float)worker->n_refused);
}

static LV2_Worker_Status
work(const LV2_Handle handle, const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle respond_handle, const uint32_t size, const void* const data) {
  ++((Worker*)handle)->n_done;
  const float answer = size == sizeof(float) ? 2.0F * *(const float*)data : -1.0F;
  return respond(respond_handle, sizeof(answer), &answer);
}

static LV2_Worker_Status
work_response(const LV2_Handle handle, const uint32_t size, const void* const body) {
  (void)size;
  ((Worker*)handle)->answer = *(const float*)body;
  return LV2_WORKER_SUCCESS;
}

static LV2_Worker_Status
end_run(const LV2_Handle handle) {
  ++((Worker*)handle)->n_ends;
  return LV2_WORKER_SUCCESS;
}

static void
clean_up(const LV2_Handle handle) {
  const Worker* const worker = (const Worker*)handle;
  char                lost[16];
  snprintf(lost, sizeof(lost), "%u", worker->n_taken - worker->n_done);
  setenv("PINNA_TEST_WORKER_LOST", lost, 1);
  free(handle);
}

static const void*
extension(const char* const uri) {
  static const LV2_Worker_Interface worker = {work, work_response, end_run};
  return strcmp(uri, LV2_WORKER__interface) ? NULL : &worker;
}

TEST_PLUGIN("worker", make, NULL, run, clean_up, extension)
