// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/beam8.lv2/ports.h"

#include "plugins/common/beam_plugin.h"

// The beamformer for eight microphones
