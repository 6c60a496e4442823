// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/caption_out.h"

#include "plugins/common/caption_out_impl.h"

// The audio thread's side: where the transport is, and captions into the ring

#define JUMP_S 0.01 ///< More is no rounding: the transport went elsewhere

bool
pinna_caption_out_is_on(const PinnaCaptionOut* const out) {
  return atomic_load_explicit(&out->is_on, memory_order_acquire);
}

PinnaCaptionOutStatus
pinna_caption_out_status(const PinnaCaptionOut* const out) {
  return (PinnaCaptionOutStatus)atomic_load_explicit(&out->status, memory_order_relaxed);
}

bool
pinna_caption_out_waits(PinnaCaptionOut* const out) {
  const bool waits = out->waits;
  out->waits = false;
  return waits;
}

static bool
push(PinnaCaptionOut* const out, const PinnaCaptionOutMessage what, const void* const payload,
     const uint32_t size) {
  const bool good = pinna_ring_push(out->ring, (uint32_t)what, payload, size);
  if (!good) {
    atomic_fetch_add_explicit(&out->n_lost, 1U, memory_order_relaxed);
  }
  out->waits = true;
  return good;
}

static void
begin_pass(PinnaCaptionOut* const out, const PinnaCaptionPass pass) {
  out->pass = pass;
  out->is_told = false;
}

void
pinna_caption_out_reset(PinnaCaptionOut* const out) {
  begin_pass(out, (PinnaCaptionPass){.is_run = true});
}

/// @return Whether it rolls now and stood before
static bool
take_position(PinnaCaptionOut* const out, const PinnaTransport* const transport,
              const uint64_t at) {
  const PinnaCaptionPass* const pass = &out->pass;
  const int64_t                 expected = pass->frame + (int64_t)(at - pass->sample);
  const int64_t                 off = transport->frame - expected;
  const int64_t                 most = (int64_t)(JUMP_S * out->rate);
  const bool                    rolled = !pass->is_run && !pass->stands;
  if (transport->rolls && (!rolled || off > most || off < -most)) {
    begin_pass(out, (PinnaCaptionPass){.sample = at, .frame = transport->frame});
  } else if (!transport->rolls && rolled) {
    begin_pass(out, (PinnaCaptionPass){.sample = at, .stands = true});
  }
  return transport->rolls && !rolled;
}

/// Tell the worker of the present pass, if it does not know it
static void
tell_pass(PinnaCaptionOut* const out) {
  if (!pinna_caption_out_is_on(out)) {
    out->is_told = false;
  } else if (!out->is_told) {
    out->is_told = push(out, PINNA_CAPTION_OUT_PASS, &out->pass, sizeof(out->pass));
  }
}

bool
pinna_caption_out_follow(PinnaCaptionOut* const out, const PinnaEvents* const events,
                         const uint32_t control, const uint64_t at) {
  uint32_t              frame = 0U;
  const LV2_Atom_Event* event = NULL;
  bool                  begins = false;
  while ((event = pinna_event_next(events, control, event, &frame))) {
    PinnaTransport transport;
    if (pinna_transport_read(&out->urids, event, &transport)) {
      tell_pass(out);
      begins = take_position(out, &transport, at + frame) ? !frame : begins;
    }
  }
  tell_pass(out);
  return begins;
}

void
pinna_caption_out_put(PinnaCaptionOut* const out, const PinnaCaption* const caption) {
  if (caption->kind != PINNA_CAPTION_PARTIAL && pinna_caption_out_is_on(out)) {
    push(out, PINNA_CAPTION_OUT_CAPTION, caption, sizeof(*caption));
  }
}
