// Frozen residual blocks on the CPU, x + sLSTM(norm(x)) and then x + FFN(norm(x)), with their weights in panels. Plain pointers, no libtorch.
#pragma once
#include "slstm.h"

#include <cstdint>

namespace forecast {

// W = H D. Maps, gate, up and down are panels (PanelKernels::pack), maps one after another by head; the kernel is SlstmKernels::pack's.
struct SlstmBlock {
    const float *norm, *maps, *kernel, *bias, *scale, *second_norm, *gate, *up, *down;
};

struct SlstmBlocks {
    int64_t heads, units, batch, steps, inner, blocks, threads;
    float cap, eps, group_eps;
    const SlstmBlock* weights;
    const float* input;                                       // [B, T, W]
    const float* start;                                       // [blocks, 4, B or 1, W] with strides; null = zeros
    int64_t start_block, start_part, start_batch;
    float* output;                                            // [B, T, W]
    float* states;                                            // [blocks, 4, B, W]
    float *hidden, *normed, *gates;                           // room for [B, T, W], the same, and [H, B T, 4 D]
    float* between;                                           // room for [the lesser of B T and rows_at_once, inner]

    // Rows that go through the feed-forward part together: what lies between its products stays in the caches.
    static constexpr int64_t rows_at_once = 1536;
};

void slstm_blocks(const SlstmKernels& kernels, const SlstmBlocks& work);

}  // namespace forecast
