// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/architecture_impl.h"
#include "models/asr_small.h"
#include "models/dtln.h"
#include "models/gtcrn.h"
#include "models/mask.h"
#include "models/silero.h"
#include "models/vocoder_small.h"

// The networks and their tensors, in the order in which telltales are tried

static void
describe_dtln(PinnaPlan* const* const plans, const PinnaWeights* const weights) {
  pinna_dtln_describe(plans[0], plans[1], weights);
}

static void
describe_gtcrn(PinnaPlan* const* const plans, const PinnaWeights* const weights) {
  pinna_gtcrn_describe(plans[0], weights);
}

static void
describe_mask(PinnaPlan* const* const plans, const PinnaWeights* const weights) {
  pinna_mask_describe(plans[0], weights);
}

static void
describe_silero(PinnaPlan* const* const plans, const PinnaWeights* const weights) {
  pinna_silero_describe(plans[0], weights);
}

static void
describe_asr_small(PinnaPlan* const* const plans, const PinnaWeights* const weights) {
  pinna_asr_small_describe(plans[0], weights);
}

static void
describe_vocoder_small(PinnaPlan* const* const plans, const PinnaWeights* const weights) {
  pinna_vocoder_small_describe(plans[0], weights);
}

static const char wav2vec2[] =
    "feature_extractor.conv_layers.#.conv.weight C,?,?\n"
    "encoder.feature_projection.layer_norm C C\n"
    "encoder.feature_projection.projection D,C D\n"
    "encoder.transformer.pos_conv_embed.conv D,?,? D\n"
    "encoder.transformer.layer_norm D D\n"
    "encoder.transformer.layers.#.layer_norm D D\n"
    "encoder.transformer.layers.#.feed_forward.intermediate_dense F,D F\n"
    "encoder.transformer.layers.#.feed_forward.output_dense D,F D\n"
    "encoder.transformer.layers.#.final_layer_norm D D\n"
    "encoder.transformer.layers.#.attention.q_proj D,D D\n"
    "encoder.transformer.layers.#.attention.k_proj D,D D\n"
    "encoder.transformer.layers.#.attention.v_proj D,D D\n"
    "encoder.transformer.layers.#.attention.out_proj D,D D\n";

static const char wavlm[] = "feature_extractor.conv_layers.#.conv.weight C,?,?\n"
                            "encoder.feature_projection.layer_norm C C\n"
                            "encoder.feature_projection.projection D,C D\n"
                            "encoder.transformer.pos_conv_embed.conv D,?,? D\n"
                            "encoder.transformer.layer_norm D D\n"
                            "encoder.transformer.layers.#.layer_norm D D\n"
                            "encoder.transformer.layers.#.feed_forward.intermediate_dense F,D F\n"
                            "encoder.transformer.layers.#.feed_forward.output_dense D,F D\n"
                            "encoder.transformer.layers.#.final_layer_norm D D\n"
                            "encoder.transformer.layers.#.attention.attention.in_proj_weight ?,D\n"
                            "encoder.transformer.layers.#.attention.attention.in_proj_bias ?\n"
                            "encoder.transformer.layers.#.attention.attention.out_proj D,D D\n"
                            "encoder.transformer.layers.#.attention.gru_rel_pos_const 1,H,1,1\n"
                            "encoder.transformer.layers.#.attention.gru_rel_pos_linear 8,? 8\n"
                            "encoder.transformer.layers.0.attention.rel_attn_embed.weight ?,H\n";

static const char conv_tasnet[] = "encoder.weight N,1,L\n"
                                  "mask_generator.input_norm N N\n"
                                  "mask_generator.input_conv B,N,1 B\n"
                                  "mask_generator.conv_layers.#.conv_layers.0 H,B,1 H\n"
                                  "mask_generator.conv_layers.#.conv_layers.1.weight 1\n"
                                  "mask_generator.conv_layers.#.conv_layers.2 H H\n"
                                  "mask_generator.conv_layers.#.conv_layers.3 H,1,P H\n"
                                  "mask_generator.conv_layers.#.conv_layers.4.weight 1\n"
                                  "mask_generator.conv_layers.#.conv_layers.5 H H\n"
                                  "mask_generator.conv_layers.#.skip_out S,H,1 S\n"
                                  "mask_generator.output_prelu.weight 1\n"
                                  "mask_generator.output_conv ?,S,1 ?\n"
                                  "decoder.weight N,1,L\n";

static const char emformer_rnnt[] =
    "transcriber.input_linear.weight ?,?\n"
    "transcriber.transformer.emformer_layers.#.attention.emb_to_key_value K,D K\n"
    "transcriber.transformer.emformer_layers.#.attention.emb_to_query D,D D\n"
    "transcriber.transformer.emformer_layers.#.attention.out_proj D,D D\n"
    "transcriber.transformer.emformer_layers.#.pos_ff.0 D D\n"
    "transcriber.transformer.emformer_layers.#.pos_ff.1 F,D F\n"
    "transcriber.transformer.emformer_layers.#.pos_ff.4 D,F D\n"
    "transcriber.transformer.emformer_layers.#.layer_norm_input D D\n"
    "transcriber.transformer.emformer_layers.#.layer_norm_output D D\n"
    "transcriber.output_linear J,D J\n"
    "transcriber.layer_norm J J\n"
    "predictor.embedding.weight V,E\n"
    "predictor.input_layer_norm E E\n"
    "predictor.lstm_layers.#.x2g.weight G,?\n"
    "predictor.lstm_layers.#.p2g.weight G,U\n"
    "predictor.lstm_layers.#.c_norm U U\n"
    "predictor.lstm_layers.#.g_norm G G\n"
    "predictor.linear J,U J\n"
    "predictor.output_layer_norm J J\n"
    "joiner.linear V,J V\n";

