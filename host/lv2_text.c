// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/number.h"
#include "host/instance.h"
#include "host/instance_impl.h"
#include "host/lv2_parameters.h"
#include "host/lv2_ports.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

// Control values from text: numbers with units, labels, switches

/// A unit as people write it, and how many of `base` it is
typedef struct {
  const char* text;
  const char* base;
  double      factor;
} Unit;

static const Unit units[] = {
    {"Hz", "Hz", 1.0},   {"kHz", "Hz", 1e3},  {"k", "Hz", 1e3},      {"MHz", "Hz", 1e6},
    {"s", "s", 1.0},     {"sec", "s", 1.0},   {"ms", "s", 1e-3},     {"us", "s", 1e-6},
    {"min", "s", 60.0},  {"dB", "dB", 1.0},   {"dBFS", "dB", 1.0},   {"%", "%", 1.0},
    {"deg", "deg", 1.0}, {"°", "deg", 1.0},   {"semi", "ct", 100.0}, {"st", "ct", 100.0},
    {"ct", "ct", 1.0},   {"cent", "ct", 1.0}, {"cents", "ct", 1.0},  {"BPM", "BPM", 1.0},
};

static const Unit*
find_unit(const char* const text) {
  for (size_t i = 0U; i < sizeof(units) / sizeof(units[0]); ++i) {
    if (!strcasecmp(units[i].text, text)) {
      return units + i;
    }
  }
  return NULL;
}

/// A decimal number in any locale; false if there is none
static bool
parse_number(const char* const text, double* const value, const char** const end) {
  char* after = NULL;
  *value = pinna_number_read(text, &after);
  while (isspace((unsigned char)*after)) {
    ++after;
  }
  *end = after;
  return after != text && isfinite(*value);
}

/// Convert from the unit `suffix` to that of the port; false if they do not fit together
static bool
convert(const PinnaPortInfo* const info, const char* const suffix, double* const value) {
  const Unit* const from = find_unit(suffix);
  const Unit* const to = find_unit(info->unit);
  if (!suffix[0] || !strcasecmp(suffix, info->unit)) {
    return true;
  }
  if (!from || !to || strcmp(from->base, to->base) != 0) {
    return false;
  }
  *value *= from->factor / to->factor;
  return true;
}

static bool
parse_switch(const PinnaPortInfo* const info, const char* const text, double* const value) {
  static const char* const words[] = {"off", "on", "no", "yes", "false", "true"};
  for (size_t i = 0U; (info->flags & PINNA_PORT_TOGGLED) && i < 6U; ++i) {
    if (!strcasecmp(text, words[i])) {
      *value = (double)(i % 2U);
      return true;
    }
  }
  return false;
}

static bool
parse_label(const PinnaPortInfo* const info, const char* const text, double* const value) {
  for (uint32_t i = 0U; i < info->n_points; ++i) {
    if (!strcasecmp(info->points[i].label, text)) {
      *value = (double)info->points[i].value;
      return true;
    }
  }
  return false;
}

static const char*
expected(const PinnaPortInfo* const info, char* const text, const size_t size) {
  const char* const space = info->unit[0] ? " " : "";
  size_t            n = 0U;
  text[0] = '\0';
  for (uint32_t i = 0U; i < info->n_points && n < size; ++i) {
    n += (size_t)snprintf(text + n, size - n, "%s'%s' (%g)", i ? ", " : "one of ",
                          info->points[i].label, (double)info->points[i].value);
  }
  if (info->flags & PINNA_PORT_TOGGLED) {
    snprintf(text, size, "on or off");
  } else if (!(info->flags & PINNA_PORT_ENUMERATION) && n < size) {
    const bool        bounded = isfinite(info->minimum) && isfinite(info->maximum);
    const char* const kind = info->flags & PINNA_PORT_INTEGER ? "a whole number" : "a number";
    n += (size_t)snprintf(text + n, size - n, "%s%s", n ? ", or " : "", kind);
    if (bounded && n < size) {
      snprintf(text + n, size - n, " from %g to %g%s%s", (double)info->minimum,
               (double)info->maximum, space, info->unit);
    }
  }
  return text;
}

/// The value must be one that the control can have, but for rounding
static bool
is_possible(const PinnaPortInfo* const info, const double value) {
  const float taken = pinna_ports_clamp(info, (float)value);
  return fabs((double)taken - value) <= 1e-5 * (fabs(value) + fabs((double)taken)) + 1e-30;
}

/// A text as the value of the control input `symbol`
static PinnaStatus
parse_control(const PinnaInstance* const instance, const char* const symbol, const char* const text,
              uint32_t* const port, float* const value, PinnaError* const error) {
  PinnaError        reason = {""};
  char              names[512];
  const PinnaStatus status = pinna_instance_find(instance, symbol, port, &reason);
  if (status) {
    const bool asks = strchr(reason.text, '?');
    return pinna_fail(error, status, instance->n_parameters ? "%s%s parameters are %s" : "%s",
                      reason.text, asks ? " Its" : "; its",
                      pinna_parameters_names(instance, names, sizeof(names)));
  }

  const PinnaPortInfo* const info = &instance->ports[*port].info;
  if (info->kind != PINNA_PORT_CONTROL || !(info->flags & PINNA_PORT_IS_INPUT)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "The port '%s' of '%s' is not a control to set",
                      symbol, pinna_instance_uri(instance));
  }

  double      number = 0.0;
  const char* suffix = "";
  const bool  word = parse_label(info, text, &number) || parse_switch(info, text, &number);
  const bool  known =
      word || (parse_number(text, &number, &suffix) && convert(info, suffix, &number));
  if (!known || !is_possible(info, number)) {
    char wanted[512];
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "The control '%s' takes %s, not '%s'", symbol,
                      expected(info, wanted, sizeof(wanted)), text);
  }
  *value = (float)number;
  return PINNA_STATUS_OK;
}

/// A control by this symbol, else a parameter
static PinnaStatus
use_text(PinnaInstance* const instance, const char* const symbol, const char* const text,
         const bool sets, PinnaError* const error) {
  const PinnaParameterInfo* const parameter = pinna_parameters_find(instance, symbol);
  uint32_t                        port = 0U;
  float                           value = 0.0F;
  const bool                      is_port = !pinna_instance_find(instance, symbol, &port, NULL) &&
                       instance->ports[port].info.kind == PINNA_PORT_CONTROL &&
                       (instance->ports[port].info.flags & PINNA_PORT_IS_INPUT);
  if (parameter && !is_port) {
    return pinna_parameters_set(instance, parameter, text, sets, error);
  }
  const PinnaStatus status = parse_control(instance, symbol, text, &port, &value, error);
  if (!status && sets) {
    pinna_instance_set(instance, port, value);
  }
  return status;
}

PinnaStatus
pinna_instance_set_text(PinnaInstance* const instance, const char* const symbol,
                        const char* const text, PinnaError* const error) {
  return use_text(instance, symbol, text, true, error);
}

PinnaStatus
pinna_instance_check_text(PinnaInstance* const instance, const char* const symbol,
                          const char* const text, PinnaError* const error) {
  return use_text(instance, symbol, text, false, error);
}
