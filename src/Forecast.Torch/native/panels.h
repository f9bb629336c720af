// Products with matrices that stay: rows of numbers times a weight that was laid out once in panels of 4 vectors. Plain pointers, no libtorch.
//
// A library packs the weight anew in every call, which is a third of the work for the 64 rows of one series.
#pragma once
#include <cstdint>

namespace forecast {

struct PanelKernels {
    int columns;                                              // of a panel
    // weight [columns, depth] with strides -> [panel][depth][columns of a panel], 0 behind the last column.
    void (*pack)(const float* weight, int64_t stride_column, int64_t stride_depth, int64_t columns, int64_t depth, float* packed);
    // to [rows, columns] = a [rows, depth] times one panel, of which `columns` count. Each number is one sum in the order of depth,
    // whatever the rows beside it. `next`: the panel that this thread reads afterwards, most likely; its first numbers are fetched early.
    void (*product)(const float* a, int64_t pitch_a, int64_t rows, int64_t depth, const float* panel, const float* next, float* to, int64_t pitch, int64_t columns);
};

}  // namespace forecast
