// The chunkwise mLSTM recurrence on the CPU: what the sources compiled for different instruction sets share. Plain pointers, no libtorch.
#pragma once
#include <cstdint>

namespace forecast {

// Where [B, H, T, D] lies: strides in floats, the last one 1.
template <typename Number>
struct Sequence {
    Number* data;
    int64_t batch, head, step;
    Number* at(int64_t b, int64_t h, int64_t t) const { return data + b * batch + h * head + t * step; }
};

// See MlstmCell.cs for the formulas. One task owns (series, head) for all steps. Keys are unscaled, queries scaled here.
struct MlstmForward {
    int64_t heads, steps, keys, values, chunk;
    double eps;
    Sequence<const float> q, k, v, i, f;
    Sequence<float> hidden;
    const float *c, *n, *m;                                   // [B, H, K, V], [B, H, K], [B, H] to start from; null = zeros
    float *last_c, *last_n, *last_m;                          // after the last step
    float* saved;                                             // [B, H, chunks, K (V + 1) + 1]: C, n, m before each chunk; null = not wanted
};

// Chunks in reverse. What the way there had in its matrices is worked out again from the saved states.
struct MlstmBackward {
    MlstmForward forward;
    Sequence<const float> gradient;                           // of the hidden states
    Sequence<float> q, k, v, i, f;
};

struct MlstmKernels {
    void (*forward)(const MlstmForward& work, int64_t series, int64_t head);
    void (*backward)(const MlstmBackward& work, int64_t series, int64_t head);
};

}  // namespace forecast
