// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_BEAM8_PORTS_H
#define PINNA_PLUGINS_BEAM8_PORTS_H

#define BEAM_N_MICS 8
#include "plugins/common/beam_ports.h"

// The ports of the beamformer for eight microphones

#endif // PINNA_PLUGINS_BEAM8_PORTS_H
