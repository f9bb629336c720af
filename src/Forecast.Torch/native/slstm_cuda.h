// The fused sLSTM recurrence on CUDA: what slstm.cpp calls. No libtorch here.
#pragma once
#include <cstdint>

namespace forecast {

// As SlstmForward (slstm.h), on the device and without saved values for a gradient.
struct SlstmCudaWork {
    int64_t heads, units, batch, steps;
    const float* gates;
    int64_t gates_batch, gates_step, gates_gate, gates_head;
    const void* kernel;                                       // bfloat16 [H, 4 D, D]: from the units of a head to each row of its gates
    const float* bias;                                        // [H, 4, D]
    const float* start;                                       // [4, B, H D], or null
    const bool* first;                                        // on the device: every n of `start` is 0; null without one
    float cap;
    float* hidden;                                            // [B, T, H D]
    float* state;                                             // [4, B, H D]
};

bool slstm_cuda_has(int64_t units);
// Null, or what went wrong.
const char* slstm_cuda_forward(const SlstmCudaWork& work, void* stream);

}  // namespace forecast
