// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LV2_PARAMETERS_H
#define PINNA_HOST_LV2_PARAMETERS_H

#include "base/status.h"
#include "host/instance.h"

#include <lv2/atom/atom.h>

// What a plugin lets be set beside its ports: patch:writable parameters, by messages

struct PinnaInstanceImpl;

/// Find the plugin's parameters. Control thread. @return NO_MEM
PinnaStatus pinna_parameters_describe(struct PinnaInstanceImpl* instance, PinnaError* error);

/// Free what pinna_parameters_describe() allocated
void pinna_parameters_free(struct PinnaInstanceImpl* instance);

/// By symbol, label, URI or its last part; NULL if there is none
const PinnaParameterInfo* pinna_parameters_find(const struct PinnaInstanceImpl* instance,
                                                const char*                     name);

/// Understand a text as a parameter's value, and queue the message that sets it.
/// @param sends False: only see whether it can be done
/// @return BAD_ARG, UNSUPPORTED (a type that a text cannot say, or nowhere to send it), BUSY
PinnaStatus pinna_parameters_set(struct PinnaInstanceImpl* instance,
                                 const PinnaParameterInfo* parameter, const char* text, bool sends,
                                 PinnaError* error);

/// Write "a, b and c": the names of all
const char* pinna_parameters_names(const struct PinnaInstanceImpl* instance, char* text,
                                   size_t size);

#endif // PINNA_HOST_LV2_PARAMETERS_H
