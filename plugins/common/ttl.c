// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/ttl.h"

#include <stdbool.h>
#include <string.h>

// Writes Turtle

static const char* const heading =
    "# SPDX-FileCopyrightText: 2026 The Pinna authors\n"
    "# SPDX-License-Identifier: GPL-3.0-or-later\n\n"
    "@prefix atom: <http://lv2plug.in/ns/ext/atom#> .\n"
    "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
    "@prefix idpy: <http://harrisonconsoles.com/lv2/inlinedisplay#> .\n"
    "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
    "@prefix log: <http://lv2plug.in/ns/ext/log#> .\n"
    "@prefix midi: <http://lv2plug.in/ns/ext/midi#> .\n"
    "@prefix param: <http://lv2plug.in/ns/ext/parameters#> .\n"
    "@prefix patch: <http://lv2plug.in/ns/ext/patch#> .\n"
    "@prefix pg: <http://lv2plug.in/ns/ext/port-groups#> .\n"
    "@prefix pprops: <http://lv2plug.in/ns/ext/port-props#> .\n"
    "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "@prefix rsz: <http://lv2plug.in/ns/ext/resize-port#> .\n"
    "@prefix state: <http://lv2plug.in/ns/ext/state#> .\n"
    "@prefix time: <http://lv2plug.in/ns/ext/time#> .\n"
    "@prefix units: <http://lv2plug.in/ns/extensions/units#> .\n"
    "@prefix urid: <http://lv2plug.in/ns/ext/urid#> .\n"
    "@prefix work: <http://lv2plug.in/ns/ext/worker#> .\n\n";

#define UNIT(label, symbol, render)                                                                \
  ("[ a units:Unit ; rdfs:label \"" label "\" ; units:symbol \"" symbol                            \
   "\" ; units:render \"" render "\" ]")

static const char* const unit_turtle[PINNA_N_UNITS] = {
    [PINNA_UNIT_DB] = "units:db",
    [PINNA_UNIT_HZ] = "units:hz",
    [PINNA_UNIT_FRAME] = "units:frame",
    [PINNA_UNIT_MS] = "units:ms",
    [PINNA_UNIT_S] = "units:s",
    [PINNA_UNIT_PC] = "units:pc",
    [PINNA_UNIT_CENT] = "units:cent",
    [PINNA_UNIT_SEMITONE] = "units:semitone12TET",
    [PINNA_UNIT_DEGREE] = "units:degree",
    [PINNA_UNIT_MM] = "units:mm",
    [PINNA_UNIT_Q] = UNIT("quality factor", "Q", "Q %f"),
    [PINNA_UNIT_DB_OCT] = UNIT("decibels per octave", "dB/oct", "%f dB/oct"),
    [PINNA_UNIT_LUFS] = UNIT("loudness re full scale", "LUFS", "%f LUFS"),
    [PINNA_UNIT_LU] = UNIT("loudness units", "LU", "%f LU"),
    [PINNA_UNIT_DBTP] = UNIT("true peak re full scale", "dBTP", "%f dBTP"),
    [PINNA_UNIT_COEF] = "units:coef",
    [PINNA_UNIT_BPM] = "units:bpm",
};

static const char* const role_turtle[PINNA_N_ROLES] = {
    [PINNA_ROLE_ENABLED] = "lv2:enabled",
    [PINNA_ROLE_LATENCY] = "lv2:latency",
    [PINNA_ROLE_FREEWHEEL] = "lv2:freeWheeling",
    [PINNA_ROLE_LEFT] = "pg:left",
    [PINNA_ROLE_RIGHT] = "pg:right",
    [PINNA_ROLE_CENTER] = "pg:center",
    [PINNA_ROLE_CONTROL] = "lv2:control",
};

static const char* const kind_turtle[] = {
    [PINNA_AUDIO_IN] = "lv2:InputPort , lv2:AudioPort",
    [PINNA_AUDIO_OUT] = "lv2:OutputPort , lv2:AudioPort",
    [PINNA_CONTROL_IN] = "lv2:InputPort , lv2:ControlPort",
    [PINNA_CONTROL_OUT] = "lv2:OutputPort , lv2:ControlPort",
    [PINNA_EVENT_IN] = "lv2:InputPort , atom:AtomPort",
    [PINNA_EVENT_OUT] = "lv2:OutputPort , atom:AtomPort",
};

