// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_CAPTION_URIS_H
#define PINNA_BASE_CAPTION_URIS_H

// Captions as LV2 atoms: the vocabulary that plugins write and hosts read
//
// An event on an atom output is an atom:Object of type Caption with the properties below, members
// of PinnaCaption (base/caption.h). Positions count samples of the plugin since its activation;
// what has no words leaves out the last four. The greatest needs 12 KiB: ports that send captions
// declare rsz:minimumSize PINNA_CAPTION_ATOM_SIZE.

#define PINNA_CAPTION_ATOM_SIZE 16384

#define PINNA_CAPTION_PREFIX "urn:pinna:caption#"
#define PINNA_CAPTION__Caption PINNA_CAPTION_PREFIX "Caption"
#define PINNA_CAPTION__kind PINNA_CAPTION_PREFIX "kind"           // atom:Int, PinnaCaptionKind
#define PINNA_CAPTION__rate PINNA_CAPTION_PREFIX "rate"           // atom:Int, samples per second
#define PINNA_CAPTION__segment PINNA_CAPTION_PREFIX "segment"     // atom:Long
#define PINNA_CAPTION__start PINNA_CAPTION_PREFIX "start"         // atom:Long
#define PINNA_CAPTION__end PINNA_CAPTION_PREFIX "end"             // atom:Long
#define PINNA_CAPTION__stable PINNA_CAPTION_PREFIX "stable"       // atom:Int, bytes of text
#define PINNA_CAPTION__text PINNA_CAPTION_PREFIX "text"           // atom:String
#define PINNA_CAPTION__wordTimes PINNA_CAPTION_PREFIX "wordTimes" // Vector of Long: start, end, ...
#define PINNA_CAPTION__wordTexts PINNA_CAPTION_PREFIX "wordTexts" // Vector of Int: offset, bytes
#define PINNA_CAPTION__wordLogProbs PINNA_CAPTION_PREFIX "wordLogProbs" // Vector of Float

#endif // PINNA_BASE_CAPTION_URIS_H
