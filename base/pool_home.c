// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Where the pool of the process is: of its own, so that a plugin can link it as an object, because
// what it links from archives is its secret (--exclude-libs)

// Unique in the process although many modules define it: the dynamic linker binds all to the first.
// The number changes with the layout of Home or the pool. Zero is a valid mutex.
__asm__(".pushsection .bss.pinna_pool_home_3, \"aw\", %nobits\n"
        ".balign 64\n"
        ".globl pinna_pool_home_3\n"
        ".type pinna_pool_home_3, %gnu_unique_object\n"
        ".size pinna_pool_home_3, 128\n"
        "pinna_pool_home_3: .zero 128\n"
        ".popsection\n");
