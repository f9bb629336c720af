// The fused sLSTM recurrence on CUDA: what slstm.cpp calls. No libtorch here.
#pragma once
#include <cstdint>

namespace forecast {

// As SlstmForward (slstm.h), on the device.
struct SlstmCudaWork {
    int64_t heads, units, batch, steps;
    const void* gates;                                        // float32, or bfloat16 with a kernel in bfloat16
    bool gates_bfloat16;
    int64_t gates_batch, gates_step, gates_gate, gates_head;
    const void* kernel;                                       // [H, 4 D, D]: from the units of a head to each row of its gates
    bool kernel_bfloat16;                                     // else float32: three products of halves a sum, exact functions
    const float* bias;                                        // [H, 4, D]
    const float* start;                                       // [4, B, H D] with strides, or null
    int64_t start_part, start_batch;
    const bool* first;                                        // on the device: every n of `start` is 0; null without one
    float cap;
    float* hidden;                                            // [B, T, H D]
    float* state;                                             // [4, B, H D]
    float* saved;                                             // [5, B, T, H D] for the way back, as on the CPU; null = not wanted
};

// As SlstmBackward.
struct SlstmCudaBack {
    int64_t heads, units, batch, steps;
    const void* kernel;                                       // [H, D, 4 D], of the type that the way there had
    bool kernel_bfloat16;
    const float* saved;
    const float* start;                                       // [4, B, H D], contiguous, or null
    const float* gradient;                                    // [B, T, H D], of the hidden states
    float* gates;                                             // [H, B, T, 4, D]
};

bool slstm_cuda_has(int64_t units);
// Null, or what went wrong.
const char* slstm_cuda_forward(const SlstmCudaWork& work, void* stream);
const char* slstm_cuda_backward(const SlstmCudaBack& work, void* stream);

}  // namespace forecast