/// With a decimal point, always: hosts read a preset's integers as bits of a float
static void
write_number(FILE* const out, const char* const before, const double value) {
  char text[32];
  snprintf(text, sizeof(text), "%.9g", value);
  fprintf(out, "%s%s%s", before, text, strpbrk(text, ".e") ? "" : ".0");
}

void
ttl_manifest(FILE* const out, const PinnaInfo* const info) {
  fputs(heading, out);
  for (uint32_t v = 0U; v < info->n_variants; ++v) {
    fprintf(out, "<%s>\n\ta lv2:Plugin ;\n\tlv2:binary <%s.so> ;\n\trdfs:seeAlso <%s.ttl> .\n\n",
            info->variants[v].uri, info->name, info->name);
  }
}

static void
write_properties(FILE* const out, const PinnaPort* const port) {
  static const struct {
    unsigned    flag;
    const char* name;
  } properties[] = {
      {PINNA_TOGGLED, "lv2:toggled"},
      {PINNA_INTEGER | PINNA_ENUMERATION, "lv2:integer"},
      {PINNA_ENUMERATION, "lv2:enumeration"},
      {PINNA_LOGARITHMIC, "pprops:logarithmic"},
      {PINNA_NOT_AUTOMATIC, "pprops:notAutomatic"},
      {PINNA_NOT_ON_GUI, "pprops:notOnGUI"},
      {PINNA_TRIGGER, "pprops:trigger"},
  };

  const char* before = " ;\n\t\tlv2:portProperty ";
  for (size_t i = 0U; i < PINNA_COUNT(properties); ++i) {
    if (port->flags & properties[i].flag) {
      fprintf(out, "%s%s", before, properties[i].name);
      before = " , ";
    }
  }
  if (port->role == PINNA_ROLE_LATENCY) {
    fprintf(out, "%slv2:reportsLatency", before);
  }
}

static void
write_control(FILE* const out, const PinnaPort* const port) {
  if (port->kind == PINNA_CONTROL_IN) {
    write_number(out, " ;\n\t\tlv2:default ", (double)port->def);
  }
  write_number(out, " ;\n\t\tlv2:minimum ", (double)port->min);
  write_number(out, " ;\n\t\tlv2:maximum ", (double)port->max);
  write_properties(out, port);
  if (port->unit) {
    fprintf(out, " ;\n\t\tunits:unit %s", unit_turtle[port->unit]);
  }
  if (port->steps) {
    fprintf(out, " ;\n\t\tpprops:rangeSteps %u", port->steps);
  }
  if (port->priority) {
    fprintf(out, " ;\n\t\tpprops:displayPriority %u", port->priority);
  }
  for (const PinnaScalePoint* point = port->points; point && point->label; ++point) {
    fprintf(out, " ;\n\t\tlv2:scalePoint [ rdfs:label \"%s\"", point->label);
    write_number(out, " ; rdf:value ", (double)point->value);
    fputs(" ]", out);
  }
  if (port->comment) {
    fprintf(out, " ;\n\t\trdfs:comment \"%s\"", port->comment);
  }
}

static void
write_events(FILE* const out, const PinnaPort* const port) {
  fputs(" ;\n\t\tatom:bufferType atom:Sequence ;\n\t\tlv2:portProperty lv2:connectionOptional",
        out);
  if (port->supports) {
    fprintf(out, " ;\n\t\tatom:supports %s", port->supports);
  }
  if (port->size) {
    fprintf(out, " ;\n\t\trsz:minimumSize %u", port->size);
  }
  if (port->comment) {
    fprintf(out, " ;\n\t\trdfs:comment \"%s\"", port->comment);
  }
}

