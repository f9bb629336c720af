// The chunkwise mLSTM on CUDA: what mlstm.cpp calls. No libtorch here.
#pragma once
#include "mlstm.h"

#include <cstdint>

namespace forecast {

// Steps of a chunk, at most `wanted`, whose matrices both ways have room in the shared memory of a block of this device; 0: none have.
int64_t mlstm_cuda_chunk(int64_t keys, int64_t values, int64_t wanted);

// Null, or what went wrong. `batch` series; everything else is in `work`, on the device. The way back reads the hidden states of the way
// there as well.
const char* mlstm_cuda_forward(const MlstmForward& work, int64_t batch, void* stream);
const char* mlstm_cuda_backward(const MlstmBackward& work, int64_t batch, void* stream);

}  // namespace forecast