static const char tacotron2[] =
    "embedding.weight ?,E\n"
    "encoder.convolutions.#.0.weight E,E,?\n"
    "encoder.convolutions.#.1.running_var E\n"
    "encoder.lstm.weight_ih_l0 G,E\n"
    "encoder.lstm.weight_ih_l0_reverse G,E\n"
    "decoder.prenet.layers.#.weight P,?\n"
    "decoder.attention_rnn.weight_ih A,?\n"
    "decoder.attention_rnn.weight_hh A,R\n"
    "decoder.attention_layer.query_layer.weight T,R\n"
    "decoder.attention_layer.memory_layer.weight T,E\n"
    "decoder.attention_layer.v.weight 1,T\n"
    "decoder.attention_layer.location_layer.location_conv.weight F,2,?\n"
    "decoder.attention_layer.location_layer.location_dense.weight T,F\n"
    "decoder.decoder_rnn.weight_ih ?,?\n"
    "decoder.decoder_rnn.weight_hh ?,?\n"
    "decoder.linear_projection M,? M\n"
    "decoder.gate_layer 1,? 1\n"
    "postnet.convolutions.0.0 ?,M,? ?\n"
    "postnet.convolutions.#.1.running_var ?\n";

static const char wavernn[] = "upsample.resnet.melresnet_model.0.weight C,?,?\n"
                              "upsample.upsample_layers.1.weight 1,1,1,?\n"
                              "fc H,? H\n"
                              "rnn1.weight_ih_l0 G,H\n"
                              "rnn1.weight_hh_l0 G,H\n"
                              "rnn2.weight_ih_l0 G,A\n"
                              "rnn2.weight_hh_l0 G,H\n"
                              "fc1 F,A F\n"
                              "fc2 F,? F\n"
                              "fc3 N,F N\n";

static const char hifigan[] = "conv_pre C,?,7 C\n"
                              "ups.# ?,?,? ?\n"
                              "conv_post 1,?,7 1\n";

static const char hdemucs[] = "freq_encoder.#.conv.bias ?\n"
                              "freq_decoder.#.conv_tr.bias ?\n"
                              "time_encoder.0.conv ?,?,? ?\n"
                              "time_decoder.0.conv_tr ?,?,? ?\n"
                              "freq_emb.embedding.weight ?,?\n";

static const char squim_objective[] = "encoder.conv1d.weight D,1,?\n"
                                      "dprnn.row_rnn.#.rnn.weight_ih_l0 G,D\n"
                                      "dprnn.col_rnn.#.rnn.weight_ih_l0 G,D\n"
                                      "dprnn.row_norm.# D D\n"
                                      "dprnn.col_norm.# D D\n"
                                      "branches.#.0.self_attn.in_proj_weight ?,D\n";

static const char squim_subjective[] =
    "ssl_model.feature_extractor.conv_layers.#.conv.weight C,?,?\n"
    "ssl_model.encoder.transformer.layers.#.final_layer_norm D D\n";

const Architecture pinna_architectures[] = {
    {{"mask", "our own mask for noisy speech"}, "gru1.weight_ih_l0", NULL, describe_mask, 1U},
    {{"gtcrn", "speech enhancement by a complex mask"},
     "dpgrnn1.intra_fc.weight",
     NULL,
     describe_gtcrn,
     1U},
    {{"dtln", "speech enhancement by two masks"},
     "conv1d_1/conv1d_1/kernel",
     NULL,
     describe_dtln,
     2U},
    {{"silero", "voice activity"}, "stft_conv.weight", NULL, describe_silero, 1U},
    {{"asr_small", "our own recogniser of digits and prompts"},
     "blocks.0.look.weight",
     NULL,
     describe_asr_small,
     1U},
    {{"vocoder_small", "our own sound of mel frames"},
     "blocks.0.depth.weight",
     NULL,
     describe_vocoder_small,
     1U},
    {{"squim_subjective", "opinion score without a reference"},
     "ssl_model.encoder.feature_projection.projection.weight",
     squim_subjective,
     NULL,
     0U},
    {{"squim_objective", "STOI, PESQ and SI-SDR without a reference"},
     "dprnn.row_rnn.0.rnn.weight_ih_l0",
     squim_objective,
     NULL,
     0U},
    {{"wavlm", "speech representation"},
     "encoder.transformer.layers.0.attention.attention.in_proj_weight",
     wavlm,
     NULL,
     0U},
    {{"wav2vec2", "speech representation or recognition: wav2vec 2.0, HuBERT"},
     "encoder.transformer.layers.0.attention.q_proj.weight",
     wav2vec2,
     NULL,
     0U},
    {{"emformer_rnnt", "streaming recognition"},
     "transcriber.transformer.emformer_layers.0.attention.emb_to_query.weight",
     emformer_rnnt,
     NULL,
     0U},
    {{"conv_tasnet", "source separation"},
     "mask_generator.input_conv.weight",
     conv_tasnet,
     NULL,
     0U},
    {{"hdemucs", "music separation"}, "freq_encoder.0.conv.weight", hdemucs, NULL, 0U},
    {{"tacotron2", "mel frames of text"}, "decoder.attention_rnn.weight_ih", tacotron2, NULL, 0U},
    {{"wavernn", "sound of mel frames"},
     "upsample.resnet.melresnet_model.0.weight",
     wavernn,
     NULL,
     0U},
    {{"hifigan", "sound of mel frames"}, "conv_pre.weight", hifigan, NULL, 0U},
};
const size_t pinna_architecture_count =
    sizeof(pinna_architectures) / sizeof(pinna_architectures[0]);
