// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_BEAM2_PORTS_H
#define PINNA_PLUGINS_BEAM2_PORTS_H

#define BEAM_N_MICS 2
#include "plugins/common/beam_ports.h"

// The ports of the beamformer for two microphones

#endif // PINNA_PLUGINS_BEAM2_PORTS_H
