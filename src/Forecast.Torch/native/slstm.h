// The fused sLSTM recurrence on the CPU: what the sources compiled for different instruction sets share. Plain pointers, no libtorch.
//
// A head meets no other head and a series no other series, so one task owns (head, rows) for all steps: the kernel of a head stays in
// the core's cache, and nothing waits for anybody.
#pragma once
#include "mlstm.h"
#include "panels.h"
#include "rows.h"

#include <cstdint>

namespace forecast {

// H heads of D units, B series, T steps. Units lie side by side; everything else has strides, in floats.
struct SlstmForward {
    int64_t heads, units, batch, steps;
    const float* gates;                                       // what the inputs give each gate
    int64_t gates_batch, gates_step, gates_gate, gates_head;
    const float* packed;                                      // see SlstmKernels::pack
    const float* bias;                                        // [H, 4, D]
    const float* start;                                       // [4, B, H D]: h, c, n, m, with strides; null = zeros
    int64_t start_part, start_batch;
    bool first;                                               // every n is 0
    float cap;                                                // greatest forget pre-activation
    float* hidden;                                            // [B, T, H D]
    float* state;                                             // [4, B, H D] after the last step
    float* saved;                                             // [5, B, T, H D]: w, z, o, s, p for the way back; null = not wanted
};

// w = i/n, z = tanh, o = sigmoid(raw_o), s = sigmoid(-raw_f) (0 beyond the cap), p = c/n. With l = m + log n the recurrence is
// p = p- + w (z - p-), h = o p, whose gradient needs no c, n, m.
struct SlstmBackward {
    int64_t heads, units, batch, steps;
    const float* packed;                                      // see SlstmKernels::pack_back
    const float* saved;
    const float* start;
    const float* gradient;                                    // [B, T, H D], of the hidden states
    float* gates;                                             // [H, B, T, 4, D]
};

struct SlstmKernels {
    int lanes;                                                // floats of a vector
    int rows;                                                 // series of a register tile
    int64_t (*packed_size)(int64_t units);                    // floats a head
    void (*pack)(const float* kernel, int64_t stride_in, int64_t stride_out, int64_t units, float* packed);
    int64_t (*packed_back_size)(int64_t units);
    void (*pack_back)(const float* kernel, int64_t stride_in, int64_t stride_out, int64_t units, float* packed);
    void (*forward)(const SlstmForward& work, int64_t head, int64_t row, int64_t rows);
    void (*backward)(const SlstmBackward& work, int64_t head, int64_t row, int64_t rows);
    RowKernels rows_of;                                       // what stands between recurrences
    PanelKernels panels_of;                                   // the products around them
    MlstmKernels mlstm_of;                                    // the other recurrence
};

extern const SlstmKernels slstm_generic, slstm_avx2, slstm_avx512;

}  // namespace forecast
