// How the recurrences and what stands around them are shared out over threads. Plain OpenMP, no libtorch.
#pragma once
#include <algorithm>
#include <cstdint>

namespace forecast {

// Runs work(task) for all of them, each on the next thread that is free.
template <typename Work>
void each_task(int64_t threads, int64_t tasks, Work&& work) {
    const int used = static_cast<int>(std::max<int64_t>(1, std::min(threads, tasks)));
    (void)used;
#pragma omp parallel for num_threads(used) schedule(dynamic)
    for (int64_t task = 0; task < tasks; task++) work(task);
}

// Runs work(head, first row, rows) for every head and tile of rows. Heads are outermost: a core keeps its head's kernel.
template <typename Work>
void each_tile(int64_t threads, int64_t heads, int64_t batch, int64_t tile_rows, Work&& work) {
    constexpr int64_t most = 48;
    const int64_t wanted = std::max<int64_t>(1, batch * heads / std::max<int64_t>(1, 2 * threads));
    const int64_t rows = std::min(most, (wanted + tile_rows - 1) / tile_rows * tile_rows);
    const int64_t tiles = (batch + rows - 1) / rows, tasks = heads * tiles;
    const int used = static_cast<int>(std::max<int64_t>(1, std::min(threads, tasks)));
    (void)used;
#pragma omp parallel for num_threads(used) schedule(static)
    for (int64_t task = 0; task < tasks; task++) {
        const int64_t row = task % tiles * rows;
        work(task / tiles, row, std::min(rows, batch - row));
    }
}

}  // namespace forecast