static void
write_port(FILE* const out, const PinnaInfo* const info, const PinnaVariant* const variant,
           const PinnaPort* const port, const uint32_t index) {
  fprintf(out, "%s[\n\t\ta %s ;\n\t\tlv2:index %u ;\n\t\tlv2:symbol \"%s\" ;\n\t\tlv2:name \"%s\"",
          index ? " , " : " ;\n\tlv2:port ", kind_turtle[port->kind], index, port->symbol,
          port->name);
  if (port->role) {
    fprintf(out, " ;\n\t\tlv2:designation %s", role_turtle[port->role]);
  }
  if (port->kind == PINNA_AUDIO_IN || port->kind == PINNA_AUDIO_OUT) {
    const bool side = port->flags & PINNA_SIDE_CHAIN;
    fprintf(out, " ;\n\t\tpg:group <%s#%s>%s", variant->uri,
            side                           ? "side_chain"
            : port->kind == PINNA_AUDIO_IN ? "main_in"
                                           : "main_out",
            side ? " ;\n\t\tlv2:portProperty lv2:connectionOptional , lv2:isSideChain" : "");
  } else if (port->kind == PINNA_EVENT_IN || port->kind == PINNA_EVENT_OUT) {
    write_events(out, port);
  } else {
    write_control(out, port);
    if (port->group) {
      fprintf(out, " ;\n\t\tpg:group <urn:pinna:%s#%s>", info->name, port->group);
    }
  }
  fputs("\n\t]", out);
}

static void
write_main_groups(FILE* const out, const PinnaVariant* const variant) {
  fprintf(out,
          "<%s#main_in>\n\ta %s , pg:InputGroup ;\n\tlv2:symbol \"main_in\" ;\n\tlv2:name "
          "\"Input\" .\n\n<%s#main_out>\n\ta %s , pg:OutputGroup ;\n\tlv2:symbol \"main_out\" "
          ";\n\tlv2:name \"Output\" ;\n\tpg:source <%s#main_in> .\n\n",
          variant->uri, variant->group_type, variant->uri, variant->group_type, variant->uri);
  bool side = false;
  for (uint32_t a = 0U; a < variant->n_in; ++a) {
    side = side || (variant->audio[a].flags & PINNA_SIDE_CHAIN);
  }
  if (side) {
    fprintf(out,
            "<%s#side_chain>\n\ta pg:MonoGroup , pg:InputGroup ;\n\tlv2:symbol \"side_chain\" "
            ";\n\tlv2:name \"Side chain\" ;\n\tpg:sideChainOf <%s#main_in> .\n\n",
            variant->uri, variant->uri);
  }
}

static bool
has_events(const PinnaInfo* const info) {
  bool has = false;
  for (uint32_t c = 0U; c < info->n_controls; ++c) {
    const PinnaPortKind kind = info->controls[c].kind;
    has = has || kind == PINNA_EVENT_IN || kind == PINNA_EVENT_OUT;
  }
  return has;
}

static void
write_variant(FILE* const out, const PinnaInfo* const info, const PinnaVariant* const variant) {
  const uint32_t n_audio = variant->n_in + variant->n_out;

  write_main_groups(out, variant);
  fprintf(out,
          "<%s>\n\ta lv2:Plugin , doap:Project , %s ;\n\tdoap:name \"%s\" ;\n\trdfs:comment \"%s\"",
          variant->uri, info->type, variant->name, info->comment);
  fputs(" ;\n\tdoap:license <http://spdx.org/licenses/GPL-3.0-or-later> ;\n\tdoap:maintainer [ a "
        "foaf:Group ; foaf:name \"The Pinna authors\" ]",
        out);
  fprintf(out, " ;\n\tlv2:minorVersion %u ;\n\tlv2:microVersion %u", info->minor, info->micro);
  fputs(" ;\n\tlv2:optionalFeature lv2:hardRTCapable", out);
  fputs(has_events(info) || info->state ? " , urid:map" : "", out);
  fputs(info->inline_display ? " , idpy:queue_draw" : "", out);
  fputs(info->file ? " , work:schedule , log:log , state:mapPath" : "", out);
  fputs(info->state || info->file
            ? " , state:threadSafeRestore ;\n\tlv2:extensionData state:interface"
            : "",
        out);
  if (info->file) {
    fprintf(out, " ;\n\tlv2:extensionData work:interface ;\n\tpatch:writable <urn:pinna:%s#%s>",
            info->name, info->file);
  }
  if (info->text) {
    fprintf(out, " , <urn:pinna:%s#%s>", info->name, info->text);
  }
  if (info->out) {
    fprintf(out, " , <urn:pinna:%s#%s>", info->name, info->out);
  }
  fputs(info->inline_display ? " ;\n\tlv2:extensionData idpy:interface" : "", out);
  fprintf(out, " ;\n\tpg:mainInput <%s#main_in> ;\n\tpg:mainOutput <%s#main_out>", variant->uri,
          variant->uri);
  for (uint32_t p = 0U; p < n_audio; ++p) {
    write_port(out, info, variant, &variant->audio[p], p);
  }
  for (uint32_t c = 0U; c < info->n_controls; ++c) {
    write_port(out, info, variant, &info->controls[c], n_audio + c);
  }
  fputs(" .\n\n", out);
}

static void
write_parameter(FILE* const out, const PinnaInfo* const info, const char* const name,
                const char* const comment, const char* const range) {
  fprintf(out,
          "<urn:pinna:%s#%s>\n\ta lv2:Parameter ;\n\trdfs:label \"%s\" ;\n\trdfs:comment "
          "\"%s\" ;\n\trdfs:range atom:%s .\n\n",
          info->name, name, name, comment, range);
}

void
ttl_plugin(FILE* const out, const PinnaInfo* const info) {
  fputs(heading, out);
  if (info->inline_display) {
    fputs("idpy:interface\n\ta lv2:ExtensionData .\n\nidpy:queue_draw\n\ta lv2:Feature .\n\n", out);
  }
  for (uint32_t g = 0U; g < info->n_groups; ++g) {
    const PinnaGroup* const group = &info->groups[g];
    fprintf(out, "<urn:pinna:%s#%s>\n\ta %s ;\n\tlv2:symbol \"%s\" ;\n\tlv2:name \"%s\" .\n\n",
            info->name, group->symbol, group->type, group->symbol, group->name);
  }
  if (info->file) {
    write_parameter(out, info, info->file, info->file_comment, "Path");
  }
  if (info->text) {
    write_parameter(out, info, info->text, info->text_comment, "String");
  }
  if (info->out) {
    write_parameter(out, info, info->out, info->out_comment, "Path");
  }
  for (uint32_t v = 0U; v < info->n_variants; ++v) {
    write_variant(out, info, &info->variants[v]);
  }
}

/// "dir/voice.ttl" to "<urn:pinna:eq:preset:voice>"
static void
write_preset_uri(FILE* const out, const PinnaInfo* const info, const char* const file) {
  const char* const slash = strrchr(file, '/');
  const char* const base = slash ? slash + 1 : file;
  fprintf(out, "<urn:pinna:%s:preset:%.*s>", info->name, (int)strcspn(base, "."), base);
}

static void
write_applies_to(FILE* const out, const PinnaInfo* const info) {
  for (uint32_t v = 0U; v < info->n_variants; ++v) {
    fprintf(out, "%s<%s>", v ? " , " : "\n\ta pset:Preset ;\n\tlv2:appliesTo ",
            info->variants[v].uri);
  }
}

void
ttl_preset_manifest(FILE* const out, const PinnaInfo* const info, char* const* const files,
                    const int n_files) {
  fputs(heading, out);
  for (int f = 0; f < n_files; ++f) {
    const char* const slash = strrchr(files[f], '/');
    write_preset_uri(out, info, files[f]);
    write_applies_to(out, info);
    fprintf(out, " ;\n\trdfs:seeAlso <%s> .\n\n", slash ? slash + 1 : files[f]);
  }
}

void
ttl_preset(FILE* const out, const PinnaInfo* const info, const char* const file,
           const char* const source) {
  fprintf(out, "%s\n# The ports it leaves at their defaults\n", source);
  write_preset_uri(out, info, file);
  write_applies_to(out, info);
  for (uint32_t c = 0U; c < info->n_controls; ++c) {
    const PinnaPort* const port = &info->controls[c];
    char                   symbol[64];
    snprintf(symbol, sizeof(symbol), "\"%s\"", port->symbol);
    if (port->kind == PINNA_CONTROL_IN && !port->role && !strstr(source, symbol)) {
      fprintf(out, " ;\n\tlv2:port [ lv2:symbol %s", symbol);
      write_number(out, " ; pset:value ", (double)port->def);
      fputs(" ]", out);
    }
  }
  fputs(" .\n", out);
}
